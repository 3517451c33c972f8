package cloud.sealer.aliyun;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The key that logs in to the machines of one owner. The private part is a file for the caller's
 * eyes, and never leaves it.
 */
final class LoginKey {
  private static final int BITS = 2048;
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final String FILE = "ssh-key";

  private final Path file;
  private final byte[] publicBlob;

  private LoginKey(Path file, RSAPrivateCrtKey key) throws IOException {
    this.file = file;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream blob = new DataOutputStream(bytes);
    part(blob, "ssh-rsa".getBytes(StandardCharsets.US_ASCII));
    part(blob, number(key.getPublicExponent()));
    part(blob, number(key.getModulus()));
    publicBlob = bytes.toByteArray();
  }

  private static byte[] number(BigInteger number) {
    return number.toByteArray();
  }

  /** RFC 4253, section 6.6. */
  private static void part(DataOutputStream blob, byte[] part) throws IOException {
    blob.writeInt(part.length);
    blob.write(part);
  }

  /** Where the key of a record lies, whether it is made or not. */
  static Path file(Path directory) {
    return directory.resolve(FILE);
  }

  /** The key in a directory, made if there is none. */
  static LoginKey require(Path directory) {
    Path file = file(directory);
    try {
      if (!Files.exists(file)) {
        make(file);
      }
      String text = Files.readString(file);
      byte[] encoded =
          Base64.getMimeDecoder().decode(text.replace(BEGIN, "").replace(END, "").strip());
      return new LoginKey(
          file,
          (RSAPrivateCrtKey)
              KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded)));
    } catch (IOException e) {
      throw failure(file, e);
    } catch (GeneralSecurityException | IllegalArgumentException | ClassCastException e) {
      throw failure(file, e);
    }
  }

  private static SealerException failure(Path file, Exception cause) {
    return SealerException.builder(
            ErrorCode.STORE_IO,
            "the key of the machines in " + file + " cannot be used: " + cause.getMessage())
        .remedy("make the directory writable; a damaged key cannot be mended: remove the machines")
        .cause(cause)
        .build();
  }

  private static void make(Path file) throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(BITS);
    String text =
        BEGIN
            + "\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(generator.generateKeyPair().getPrivate().getEncoded())
            + "\n"
            + END
            + "\n";
    Path temporary =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            FILE,
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(temporary, text);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  Path file() {
    return file;
  }

  /** The public part as a line of {@code authorized_keys}. */
  String publicLine() {
    return "ssh-rsa " + Base64.getEncoder().encodeToString(publicBlob) + " sealer";
  }

  /** A few letters that tell it from other keys. */
  String shortName() {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(publicBlob);
      return HexFormat.of().formatHex(hash, 0, 4);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
