package cloud.sealer.core.run;

import cloud.sealer.sdk.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which platforms' programs this machine executes: those that its shell is built for, and those for
 * which its kernel knows an emulator (<a
 * href="https://docs.kernel.org/admin-guide/binfmt-misc.html">binfmt_misc</a>). Thread-safe.
 */
final class ProgramFormats {
  /** The first bytes of programs: class, byte order, and machine of ELF. */
  private static final Map<String, Elf> ELF =
      Map.ofEntries(
          Map.entry("amd64", new Elf(2, 1, 62)),
          Map.entry("386", new Elf(1, 1, 3)),
          Map.entry("arm64", new Elf(2, 1, 183)),
          Map.entry("arm", new Elf(1, 1, 40)),
          Map.entry("ppc64le", new Elf(2, 1, 21)),
          Map.entry("s390x", new Elf(2, 2, 22)),
          Map.entry("riscv64", new Elf(2, 1, 243)),
          Map.entry("loong64", new Elf(2, 1, 258)),
          Map.entry("mips64le", new Elf(2, 1, 8)));

  /** What processors execute beside their own. */
  private static final Map<String, String> ALSO = Map.of("amd64", "386", "arm64", "arm");

  private static final int HEADER = 20;

  private final Path shell;
  private final Path registered;

  /**
   * Reads nothing yet.
   *
   * @param shell the program that executes commands
   * @param registered where the kernel shows its emulators
   */
  ProgramFormats(Path shell, Path registered) {
    this.shell = shell;
    this.registered = registered;
  }

  static ProgramFormats ofThisMachine() {
    return new ProgramFormats(Path.of("/bin/sh"), Path.of("/proc/sys/fs/binfmt_misc"));
  }

  private record Elf(int width, int order, int machine) {
    byte[] header() {
      byte[] bytes = new byte[HEADER];
      byte[] start = {0x7f, 'E', 'L', 'F', (byte) width, (byte) order, 1};
      System.arraycopy(start, 0, bytes, 0, start.length);
      boolean little = order == 1;
      bytes[little ? 16 : 17] = 2; // an executable
      bytes[little ? 18 : 19] = (byte) machine;
      bytes[little ? 19 : 18] = (byte) (machine >> Byte.SIZE);
      return bytes;
    }
  }

  /** Why programs of a platform cannot be executed; empty if they can, or nobody knows. */
  Optional<String> unavailable(Platform platform) {
    Elf wanted = ELF.get(platform.architecture());
    String own = own();
    if (own.isEmpty() || wanted == null) {
      return Optional.empty();
    }
    String architecture = platform.architecture();
    if (own.equals(architecture)
        || architecture.equals(ALSO.get(own))
        || isEmulated(wanted.header())) {
      return Optional.empty();
    }
    return Optional.of(
        "this machine is linux/" + own + " and has no emulator for programs of " + platform);
  }

  /** The architecture of this machine; empty if it is none of those that are known. */
  private String own() {
    byte[] header;
    try (InputStream in = Files.newInputStream(shell)) {
      header = in.readNBytes(HEADER);
    } catch (IOException e) {
      return "";
    }
    return ELF.entrySet().stream()
        .filter(entry -> isSameMachine(entry.getValue().header(), header))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  private static boolean isSameMachine(byte[] known, byte[] header) {
    return header.length == HEADER
        && Arrays.equals(known, 0, 7, header, 0, 7)
        && Arrays.equals(known, 18, HEADER, header, 18, HEADER);
  }

  private boolean isEmulated(byte[] header) {
    try (DirectoryStream<Path> emulators = Files.newDirectoryStream(registered)) {
      for (Path emulator : emulators) {
        if (isFor(read(emulator), header)) {
          return true;
        }
      }
    } catch (IOException e) {
      return false; // the kernel has no such file system, or it is not mounted
    }
    return false;
  }

  private static @Nullable String read(Path emulator) {
    try {
      return Files.readString(emulator);
    } catch (IOException e) {
      return null; // the file that takes new ones
    }
  }

  private static boolean isFor(@Nullable String emulator, byte[] header) {
    if (emulator == null || !emulator.startsWith("enabled\ninterpreter ")) {
      return false;
    }
    byte[] magic = field(emulator, "magic ");
    byte[] mask = field(emulator, "mask ");
    if (magic.length == 0 || magic.length > HEADER || !emulator.contains("\noffset 0\n")) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      int relevant = i < mask.length ? mask[i] : 0xff;
      if ((magic[i] & relevant) != (header[i] & relevant)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] field(String emulator, String name) {
    try {
      return emulator
          .lines()
          .filter(line -> line.startsWith(name))
          .map(line -> HexFormat.of().parseHex(line.substring(name.length()).strip()))
          .findFirst()
          .orElseGet(() -> new byte[0]);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
