package cloud.sealer.core.trust;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/** Writes private keys as {@code cosign generate-key-pair} does. */
final class CosignKeys {
  private CosignKeys() {}

  static Path encrypt(Path file, TestKeys keys, String passphrase) throws IOException {
    String pem = Files.readString(keys.privateKey()).replaceAll("-----[A-Z ]+-----", "");
    byte[] plain = Base64.getMimeDecoder().decode(pem);
    Random random = new Random(7);
    byte[] salt = new byte[32];
    byte[] nonce = new byte[24];
    random.nextBytes(salt);
    random.nextBytes(nonce);
    byte[] key =
        SCrypt.generate(passphrase.getBytes(StandardCharsets.UTF_8), salt, 32768, 8, 1, 32);
    XSalsa20Engine cipher = new XSalsa20Engine();
    cipher.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
    byte[] padded = new byte[32 + plain.length];
    System.arraycopy(plain, 0, padded, 32, plain.length);
    cipher.processBytes(padded, 0, padded.length, padded, 0);
    Poly1305 mac = new Poly1305();
    mac.init(new KeyParameter(Arrays.copyOf(padded, 32)));
    mac.update(padded, 32, plain.length);
    byte[] sealed = new byte[16 + plain.length];
    mac.doFinal(sealed, 0);
    System.arraycopy(padded, 32, sealed, 16, plain.length);

    ObjectNode box = new ObjectMapper().createObjectNode();
    ObjectNode kdf = box.putObject("kdf");
    kdf.put("name", "scrypt");
    kdf.putObject("params").put("N", 32768).put("r", 8).put("p", 1);
    kdf.put("salt", Base64.getEncoder().encodeToString(salt));
    ObjectNode form = box.putObject("cipher");
    form.put("name", "nacl/secretbox");
    form.put("nonce", Base64.getEncoder().encodeToString(nonce));
    box.put("ciphertext", Base64.getEncoder().encodeToString(sealed));
    return TestKeys.pem(
        file, "ENCRYPTED COSIGN PRIVATE KEY", box.toString().getBytes(StandardCharsets.UTF_8));
  }
}
