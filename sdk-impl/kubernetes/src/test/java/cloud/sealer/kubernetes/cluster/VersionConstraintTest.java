package cloud.sealer.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.kubernetes.kubeadm.KubernetesVersion;
import cloud.sealer.sdk.SealerException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionConstraintTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        ">=1.19.8, <=1.21.0; 1.20.2; true",
        ">=1.19.8, <=1.21.0; 1.21.1; false",
        ">=1.19.8, <=1.21.0; 1.9.9; false",
        ">=1.19.0 <1.23.0; 1.22.17; true",
        ">= 1.19.0-0; 1.19.0; true",
        "^1.20; 1.30.0; true",
        "^1.20; 2.0.0; false",
        "~1.20.2; 1.20.9; true",
        "~1.20.2; 1.21.0; false",
        "1.20.x; 1.20.2; true",
        "1.20.x; 1.21.0; false",
        "1.20; 1.20.7; true",
        "*; 1.20.2; true",
        "1.19 - 1.21; 1.21.5; true",
        "1.19 - 1.21; 1.22.0; false",
        "<1.20 || >=1.22; 1.21.0; false",
        "<1.20 || >=1.22; 1.22.0; true",
        "!=1.20.2; 1.20.2; false",
        "=v1.20.2; 1.20.2; true",
        ">1.20; 1.20.9; false",
        ">1.20; 1.21.0; true",
      })
  void comparesNumbersNotTexts(String constraint, String version, boolean allowed) {
    assertThat(VersionConstraint.parse(constraint).allows(KubernetesVersion.parse(version)))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "new", ">=", "1.20 and more", ">=1.19,,"})
  void refusesWhatIsNoConstraint(String constraint) {
    assertThatThrownBy(() -> VersionConstraint.parse(constraint))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("kubeVersion");
  }
}
