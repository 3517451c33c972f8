package cloud.sealer.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.DiscoveryReport.Finding;
import cloud.sealer.sdk.ImageOrigin;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ImageListDiscovererTest {
  private static final String LIST = "manifests/imageList";
  private static final String DIGEST =
      "sha256:f3b6b39a6062328c095337b4cadcefd1612348fdd5190b1dcbcb9b9e90bd8068";

  @Test
  void readsNamesBetweenCommentsBlanksAndQuotes() {
    Discovery discovery =
        Discovery.of(
            LIST,
            "\uFEFF# first\n\nnginx:1.21\n  # indented\n\t \n\"redis:6\"\n'busybox'  # why\n"
                + "  k8s.gcr.io/pause:3.2\t# tab\r\nquay.io/a/b:v1@"
                + DIGEST
                + "\r\nlast:1");

    assertThat(discovery.found())
        .containsExactly(
            "busybox:latest",
            "last:1",
            "nginx:1.21",
            "redis:6",
            "k8s.gcr.io/pause:3.2",
            "quay.io/a/b:v1@" + DIGEST);
    assertThat(discovery.unresolved()).isEmpty();
  }

  @Test
  void keepsTagAndDigest() {
    var image = Discovery.of(LIST, "a/b:v1@" + DIGEST).report().found().get(0).image();

    assertThat(image.tag()).contains("v1");
    assertThat(image.digest()).hasValueSatisfying(d -> assertThat(d).hasToString(DIGEST));
  }

  @Test
  void originIsTheLine() {
    ImageOrigin origin = Discovery.of(LIST, "#\n\nnginx:1").onlyOrigin();

    assertThat(origin.file()).hasToString(LIST);
    assertThat(origin.line()).isEqualTo(3);
    assertThat(origin.document()).isZero();
    assertThat(origin.rule()).isEqualTo("image-list");
  }

  @Test
  void badLinesAreUnresolvedWithTheirLine() {
    Discovery discovery =
        Discovery.of(
            LIST, "ok:1\nnginx:1 redis:2\nUpper/Case:1\n${REGISTRY}/a:1\n\"\"\n- listed:1\n");

    assertThat(discovery.found()).containsExactly("ok:1");
    assertThat(discovery.report().unresolved())
        .extracting(Finding::text, finding -> finding.origins().get(0).line())
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("nginx:1 redis:2", 2),
            org.assertj.core.groups.Tuple.tuple("Upper/Case:1", 3),
            org.assertj.core.groups.Tuple.tuple("${REGISTRY}/a:1", 4),
            org.assertj.core.groups.Tuple.tuple("", 5),
            org.assertj.core.groups.Tuple.tuple("- listed:1", 6));
    assertThat(discovery.report().unresolved()).noneMatch(finding -> finding.reason().isBlank());
  }

  @Test
  void readsWhatPowerShellWrites() {
    byte[] utf16 = ("\uFEFFnginx:1\r\nredis:6\r\n").getBytes(StandardCharsets.UTF_16LE);

    assertThat(Discovery.of(new FilesInMemory().and(LIST, utf16)).found())
        .containsExactly("nginx:1", "redis:6");
  }

  @Test
  void readsOnlyTheExactPath() {
    FilesInMemory files =
        FilesInMemory.of("manifests/sub/imageList", "a:1")
            .and("manifests/imagelist", "b:1")
            .and("imageList", "c:1");

    assertThat(Discovery.of(files).found()).isEmpty();
  }

  @Test
  void aBinaryFileDoesNotFillTheReport() {
    Discovery discovery = Discovery.of(LIST, "x".repeat(5_000_000));

    assertThat(discovery.unresolved()).singleElement().satisfies(t -> assertThat(t).hasSize(513));
    assertThat(discovery.report().unresolved().get(0).reason()).hasSizeLessThan(600);
  }
}
