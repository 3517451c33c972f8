package cloud.sealer.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.DiscoveryReport.Found;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.ClusterInspector.Observation;
import cloud.sealer.sdk.spi.ClusterInspector.RunningImage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunningImagesTest {
  private static final String ONE = "sha256:" + "1".repeat(64);
  private static final String TWO = "sha256:" + "2".repeat(64);
  private static final ImageOrigin FILE =
      new ImageOrigin(RootfsPath.of("manifests/a.yaml"), 1, "Pod/a", "spec", 3, "pod-spec");

  private static RunningImage running(String name, String digest) {
    return new RunningImage(
        name, digest.isEmpty() ? "" : "any/name@" + digest, "Pod/default/p", "spec");
  }

  private static DiscoveryReport merge(
      DiscoveryReport files, List<ContainerImage> present, RunningImage... running) {
    return RunningImages.merge(
        files,
        new Observation(List.of(running), Optional.of("sea.hub:5000")),
        present,
        DiscoveryPolicy.DEFAULT);
  }

  private static DiscoveryReport files(String... images) {
    return new DiscoveryReport(
        List.of(images).stream()
            .map(image -> new Found(Reference.parse(image), List.of(FILE)))
            .toList(),
        List.of(),
        List.of(),
        List.of());
  }

  private static List<String> names(DiscoveryReport report) {
    return report.found().stream().map(found -> found.image().toString()).toList();
  }

  @Test
  void whatOnlyRunsIsFoundByTheDigestThatRuns() {
    DiscoveryReport report = merge(files(), List.of(), running("nginx:1", ONE));

    assertThat(names(report)).containsExactly("docker.io/library/nginx:1@" + ONE);
    assertThat(report.onlyInCluster()).isEqualTo(report.found());
    assertThat(report.found().get(0).origins().get(0).toString())
        .isEqualTo("cluster (Pod/default/p spec)");
  }

  @Test
  void whatAFileNamesTooStaysOneImageAndIsPinned() {
    DiscoveryReport report =
        merge(
            files("nginx:1"),
            List.of(),
            running("docker.io/library/nginx:1", ONE),
            running("nginx:1", ""));

    assertThat(names(report)).containsExactly("docker.io/library/nginx:1@" + ONE);
    assertThat(report.onlyInCluster()).isEmpty();
    assertThat(report.found().get(0).origins()).hasSize(2).contains(FILE);
  }

  @Test
  void aTagThatRunsWithTwoDigestsIsTwoImages() {
    DiscoveryReport report =
        merge(files(), List.of(), running("nginx:1", ONE), running("nginx:1", TWO));

    assertThat(names(report))
        .containsExactly("docker.io/library/nginx:1@" + ONE, "docker.io/library/nginx:1@" + TWO);
  }

  @Test
  void whatTheBaseBringsIsLeftOutUnlessItRunsOtherwise() {
    ContainerImage base =
        new ContainerImage(
            Reference.parse("k8s.gcr.io/pause:3.2"),
            Digest.parse(ONE),
            Digest.parse(ONE),
            Platform.LINUX_AMD64,
            1,
            List.of());

    assertThat(names(merge(files(), List.of(base), running("sea.hub:5000/pause:3.2", ONE))))
        .isEmpty();
    assertThat(names(merge(files(), List.of(base), running("k8s.gcr.io/pause:3.2", "")))).isEmpty();
    assertThat(names(merge(files(), List.of(base), running("k8s.gcr.io/pause:3.2", TWO))))
        .containsExactly("k8s.gcr.io/pause:3.2@" + TWO);
    assertThat(names(merge(files(), List.of(base), running("quay.io/pause:3.2", ONE))))
        .containsExactly("quay.io/pause:3.2@" + ONE);
  }

  @Test
  void theRegistryOfTheClusterServesImagesOfAll() {
    DiscoveryReport report =
        merge(files("quay.io/team/app:1"), List.of(), running("sea.hub:5000/team/app:1", ONE));

    assertThat(names(report)).containsExactly("quay.io/team/app:1@" + ONE);
  }

  @Test
  void exclusionsCountForWhatRunsToo() {
    DiscoveryReport report =
        RunningImages.merge(
            files(),
            new Observation(List.of(running("quay.io/team/app:1", ONE)), Optional.empty()),
            List.of(),
            new DiscoveryPolicy(
                DiscoveryPolicy.Action.WARN,
                DiscoveryPolicy.Action.FAIL,
                List.of(),
                List.of("quay.io/*")));

    assertThat(report.found()).isEmpty();
    assertThat(report.excluded())
        .singleElement()
        .satisfies(finding -> assertThat(finding.reason()).contains("quay.io/*"));
  }

  @Test
  void aNameThatIsNoneIsReported() {
    DiscoveryReport report = merge(files(), List.of(), running("NOT A NAME", ""));

    assertThat(report.found()).isEmpty();
    assertThat(report.unresolved())
        .singleElement()
        .satisfies(finding -> assertThat(finding.text()).isEqualTo("NOT A NAME"));
  }
}
