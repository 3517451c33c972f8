package cloud.sealer.core.trust;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;

/**
 * A pair of keys in files.
 *
 * @param privateKey PKCS#8 in PEM
 * @param publicKey its other half in PEM
 */
public record TestKeys(Path privateKey, Path publicKey) {
  /** The usual kind. */
  public static TestKeys ec(Path directory, String name) throws IOException {
    return of(directory, name, "EC");
  }

  /** Makes keys of an algorithm of the JDK. */
  public static TestKeys of(Path directory, String name, String algorithm) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("EC")) {
        generator.initialize(256);
      }
      KeyPair pair = generator.generateKeyPair();
      return new TestKeys(
          pem(directory.resolve(name + ".key"), "PRIVATE KEY", pair.getPrivate().getEncoded()),
          pem(directory.resolve(name + ".pub"), "PUBLIC KEY", pair.getPublic().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes a block of PEM. */
  public static Path pem(Path file, String label, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return Files.writeString(
        file, "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n");
  }
}
