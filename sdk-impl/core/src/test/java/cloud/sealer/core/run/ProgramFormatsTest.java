package cloud.sealer.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which programs a machine executes, by the files that say so. */
class ProgramFormatsTest {
  /** The start of /bin/sh on Debian for 64-bit x86 and for s390x, both position independent. */
  private static final String AMD64 = "7f454c4602010100000000000000000003003e0001000000";

  private static final String S390X = "7f454c460202010000000000000000000003001600000001";

  /** As Debian's qemu-user-static registers it. */
  private static final String QEMU_ARM64 =
      """
      enabled
      interpreter /usr/bin/qemu-aarch64-static
      flags: OCF
      offset 0
      magic 7f454c460201010000000000000000000200b700
      mask ffffffffffffff00fffffffffffffffffeffffff
      """;

  @TempDir private Path directory;
  private Path shell;
  private Path registered;

  @BeforeEach
  void make() throws IOException {
    shell = directory.resolve("sh");
    registered = Files.createDirectory(directory.resolve("binfmt_misc"));
    Files.writeString(registered.resolve("status"), "enabled\n");
  }

  private boolean executes(String platform) {
    return new ProgramFormats(shell, registered).unavailable(Platform.parse(platform)).isEmpty();
  }

  private void machine(String header) throws IOException {
    Files.write(shell, HexFormat.of().parseHex(header));
  }

  @ParameterizedTest
  @CsvSource({
    "linux/amd64, true",
    "linux/386, true",
    "linux/arm64, false",
    "linux/s390x, false",
    "linux/riscv64, false"
  })
  void aMachineExecutesItsOwnPrograms(String platform, boolean executed) throws IOException {
    machine(AMD64);
    assertThat(executes(platform)).isEqualTo(executed);
  }

  @Test
  void aBigEndianMachineIsKnownToo() throws IOException {
    machine(S390X);
    assertThat(executes("linux/s390x")).isTrue();
    assertThat(executes("linux/amd64")).isFalse();
  }

  @Test
  void anEmulatorExecutesTheProgramsItIsRegisteredFor() throws IOException {
    machine(AMD64);
    Files.writeString(registered.resolve("qemu-aarch64"), QEMU_ARM64);
    assertThat(executes("linux/arm64")).isTrue();
    assertThat(executes("linux/s390x")).isFalse();
  }

  @Test
  void anEmulatorThatIsSwitchedOffDoesNot() throws IOException {
    machine(AMD64);
    Files.writeString(
        registered.resolve("qemu-aarch64"), QEMU_ARM64.replace("enabled", "disabled"));
    assertThat(executes("linux/arm64")).isFalse();
  }

  @Test
  void aMachineThatNobodyKnowsIsBelieved() {
    assertThat(executes("linux/arm64")).isTrue();
  }
}
