package cloud.sealer.kubernetes.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/**
 * Programs in the place of those that a machine or a Kubernetes has: they note what they are called
 * with, and answer as the real ones do.
 */
final class StandIns {
  private StandIns() {}

  /** The text of one, which says of itself that it has a version. */
  static String text(String program, String version) throws IOException {
    try (InputStream in = StandIns.class.getResourceAsStream("machine/" + program)) {
      return new String(Objects.requireNonNull(in, program).readAllBytes(), StandardCharsets.UTF_8)
          .replace("VERSION", version);
    }
  }

  static void install(String program, String version, Path target) throws IOException {
    Files.writeString(target, text(program, version));
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
