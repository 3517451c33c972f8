package cloud.sealer.core.registry;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Reads certificates and private keys from files of the textual form of <a
 * href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468</a>.
 */
public final class PemFile {
  private static final int MAX = 4 * 1024 * 1024;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");

  private PemFile() {}

  /**
   * What stands between a pair of lines.
   *
   * @param label what the lines call it, such as {@code PUBLIC KEY}
   * @param text the lines between them
   */
  public record Block(String label, String text) {
    /**
     * The bytes that the text encodes.
     *
     * @throws IllegalArgumentException if it is not base64
     */
    public byte[] bytes() {
      return Base64.getMimeDecoder().decode(text);
    }
  }

  /** The certificates of a file, in its order; at least one. */
  static List<? extends Certificate> certificates(Path file) {
    List<Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Block block : blocks("certificates", file)) {
        if (block.label().endsWith("CERTIFICATE")) {
          certificates.add(factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
        }
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw unusable("certificates", file, "a certificate in it is damaged", e);
    }
    if (certificates.isEmpty()) {
      throw unusable("certificates", file, "there is no BEGIN CERTIFICATE in it", null);
    }
    return certificates;
  }

  /**
   * The first private key of a file.
   *
   * @param owner the public key it must belong to
   * @param password what it is encrypted with; asked only if it is
   */
  static PrivateKey privateKey(Path file, PublicKey owner, Supplier<char[]> password) {
    Block block =
        blocks("private key", file).stream()
            .filter(known -> known.label().endsWith("PRIVATE KEY"))
            .findFirst()
            .orElseThrow(
                () -> unusable("private key", file, "there is no BEGIN PRIVATE KEY in it", null));
    try {
      PKCS8EncodedKeySpec key = pkcs8(block, file, password);
      PrivateKey privateKey = KeyFactory.getInstance(owner.getAlgorithm()).generatePrivate(key);
      if (!belong(privateKey, owner)) {
        throw unusable("private key", file, "it does not belong to the certificate", null);
      }
      return privateKey;
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      // Without the cause: nothing of a key or password may end up in a trace.
      throw unusable(
          "private key",
          file,
          block.label().startsWith("ENCRYPTED")
              ? "the password is wrong, or it is encrypted in an unknown way"
              : "it is damaged, or does not belong to the certificate",
          null);
    }
  }

  /**
   * The PKCS#8 form of a private key, however it is written.
   *
   * @throws SealerException if it is of no known form
   * @throws GeneralSecurityException if it cannot be decrypted
   * @throws IOException if it is damaged
   */
  public static PKCS8EncodedKeySpec pkcs8(Block block, Path file, Supplier<char[]> password)
      throws IOException, GeneralSecurityException {
    if (block.text().contains("Proc-Type:")) {
      throw unusable(
          "private key", file, "it is encrypted in OpenSSL's old way; use openssl pkcs8", null);
    }
    byte[] bytes = block.bytes();
    return switch (block.label()) {
      case "PRIVATE KEY" -> new PKCS8EncodedKeySpec(bytes);
      case "RSA PRIVATE KEY" -> new PKCS8EncodedKeySpec(Pkcs8.ofRsa(bytes));
      case "EC PRIVATE KEY" -> new PKCS8EncodedKeySpec(Pkcs8.ofEc(bytes));
      case "ENCRYPTED PRIVATE KEY" -> decrypt(bytes, password);
      default -> throw unusable("private key", file, block.label() + " is of no known form", null);
    };
  }

  private static PKCS8EncodedKeySpec decrypt(byte[] bytes, Supplier<char[]> password)
      throws IOException, GeneralSecurityException {
    EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(bytes);
    // Java 17 has only "PBES2" as name of the algorithm; the parameters know which one of those.
    String name = info.getAlgName();
    String algorithm = name.startsWith("PBEWith") ? name : info.getAlgParameters().toString();
    char[] secret = password.get();
    PBEKeySpec spec = new PBEKeySpec(secret);
    try {
      Key key = SecretKeyFactory.getInstance(algorithm).generateSecret(spec);
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(Cipher.DECRYPT_MODE, key, info.getAlgParameters());
      return info.getKeySpec(cipher);
    } finally {
      spec.clearPassword();
      Arrays.fill(secret, ' ');
    }
  }

  private static boolean belong(PrivateKey key, PublicKey owner) throws GeneralSecurityException {
    String algorithm = SIGNATURES.get(owner.getAlgorithm());
    if (algorithm == null) {
      return true;
    }
    byte[] text = {1, 2, 3};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(owner);
    signature.update(text);
    return signature.verify(signed);
  }

  /** The blocks of a file, in its order; {@code what} says in errors what they are for. */
  public static List<Block> blocks(String what, Path file) {
    try {
      if (Files.size(file) > MAX) {
        throw unusable(what, file, "it is too large", null);
      }
      Matcher matcher = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
      List<Block> blocks = new ArrayList<>();
      while (matcher.find()) {
        blocks.add(new Block(matcher.group(1), matcher.group(2)));
      }
      return blocks;
    } catch (NoSuchFileException e) {
      throw unusable(what, file, "there is no such file", e);
    } catch (IOException e) {
      throw unusable(what, file, String.valueOf(e.getMessage()), e);
    }
  }

  /** The failure of a file that cannot be used. */
  public static SealerException unusable(
      String what, Path file, String reason, @Nullable Throwable cause) {
    return SealerException.builder(
            ErrorCode.INVALID_REQUEST, "cannot use the " + what + " of " + file + ": " + reason)
        .remedy("give a file in PEM form, such as openssl writes")
        .detail("file", file)
        .cause(cause)
        .build();
  }
}
