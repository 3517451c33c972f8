package cloud.sealer.kubernetes.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RootfsFilesTest {
  @Test
  void metadata() {
    assertThat(
            Metadata.parse(
                "{\"version\":\"v1.20.2\",\"arch\":\"arm64\",\"variant\":null,\"NydusFlag\":false}"))
        .isEqualTo(new Metadata("v1.20.2", "arm64", "", ""));
    assertThat(Metadata.parse("{}")).isEqualTo(Metadata.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "x", "{\"version\":{}}"})
  void metadataThatIsNone(String text) {
    assertThatThrownBy(() -> Metadata.parse(text))
        .isInstanceOf(SealerException.class)
        .hasMessageStartingWith("Metadata of the image cannot be read: ");
  }

  @Test
  void theRegistry() {
    RegistrySettings settings =
        RegistrySettings.parse(
            "ip: 10.0.0.9:2222\n"
                + "domain: hub.example.com\n"
                + "port: \"5001\"\n"
                + "username: u\n"
                + "password: 0123\n");
    assertThat(settings.host()).contains(HostAddress.parse("10.0.0.9:2222"));
    assertThat(settings.authority()).isEqualTo("hub.example.com:5001");
    assertThat(settings.credentials().orElseThrow().secret()).isEqualTo("0123");
    assertThat(settings.toString()).doesNotContain("0123");
    assertThat(RegistrySettings.parse("# nothing\n").authority()).isEqualTo("sea.hub:5000");
    assertThat(RegistrySettings.parse("ip:\n").host()).isEmpty();
  }

  @Test
  void mistakesOfTheRegistryAreToldAtOnce() {
    assertThatThrownBy(
            () ->
                RegistrySettings.parse("ip: 1.2.3.400\ndomain: a/b\nport: x\npassword: hunter2\n"))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("etc/registry.yml:1:5")
        .hasMessageContaining("etc/registry.yml:2:9: domain must be a host name")
        .hasMessageContaining("etc/registry.yml:3:7: port must be from 1 to 65535")
        .hasMessageContaining("etc/registry.yml:4:1: username and password")
        .message()
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @CsvSource({
    "etc/a.conf.tmpl, etc/a.conf",
    "charts/x/values.yaml.tmpl, charts/x/values.yaml",
    "manifests/a.tmpl, manifests/a",
    "scripts/a.tmpl,",
    "etc/a.conf,",
    "etc/.tmpl,",
    "etcd/a.tmpl,"
  })
  void templatesOfTheRootfs(String path, String target) {
    RootfsPath file = RootfsPath.of(path);
    assertThat(HostTemplates.isTemplate(file)).isEqualTo(target != null);
    if (target != null) {
      assertThat(HostTemplates.target(file)).isEqualTo(RootfsPath.of(target));
    }
  }
}
