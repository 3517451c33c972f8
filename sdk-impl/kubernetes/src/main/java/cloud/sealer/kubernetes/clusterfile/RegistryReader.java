package cloud.sealer.kubernetes.clusterfile;

import cloud.sealer.kubernetes.finding.Section;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.RegistrySpec;
import cloud.sealer.sdk.Secret;
import java.util.function.Consumer;

/**
 * Reads {@code spec.registry}: the fields of {@code etc/registry.yml}, either right there or below
 * {@code localRegistry}, as later releases of sealer have them.
 */
final class RegistryReader {
  private RegistryReader() {}

  static RegistrySpec read(Section registry) {
    RegistrySpec.Builder spec = RegistrySpec.builder();
    Section local = registry.section("localRegistry");
    fields(registry, spec);
    fields(local, spec);
    local.warnOfOthers();
    registry.warnOfOthers();
    return spec.build();
  }

  private static void fields(Section section, RegistrySpec.Builder spec) {
    set(section, "ip", ip -> spec.host(HostAddress.parse(ip)));
    set(section, "domain", spec::domain);
    set(section, "port", port -> spec.port(number(port)));
    set(section, "username", spec::username);
    set(section, "password", password -> spec.password(Secret.of(password)));
    boolean guarded = section.has("username");
    if (section.has("password") && !guarded) {
      section
          .findings()
          .error(
              section.placeOf("password"),
              "",
              section.nameOf("password") + " has no username beside it",
              "set " + section.nameOf("username"));
    }
  }

  private static int number(String port) {
    try {
      return Integer.parseInt(port.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a port is from 1 to 65535", e);
    }
  }

  /** Sets a field that is not empty; its text is told only if it is no secret. */
  private static void set(Section section, String field, Consumer<String> setter) {
    Scalar value = section.scalar(field).filter(scalar -> !scalar.text().isEmpty()).orElse(null);
    if (value == null) {
      return;
    }
    try {
      setter.accept(value.text());
    } catch (IllegalArgumentException e) {
      String told = field.equals("password") ? "" : value.text();
      section.findings().error(value.place(), told, String.valueOf(e.getMessage()), "");
    }
  }
}
