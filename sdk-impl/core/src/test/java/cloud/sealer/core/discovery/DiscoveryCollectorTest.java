package cloud.sealer.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.DiscoveryPolicy.Action;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.DiscoveryReport.Finding;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiscoveryCollectorTest {
  private static final String DIGEST =
      "sha256:abababababababababababababababababababababababababababababababab";
  private static final String LIST = "manifests/imageList";

  private static DiscoveryPolicy policy(List<String> additions, List<String> exclusions) {
    return new DiscoveryPolicy(
        Action.WARN, Action.FAIL, additions.stream().map(Reference::parse).toList(), exclusions);
  }

  private static ImageOrigin origin(String file, int line) {
    return new ImageOrigin(RootfsPath.of(file), 1, "", "", line, "test");
  }

  @Test
  void mergesAllSpellingsAndOriginsOfAnImage() {
    FilesInMemory files =
        FilesInMemory.of(LIST, "docker.io/library/nginx\nnginx:latest\n")
            .and("manifests/b.yaml", "image: nginx\n---\nimage: index.docker.io/nginx\n")
            .and("manifests/a.yaml", "image: redis:6\nx: {image: nginx}\n");

    DiscoveryReport report = Discovery.of(files).report();

    assertThat(report.found())
        .extracting(f -> f.image().toString())
        .containsExactly("docker.io/library/nginx:latest", "docker.io/library/redis:6");
    assertThat(report.found().get(0).origins())
        .extracting(ImageOrigin::toString)
        .containsExactly(
            "manifests/a.yaml:2 (x.image)",
            "manifests/b.yaml:1 (image)",
            "manifests/b.yaml:3 (image)",
            "manifests/imageList:1",
            "manifests/imageList:2");
  }

  @Test
  void theSameOriginCountsOnce() {
    ImageDiscoverer twice =
        (files, sink) -> {
          sink.found(Reference.parse("a:1"), origin("x", 1));
          sink.found(Reference.parse("a:1"), origin("x", 1));
          sink.unresolved("?", origin("x", 2), "r");
          sink.unresolved("?", origin("x", 2), "r");
        };

    DiscoveryReport report =
        DiscoveryCollector.discover(
            new FilesInMemory(), List.of(twice, twice), DiscoveryPolicy.DEFAULT);

    assertThat(report.found()).singleElement().satisfies(f -> assertThat(f.origins()).hasSize(1));
    assertThat(report.unresolved())
        .singleElement()
        .satisfies(f -> assertThat(f.origins()).hasSize(1));
  }

  @Test
  void theOrderOfDiscoverersDoesNotMatter() {
    ImageDiscoverer one = (files, sink) -> sink.found(Reference.parse("b:1"), origin("x", 1));
    ImageDiscoverer two =
        (files, sink) -> {
          sink.found(Reference.parse("a:1"), origin("x", 1));
          sink.found(Reference.parse("b:1"), origin("a", 1));
        };
    FilesInMemory none = new FilesInMemory();

    assertThat(DiscoveryCollector.discover(none, List.of(one, two), DiscoveryPolicy.DEFAULT))
        .isEqualTo(DiscoveryCollector.discover(none, List.of(two, one), DiscoveryPolicy.DEFAULT));
  }

  @ParameterizedTest(name = "{0} excludes {1}: {2}")
  @CsvSource({
    "nginx:1.21, nginx:1.21, true",
    "nginx, nginx:1.21, false",
    "nginx, nginx, true",
    "nginx*, nginx:1.21, true",
    "docker.io/*, nginx:1.21, true",
    "docker.io/library/nginx:1.21, nginx:1.21, true",
    "library/nginx:1.21, nginx:1.21, true",
    "*/pause:*, k8s.gcr.io/pause:3.2, true",
    "pause:*, k8s.gcr.io/pause:3.2, false",
    "k8s.gcr.io/pause:3.2, k8s.gcr.io/pause:3x2, false",
    "*, a/b:1, true",
    "'', a/b:1, false",
    "quay.io/a/b:v1, quay.io/a/b:v1@" + DIGEST + ", true",
    "quay.io/a/b:v1@" + DIGEST + ", quay.io/a/b:v1@" + DIGEST + ", true",
    "[a-z]+(.*, nginx:1, false",
  })
  void exclusions(String pattern, String image, boolean excluded) {
    DiscoveryReport report =
        Discovery.of(FilesInMemory.of(LIST, image), policy(List.of(), List.of(pattern))).report();

    assertThat(report.found()).hasSize(excluded ? 0 : 1);
    if (excluded) {
      Finding finding = report.excluded().get(0);
      assertThat(finding.text()).isEqualTo(Reference.parse(image).toString());
      assertThat(finding.reason()).contains("\"" + pattern + "\"");
      assertThat(finding.origins()).singleElement().hasToString("manifests/imageList:1");
    }
  }

  @Test
  void anUncertainTextCanBeExcludedAsItStands() {
    FilesInMemory files = FilesInMemory.of("manifests/a.yaml", "image: '{{ .Values.image }}'");

    DiscoveryReport report =
        Discovery.of(files, policy(List.of("nginx:1"), List.of("{{ .Values.image }}"))).report();

    assertThat(report.unresolved()).isEmpty();
    assertThat(report.excluded()).extracting(Finding::text).containsExactly("{{ .Values.image }}");
    assertThat(DiscoveryCheck.check(report, DiscoveryPolicy.DEFAULT)).isEmpty();
  }

  @Test
  void additionsAreFoundEvenIfExcluded() {
    DiscoveryReport report =
        Discovery.of(
                FilesInMemory.of(LIST, "nginx:1\nredis:6\n"),
                policy(List.of("nginx:1", "extra:2"), List.of("*")))
            .report();

    assertThat(report.found())
        .extracting(f -> f.image().familiar(Reference.Defaults.DOCKER))
        .containsExactly("extra:2", "nginx:1");
    assertThat(report.excluded())
        .extracting(Finding::text)
        .containsExactly("docker.io/library/redis:6");
    ImageOrigin origin = report.found().get(0).origins().get(0);
    assertThat(origin.rule()).isEqualTo("addition");
    assertThat(origin.file()).isEqualTo(RootfsPath.ROOT);
  }

  @Test
  void aSuspectThatIsCertainElsewhereIsNoLongerInDoubt() {
    DiscoveryReport report =
        Discovery.of(
                FilesInMemory.of("manifests/a.yaml", "imageName: ghcr.io/x/pg:15")
                    .and(LIST, "ghcr.io/x/pg:15"))
            .report();

    assertThat(report.suspected()).isEmpty();
    assertThat(report.found()).singleElement().satisfies(f -> assertThat(f.origins()).hasSize(2));
  }

  @Test
  void failListsEveryFindingWithItsPlaceAndARemedy() {
    FilesInMemory files =
        FilesInMemory.of("manifests/a.yaml", "x:\n  image: $(IMG)\n")
            .and(LIST, "not an image\n")
            .and("manifests/b.yaml", "imageName: ghcr.io/x/pg:15");
    DiscoveryReport report = Discovery.of(files).report();

    SealerException failure =
        catchThrowableOfType(
            SealerException.class, () -> DiscoveryCheck.check(report, DiscoveryPolicy.DEFAULT));

    assertThat(failure.code()).isEqualTo(ErrorCode.DISCOVERY_INCOMPLETE);
    assertThat(failure)
        .hasMessageContaining("manifests/a.yaml:2 (x.image): unresolved image \"$(IMG)\"")
        .hasMessageContaining("manifests/imageList:1: unresolved image \"not an image\"")
        .hasMessageNotContaining("pg:15");
    assertThat(failure.remedy()).contains("additions").contains("exclusions");
  }

  @Test
  void warnMakesNoticesAndAcceptIsSilent() {
    DiscoveryReport report = Discovery.of("manifests/a.yaml", "image: $(IMG)").report();

    assertThat(DiscoveryCheck.check(report, actions(Action.WARN)))
        .singleElement()
        .asString()
        .contains("manifests/a.yaml:1", "$(IMG)", "template variable");
    assertThat(DiscoveryCheck.check(report, actions(Action.ACCEPT))).isEmpty();
  }

  @Test
  void suspectedFailsIfThePolicySaysSo() {
    DiscoveryReport report = Discovery.of("manifests/a.yaml", "imageName: a/b:1").report();
    DiscoveryPolicy strict = new DiscoveryPolicy(Action.FAIL, Action.FAIL, List.of(), List.of());

    assertThatThrownBy(() -> DiscoveryCheck.check(report, strict))
        .hasMessageContaining("suspected image \"a/b:1\"");
    assertThat(DiscoveryCheck.check(report, DiscoveryPolicy.DEFAULT)).hasSize(1);
  }

  private static DiscoveryPolicy actions(Action action) {
    return new DiscoveryPolicy(action, action, List.of(), List.of());
  }

  @Test
  void aFileThatCannotBeReadIsNamed() {
    FilesInMemory files =
        new FilesInMemory()
            .and(
                "manifests/a.yaml",
                1,
                () -> {
                  throw new IOException("disk on fire");
                });

    assertThatThrownBy(() -> Discovery.of(files))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONTEXT))
        .hasMessageContaining("manifests/a.yaml")
        .hasMessageContaining("disk on fire");
  }

  @Test
  void foreignExceptionsAreWrapped() {
    ImageDiscoverer broken =
        (files, sink) -> {
          throw new IllegalStateException("bug");
        };

    assertThatThrownBy(
            () ->
                DiscoveryCollector.discover(
                    new FilesInMemory(), List.of(broken), DiscoveryPolicy.DEFAULT))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("bug");
  }

  @Test
  void anInterruptCancels() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> Discovery.of("manifests/a.yaml", "image: a"))
          .isInstanceOfSatisfying(
              SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
