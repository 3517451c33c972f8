package cloud.sealer.helm;

import cloud.sealer.helm.child.Deletion;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory that only its owner can read, deleted when it is closed.
 *
 * @param path where it is
 */
record TemporaryDirectory(Path path) implements AutoCloseable {
  /** Makes one in a scratch directory. */
  static TemporaryDirectory in(Path scratch) {
    try {
      return new TemporaryDirectory(Files.createTempDirectory(scratch.toAbsolutePath(), "helm-"));
    } catch (IOException e) {
      throw failed("cannot make a directory in " + scratch, e);
    }
  }

  /** Makes one where the system has such directories. */
  static TemporaryDirectory ofSystem() {
    try {
      return new TemporaryDirectory(Files.createTempDirectory("sealer-helm-").toAbsolutePath());
    } catch (IOException e) {
      throw failed("cannot make a temporary directory", e);
    }
  }

  private static SealerException failed(String what, IOException cause) {
    return SealerException.builder(ErrorCode.STORE_IO, what + ": " + cause.getMessage())
        .remedy(
            "check free space and permissions there, or start Java with"
                + " -Djava.io.tmpdir=DIRECTORY to use another directory")
        .cause(cause)
        .build();
  }

  @Override
  public void close() {
    try {
      Deletion.delete(path);
    } catch (IOException e) {
      throw failed("cannot remove " + path, e);
    }
  }
}
