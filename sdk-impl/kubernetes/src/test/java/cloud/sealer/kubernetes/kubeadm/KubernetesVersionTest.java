package cloud.sealer.kubernetes.kubeadm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesVersionTest {
  @Test
  void theOrderIsThatOfSemanticVersions() {
    List<String> ordered =
        List.of(
            "v1.9.11",
            "v1.20.0-alpha.1",
            "v1.20.0-alpha.2",
            "v1.20.0-alpha.10",
            "v1.20.0-beta",
            "v1.20.0-rc.1",
            "v1.20.0",
            "v1.20.2",
            "v1.20.10",
            "v1.31.0",
            "v2.0.0");
    List<KubernetesVersion> shuffled =
        new ArrayList<>(ordered.stream().map(KubernetesVersion::parse).toList());
    Collections.shuffle(shuffled, new Random(1));
    Collections.sort(shuffled);
    assertThat(shuffled).extracting(KubernetesVersion::toString).isEqualTo(ordered);
  }

  @ParameterizedTest
  @CsvSource({"1.20, v1.20.0", "v1.20.2+k3s1, v1.20.2", " v1.19.8 , v1.19.8"})
  void otherSpellings(String text, String version) {
    assertThat(KubernetesVersion.parse(text)).hasToString(version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "latest", "v1", "1.x", "v1.2.3.4", "v1.99999999999.0"})
  void othersAreNone(String text) {
    assertThatThrownBy(() -> KubernetesVersion.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no version of Kubernetes");
  }

  @ParameterizedTest
  @CsvSource({
    "v1.20.2, v1.20.3, true",
    "v1.20.2, v1.21.0, true",
    "v1.20.2, v1.20.2, false",
    "v1.20.2, v1.22.0, false",
    "v1.20.2, v1.19.9, false",
    "v1.9.0, v1.10.0, true"
  })
  void upgradesGoOneStepUp(String from, String to, boolean allowed) {
    assertThat(KubernetesVersion.parse(from).upgradesTo(KubernetesVersion.parse(to)))
        .isEqualTo(allowed);
  }
}
