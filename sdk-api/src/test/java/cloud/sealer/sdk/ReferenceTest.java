package cloud.sealer.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.sealer.sdk.Reference.Defaults;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "nginx, docker.io/library/nginx:latest",
    "' nginx:1 ', docker.io/library/nginx:1",
    "library/nginx, docker.io/library/nginx:latest",
    "a/b/c:x, docker.io/a/b/c:x",
    "docker.io/nginx, docker.io/library/nginx:latest",
    "index.docker.io/nginx, docker.io/library/nginx:latest",
    "localhost/a, localhost/a:latest",
    "localhost:5000/a:b, localhost:5000/a:b",
    "127.0.0.1:5000/a, 127.0.0.1:5000/a:latest",
    "'[::1]:5000/a/b', '[::1]:5000/a/b:latest'",
    "k8s.gcr.io/pause:3.2, k8s.gcr.io/pause:3.2",
    "a__b/c-_-d, ''",
    "a__b/c--d.e_f:V_1.-, docker.io/a__b/c--d.e_f:V_1.-"
  })
  void completesAsDockerDoes(String text, String full) {
    if (full.isEmpty()) {
      assertThatIllegalArgumentException().isThrownBy(() -> Reference.parse(text));
    } else {
      assertThat(Reference.parse(text)).hasToString(full).isEqualTo(Reference.parse(full));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "kubernetes:v1.19.8, registry.cn-qingdao.aliyuncs.com/sealer-io/kubernetes:v1.19.8",
    "registry.cn-qingdao.aliyuncs.com/kubernetes, registry.cn-qingdao.aliyuncs.com/sealer-io/kubernetes:latest",
    "my/app, registry.cn-qingdao.aliyuncs.com/my/app:latest",
    "docker.io/nginx, docker.io/library/nginx:latest",
    "h.io/app:1, h.io/app:1"
  })
  void completesAsSealerDoes(String text, String full) {
    assertThat(Reference.parse(text, Defaults.SEALER)).hasToString(full);
  }

  @Test
  void keepsTagAndDigest() {
    Reference both = Reference.parse("nginx:1.21@" + DIGEST);
    assertThat(both.tag()).contains("1.21");
    assertThat(both.digest()).contains(Digest.parse(DIGEST));
    Reference pinned = Reference.parse("nginx@" + DIGEST);
    assertThat(pinned.tag()).isEmpty();
    assertThat(pinned).isNotEqualTo(both).isEqualTo(both.withDigest(Digest.parse(DIGEST)));
    assertThat(both.withTag("2")).hasToString("docker.io/library/nginx:2");
    assertThat(both.registry() + " " + both.repository()).isEqualTo("docker.io library/nginx");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        ":",
        "/",
        "/a",
        "a/",
        "a//b",
        "a:",
        "a:b:c",
        "a:-x",
        "a:ä",
        "A",
        "a/B",
        "a b",
        "a..b",
        "-a",
        "a_",
        "a___b",
        "h.io:x/a",
        "h.io:/a",
        "-h.io/a",
        "a@",
        "a@sha256:00",
        "@sha256:00",
        "https://h.io/a",
        "$a",
        "a\nb",
        "a:b/c:d"
      })
  void refusesOthers(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Reference.parse(text));
  }

  @Test
  void refusesWhatIsTooLong() {
    assertThatIllegalArgumentException().isThrownBy(() -> Reference.parse("a/".repeat(200) + "a"));
    assertThatIllegalArgumentException().isThrownBy(() -> Reference.parse("a:" + "x".repeat(129)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Reference.parse("a.".repeat(1_000_000) + "a/b"))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    assertThat(Reference.parse("a:" + "x".repeat(128)).tag()).isPresent();
  }

  @Test
  void refusesBadTagsAndDefaults() {
    Reference nginx = Reference.parse("nginx");
    assertThatIllegalArgumentException().isThrownBy(() -> nginx.withTag("a b"));
    assertThatIllegalArgumentException().isThrownBy(() -> new Defaults("a/b", ""));
    assertThatIllegalArgumentException().isThrownBy(() -> new Defaults("h.io", "A"));
  }

  @ParameterizedTest
  @CsvSource({
    "docker.io/library/nginx:1, nginx:1",
    "docker.io/a/b:1, a/b:1",
    "docker.io/library/a/b:1, library/a/b:1",
    "h.io/library/a:1, h.io/library/a:1",
    "docker.io/localhost/a:1, docker.io/localhost/a:1",
    "docker.io/x.y/a:1, docker.io/x.y/a:1"
  })
  void shortens(String full, String familiar) {
    assertThat(Reference.parse(full).familiar(Defaults.DOCKER)).isEqualTo(familiar);
  }

  @Test
  void shortensToWhatParsesToItself() {
    for (Defaults defaults :
        List.of(Defaults.DOCKER, Defaults.SEALER, new Defaults("localhost:5000", ""))) {
      for (String text :
          List.of(
              "a",
              "a/b",
              "library/a",
              "sealer-io/a",
              "docker.io/a",
              "docker.io/a/b",
              "h.io/a",
              "localhost:5000/a/b",
              "docker.io/localhost/a",
              "registry.cn-qingdao.aliyuncs.com/x.y/a",
              "a:1@" + DIGEST,
              "a@" + DIGEST)) {
        Reference reference = Reference.parse(text, defaults);
        assertThat(Reference.parse(reference.familiar(defaults), defaults)).isEqualTo(reference);
        assertThat(Reference.parse(reference.toString(), defaults)).isEqualTo(reference);
      }
    }
    assertThat(Reference.parse("kubernetes:v1", Defaults.SEALER).familiar(Defaults.SEALER))
        .isEqualTo("kubernetes:v1");
  }

  @Test
  void ordersByFullName() {
    assertThat(Reference.parse("a"))
        .isLessThan(Reference.parse("b"))
        .hasSameHashCodeAs(Reference.parse("docker.io/library/a:latest"));
  }
}
