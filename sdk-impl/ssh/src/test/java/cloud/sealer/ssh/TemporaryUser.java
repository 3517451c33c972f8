package cloud.sealer.ssh;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/** A user of this machine with a password, who is gone when it is closed. */
final class TemporaryUser implements AutoCloseable {
  private final String name = "sealer-" + UUID.randomUUID().toString().substring(0, 8);
  private final String password = "pw-" + UUID.randomUUID();
  private final Path sudoers = Path.of("/etc/sudoers.d/" + name);

  /** Makes the user; what sudo allows is the end of a line in sudoers, nothing if empty. */
  TemporaryUser(String sudo) throws Exception {
    Machine.run("", "useradd", "-M", "-d", "/tmp", "-s", "/bin/sh", name);
    Machine.run(name + ":" + password, "chpasswd");
    if (!sudo.isEmpty()) {
      Files.createFile(
          sudoers,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--r-----")));
      Files.setPosixFilePermissions(sudoers, PosixFilePermissions.fromString("rw-r-----"));
      Files.writeString(sudoers, name + " " + sudo + "\n");
    }
  }

  String name() {
    return name;
  }

  String password() {
    return password;
  }

  @Override
  public void close() throws Exception {
    Files.deleteIfExists(sudoers);
    Machine.run("", "userdel", "-f", name);
  }
}
