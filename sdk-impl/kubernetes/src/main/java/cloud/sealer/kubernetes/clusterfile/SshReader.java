package cloud.sealer.kubernetes.clusterfile;

import cloud.sealer.kubernetes.finding.Section;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.SshOptions;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Reads how to log in. Messages quote nothing of it. */
final class SshReader {
  private SshReader() {}

  static SshOptions read(Section section) {
    SshOptions.Builder ssh = SshOptions.builder();
    section.scalar("user").map(Scalar::text).filter(user -> !user.isBlank()).ifPresent(ssh::user);
    secret(section, "passwd", ssh);
    section.scalar("pk").filter(pk -> !pk.text().isEmpty()).ifPresent(pk -> key(section, pk, ssh));
    secret(section, "pkPasswd", ssh);
    section.scalar("port").ifPresent(port -> port(section, port, ssh));
    section
        .scalar("encrypted")
        .filter(encrypted -> encrypted.text().equals("true"))
        .ifPresent(
            encrypted ->
                section
                    .findings()
                    .error(
                        encrypted.place(),
                        "",
                        "passwords that sealer encrypted with its built-in key are not read",
                        "leave the password out and give it when running"));
    section.warnOfOthers();
    return ssh.build();
  }

  private static void secret(Section section, String field, SshOptions.Builder ssh) {
    section
        .scalar(field)
        .filter(value -> !value.text().isEmpty())
        .map(value -> Secret.of(value.text()))
        .ifPresent(field.equals("passwd") ? ssh::password : ssh::passphrase);
  }

  private static void key(Section section, Scalar file, SshOptions.Builder ssh) {
    try {
      ssh.privateKey(Path.of(file.text()));
    } catch (InvalidPathException e) {
      section.findings().error(file.place(), "", section.nameOf("pk") + " is no path", "");
    }
  }

  private static void port(Section section, Scalar port, SshOptions.Builder ssh) {
    try {
      int number = Integer.parseInt(port.text().strip());
      if (number != 0) {
        ssh.port(number);
      }
    } catch (IllegalArgumentException e) {
      section
          .findings()
          .error(
              port.place(), port.text(), section.nameOf("port") + " must be from 1 to 65535", "");
    }
  }
}
