package cloud.sealer.kubernetes.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonJsonTest {
  private static final String IMAGE =
      """
      {"data-root": "/var/lib/docker", "exec-opts": ["native.cgroupdriver=systemd"],
       "log-driver": "json-file", "log-opts": {"max-size": "100m", "max-file": "10"},
       "mirror-registries": [{"domain": "*", "mirrors": ["https://sea.hub:5000"]}],
       "registry-mirrors": ["https://other"]}
      """;

  private static String compact(String json) throws JsonProcessingException {
    return new ObjectMapper().readTree(json).toString();
  }

  @Test
  void aHostWithoutFileGetsTheImagesWithoutWhatOnlyAPatchedEngineKnows() throws Exception {
    assertThat(compact(DaemonJson.merge("", IMAGE, RegistrySettings.DEFAULT, true)))
        .isEqualTo(
            "{\"data-root\":\"/var/lib/docker\",\"exec-opts\":[\"native.cgroupdriver=systemd\"],"
                + "\"log-driver\":\"json-file\",\"log-opts\":{\"max-size\":\"100m\",\"max-file\":\"10\"},"
                + "\"registry-mirrors\":[\"https://sea.hub:5000\",\"https://other\"]}");
  }

  @Test
  void nothingOfTheUsersIsLost() throws Exception {
    String host =
        """
        {"data-root": "/data", "log-opts": {"max-size": "1g", "labels": "x"}, "debug": true,
         "exec-opts": ["native.cgroupdriver=cgroupfs"], "insecure-registries": ["a:1"],
         "registry-mirrors": ["https://mine/"], "unknown": {"x": [1.50, null]}}
        """;
    assertThat(compact(DaemonJson.merge(host, IMAGE, RegistrySettings.DEFAULT, false)))
        .isEqualTo(
            "{\"data-root\":\"/data\","
                + "\"log-opts\":{\"max-size\":\"1g\",\"labels\":\"x\",\"max-file\":\"10\"},"
                + "\"debug\":true,\"exec-opts\":[\"native.cgroupdriver=cgroupfs\"],"
                + "\"insecure-registries\":[\"sea.hub:5000\",\"a:1\"],"
                + "\"registry-mirrors\":[\"http://sea.hub:5000\",\"https://mine/\",\"https://other\"],"
                + "\"unknown\":{\"x\":[1.50,null]},\"log-driver\":\"json-file\"}"
                    .replace("1.50", "1.5"));
  }

  @Test
  void twiceIsOnceAndTheRegistryGoesAlone() throws Exception {
    String once = DaemonJson.merge("{\"debug\":true}", IMAGE, RegistrySettings.DEFAULT, false);
    assertThat(DaemonJson.merge(once, IMAGE, RegistrySettings.DEFAULT, false)).isSameAs(once);
    String without = DaemonJson.without(once, RegistrySettings.DEFAULT);
    assertThat(without).doesNotContain("sea.hub").contains("https://other", "debug");
    assertThat(without).doesNotContain("insecure-registries");
    assertThat(DaemonJson.without(without, RegistrySettings.DEFAULT)).isSameAs(without);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[]", "1", "{} x", "{\"a\":1,}"})
  void aFileThatIsNoneIsNotOverwritten(String host) {
    assertThatThrownBy(() -> DaemonJson.merge(host, IMAGE, RegistrySettings.DEFAULT, true))
        .isInstanceOf(SealerException.class)
        .hasMessageStartingWith("/etc/docker/daemon.json of the host cannot be read")
        .extracting("code")
        .isEqualTo(ErrorCode.HOST_IO);
    assertThatThrownBy(() -> DaemonJson.merge("", host, RegistrySettings.DEFAULT, true))
        .extracting("code")
        .isEqualTo(ErrorCode.IMAGE_UNSUPPORTED);
  }
}
