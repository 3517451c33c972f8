package cloud.sealer.core.signature;

import cloud.sealer.core.registry.PemFile;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * The form in which cosign keeps a private key: PKCS#8 in a NaCl secret box, whose key is made of a
 * passphrase by scrypt. Needs Bouncy Castle, which comes with {@code sealer-sdk}.
 */
final class CosignKey {
  private static final Set<String> LABELS =
      Set.of("ENCRYPTED COSIGN PRIVATE KEY", "ENCRYPTED SIGSTORE PRIVATE KEY");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Bounds what a file can make this machine spend: 1 GiB. */
  private static final long MAX_MEMORY = 1L << 30;

  private static final int TAG = 16;
  private static final int KEY = 32;
  private static final int NONCE = 24;

  private CosignKey() {}

  static boolean isOne(PemFile.Block block) {
    return LABELS.contains(block.label());
  }

  static PKCS8EncodedKeySpec decrypt(PemFile.Block block, Path file, char[] passphrase)
      throws IOException, GeneralSecurityException {
    JsonNode box = JSON.readTree(block.bytes());
    JsonNode kdf = box.path("kdf");
    JsonNode cipher = box.path("cipher");
    if (!kdf.path("name").asText().equals("scrypt")
        || !cipher.path("name").asText().equals("nacl/secretbox")) {
      throw new InvalidKeyException("neither scrypt nor nacl/secretbox");
    }
    try {
      byte[] key = key(kdf, passphrase);
      byte[] nonce = binary(cipher, "nonce");
      byte[] sealed = binary(box, "ciphertext");
      return new PKCS8EncodedKeySpec(open(sealed, nonce, key));
    } catch (NoClassDefFoundError e) {
      throw PemFile.unusable(
          "private key",
          file,
          "encrypted keys of cosign need Bouncy Castle: add org.bouncycastle:bcprov-jdk18on",
          e);
    }
  }

  private static byte[] binary(JsonNode node, String name) {
    return Base64.getDecoder().decode(node.path(name).asText());
  }

  private static byte[] key(JsonNode kdf, char[] passphrase) throws InvalidKeyException {
    JsonNode cost = kdf.path("params");
    int n = cost.path("N").asInt();
    int r = cost.path("r").asInt();
    int p = cost.path("p").asInt();
    if (n < 2 || Integer.bitCount(n) != 1 || r < 1 || p < 1 || 128L * n * r * p > MAX_MEMORY) {
      throw new InvalidKeyException("unreasonable parameters of scrypt");
    }
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(passphrase));
    byte[] secret = new byte[encoded.remaining()];
    encoded.get(secret);
    encoded.clear();
    while (encoded.hasRemaining()) {
      encoded.put((byte) 0);
    }
    try {
      return SCrypt.generate(secret, binary(kdf, "salt"), n, r, p, KEY);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** Opens a secret box: XSalsa20, whose first bytes are the key of the Poly1305 tag before it. */
  private static byte[] open(byte[] sealed, byte[] nonce, byte[] key) throws InvalidKeyException {
    if (sealed.length < TAG || nonce.length != NONCE) {
      throw new InvalidKeyException("too short");
    }
    XSalsa20Engine cipher = new XSalsa20Engine();
    cipher.init(false, new ParametersWithIV(new KeyParameter(key), nonce));
    byte[] macKey = new byte[KEY];
    cipher.processBytes(macKey, 0, KEY, macKey, 0);
    Poly1305 mac = new Poly1305();
    mac.init(new KeyParameter(macKey));
    mac.update(sealed, TAG, sealed.length - TAG);
    byte[] tag = new byte[TAG];
    mac.doFinal(tag, 0);
    if (!MessageDigest.isEqual(tag, Arrays.copyOf(sealed, TAG))) {
      throw new InvalidKeyException("wrong passphrase");
    }
    byte[] plain = new byte[sealed.length - TAG];
    cipher.processBytes(sealed, TAG, plain.length, plain, 0);
    return plain;
  }
}
