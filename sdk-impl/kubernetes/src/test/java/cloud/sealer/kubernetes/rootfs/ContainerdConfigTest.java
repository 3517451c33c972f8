package cloud.sealer.kubernetes.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.SealerException;
import org.junit.jupiter.api.Test;

class ContainerdConfigTest {
  private static final String SETTING = "  config_path = \"/etc/containerd/certs.d\"";

  @Test
  void aHostWithoutAFileGetsTheSettingAlone() {
    assertThat(ContainerdConfig.merge("").text())
        .isEqualTo(
            "version = 2\n\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\n" + SETTING + "\n");
  }

  @Test
  void everythingElseStays() {
    String host =
        """
        version = 2 # as docker ships it
        # disabled_plugins = ["cri"]
        [plugins]
          [plugins."io.containerd.grpc.v1.cri"]
            sandbox_image = "pause:3.6"
            [plugins."io.containerd.grpc.v1.cri".registry]
              [plugins."io.containerd.grpc.v1.cri".registry.headers]
                X-Own = ["1"]
        """;

    ContainerdConfig.Merged merged = ContainerdConfig.merge(host);

    assertThat(merged.directory()).isEqualTo("/etc/containerd/certs.d");
    assertThat(merged.text().lines().filter(line -> !line.equals(SETTING)))
        .containsExactlyElementsOf(host.lines().toList());
    assertThat(merged.text().lines().toList().indexOf(SETTING)).isEqualTo(6);
  }

  @Test
  void aDirectoryOfTheHostIsUsed() {
    String host =
        """
        version = 3
        [plugins.'io.containerd.cri.v1.images'.registry]
          config_path = '/etc/own/certs.d:/etc/docker/certs.d'
        """;
    ContainerdConfig.Merged merged = ContainerdConfig.merge(host);
    assertThat(merged.text()).isSameAs(host);
    assertThat(merged.directory()).isEqualTo("/etc/own/certs.d");
  }

  @Test
  void anEmptyDirectoryIsFilledIn() {
    String host =
        "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\n  config_path = \"\"\n";
    assertThat(ContainerdConfig.merge(host).text()).contains(SETTING).doesNotContain("\"\"");
  }

  @Test
  void theSameAgainChangesNothing() {
    String once = ContainerdConfig.merge("version = 3\n[grpc]\n  uid = 0\n").text();
    assertThat(once).contains("[plugins.\"io.containerd.cri.v1.images\".registry]");
    assertThat(ContainerdConfig.merge(once).text()).isSameAs(once);
  }

  @Test
  void mirrorsOfTheOlderFormAreRefusedAndNotOverwritten() {
    String host =
        """
        version = 2
        [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
          endpoint = ["https://mirror.test"]
        """;
    assertThatThrownBy(() -> ContainerdConfig.merge(host))
        .isInstanceOfSatisfying(
            SealerException.class,
            e -> {
              assertThat(e.getMessage()).contains("mirrors of registries in the older form");
              assertThat(e.remedy()).contains("hosts.toml");
            });
  }

  @Test
  void theClustersRegistryComesFirstAndOthersStay() {
    RegistrySettings own = RegistrySettings.parse("domain: sea.hub");
    String host =
        """
        server = "https://quay.io"

        [host."https://mirror.test"]
          capabilities = ["pull"]
        """;

    String merged = HostsToml.merge(host, "quay.io", own, "/ca.crt");

    assertThat(merged)
        .isEqualTo(
            """
            server = "https://quay.io"

            [host."https://sea.hub:5000"]
              capabilities = ["pull", "resolve"]
              ca = "/ca.crt"
            [host."https://mirror.test"]
              capabilities = ["pull"]
            """);
    assertThat(HostsToml.merge(merged, "quay.io", own, "/ca.crt")).isEqualTo(merged);
  }

  @Test
  void aGuardedRegistryIsAskedWithItsPassword() {
    RegistrySettings own =
        RegistrySettings.parse("{domain: sea.hub, username: admin, password: secret}");
    assertThat(HostsToml.merge("", "docker.io", own, "/ca.crt"))
        .startsWith("server = \"https://registry-1.docker.io\"\n")
        .contains("[host.\"https://sea.hub:5000\".header]")
        .contains("authorization = \"Basic YWRtaW46c2VjcmV0\"");
  }
}
