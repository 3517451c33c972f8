package cloud.sealer.core.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keys in cosign's own form. The pair of keys beside this test was encrypted by a program in Go.
 */
class KeyFilesTest {
  private static final byte[] TEXT = "text".getBytes(StandardCharsets.US_ASCII);
  private static final Optional<Secret> PASSPHRASE = Optional.of(Secret.of("correct horse"));

  @TempDir private Path work;

  private Path file(String name) throws IOException {
    try (var in = Objects.requireNonNull(getClass().getResourceAsStream(name), name)) {
      return Files.write(work.resolve(name), in.readAllBytes());
    }
  }

  @Test
  void anEncryptedKeyOfCosignSigns() throws IOException, GeneralSecurityException {
    byte[] signature = KeyFiles.signer(file("cosign.key"), PASSPHRASE).sign(TEXT);
    assertThat(KeyFiles.verifier(file("cosign.pub")).verify(TEXT, signature)).isTrue();
  }

  @Test
  void aWrongPassphraseIsSaidWithoutShowingIt() throws IOException {
    Path key = file("cosign.key");
    SealerException failure =
        catchThrowableOfType(
            SealerException.class,
            () -> KeyFiles.signer(key, Optional.of(Secret.of("wrong horse"))));
    assertThat(failure).hasMessageContaining("the passphrase is wrong").hasNoCause();
    assertThat(failure.getMessage()).doesNotContain("wrong horse");
    assertThat(
            catchThrowableOfType(
                SealerException.class, () -> KeyFiles.signer(key, Optional.empty())))
        .hasMessageContaining("no passphrase is given");
  }

  @Test
  void aKeyThatWantsTooMuchMemoryIsRefused() throws IOException {
    String json =
        """
        {"kdf":{"name":"scrypt","params":{"N":1073741824,"r":64,"p":1},"salt":"AAAA"},
         "cipher":{"name":"nacl/secretbox","nonce":"AAAA"},"ciphertext":"AAAA"}
        """;
    String text =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(json.getBytes(StandardCharsets.UTF_8));
    Path key =
        Files.writeString(
            work.resolve("big.key"),
            "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"
                + text
                + "\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n");
    assertThat(catchThrowableOfType(SealerException.class, () -> KeyFiles.signer(key, PASSPHRASE)))
        .hasMessageContaining("encrypted in an unknown way");
  }
}
