package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.ImageDiff;
import cloud.sealer.sdk.ImageDiff.Change;
import cloud.sealer.sdk.ImageDiff.Kind;
import cloud.sealer.sdk.Sealer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a change of version changes. */
@Timeout(60)
class ImageDiffIT {
  @TempDir private Path work;
  private Shipyard yard;
  private Sealer sealer;

  @BeforeEach
  void open() {
    yard = new Shipyard(work);
    yard.container("team/web", "1", 1);
    yard.container("team/web", "2", 2);
    yard.container("team/db", "2", 3);
    yard.container("team/cache", "1", 4);
    sealer = yard.sealer("store");
  }

  @AfterEach
  void close() {
    yard.close();
  }

  private ImageDiff diff() {
    yard.build("app:v1")
        .kubefile("FROM scratch\nARG Level=1\nCOPY . .\nCMD old $Level\nCMD same\n")
        .pod("team/web:1", "team/cache:1")
        .file("charts/web/Chart.yaml", "name: web\nversion: 1.0.0\nappVersion: '7'\n")
        .file("etc/same", "same")
        .file("etc/changed", "one")
        .file("etc/gone", "gone")
        .in(sealer);
    yard.build("app:v2")
        .kubefile("FROM scratch\nARG Level=2\nCOPY . .\nCMD same\nCMD new $Level\n")
        .pod("team/web:2", "team/db:2")
        .file("charts/web/Chart.yaml", "name: web\nversion: 1.1.0\nappVersion: '7'\n")
        .file("etc/same", "same")
        .file("etc/changed", "other")
        .file("etc/new", "new")
        .in(sealer);
    return sealer.images().diff("app:v1", "app:v2", EventListener.NONE);
  }

  private static Optional<Change> change(List<Change> changes, String name) {
    return changes.stream().filter(change -> change.name().endsWith(name)).findFirst();
  }

  @Test
  void containerImagesAreAddedRemovedOrOfAnotherVersion() {
    List<Change> images = diff().platforms().get(0).containerImages();
    assertThat(images).hasSize(3);
    Change web = change(images, "team/web").orElseThrow();
    assertThat(web.kind()).isEqualTo(Kind.CHANGED);
    assertThat(web.before().orElseThrow()).startsWith("1 sha256:");
    assertThat(web.after().orElseThrow()).startsWith("2 sha256:");
    assertThat(change(images, "team/db:2").orElseThrow().kind()).isEqualTo(Kind.ADDED);
    assertThat(change(images, "team/cache:1").orElseThrow().kind()).isEqualTo(Kind.REMOVED);
  }

  @Test
  void chartsFilesCommandsAndSettings() {
    ImageDiff.PlatformDiff diff = diff().platforms().get(0);
    assertThat(diff.charts())
        .containsExactly(new Change("web", Optional.of("1.0.0 (7)"), Optional.of("1.1.0 (7)")));
    assertThat(diff.manifests()).extracting(Change::name).containsExactly("manifests/pod.yaml");
    assertThat(diff.files())
        .extracting(change -> change.kind() + " " + change.name())
        .containsExactly(
            "CHANGED charts/web/Chart.yaml",
            "CHANGED etc/changed",
            "REMOVED etc/gone",
            "ADDED etc/new",
            "CHANGED manifests/pod.yaml");
    assertThat(diff.commands())
        .extracting(change -> change.kind() + " " + change.after().or(change::before).get())
        .containsExactly("REMOVED old $Level", "ADDED new $Level");
    assertThat(diff.settings())
        .containsExactly(new Change("ARG Level", Optional.of("1"), Optional.of("2")));
  }

  @Test
  void theBytesAreWhatADeltaCarries() throws Exception {
    ImageDiff diff = diff();
    assertThat(diff.addedBytes()).isBetween(2L * Shipyard.LAYER, 2L * Shipyard.LAYER + 60_000);
    assertThat(diff.addedBytes() + diff.sharedBytes())
        .isEqualTo(sealer.images().inspect("app:v2").size());
    assertThat(diff.removedBytes() + diff.sharedBytes())
        .isEqualTo(sealer.images().inspect("app:v1").size());
  }

  @Test
  void anImageIsTheSameAsItself() {
    yard.build("app:v1").pod("team/web:1").in(sealer);
    ImageDiff diff = sealer.images().diff("app:v1", "app:v1", EventListener.NONE);
    assertThat(diff.same()).isTrue();
    assertThat(diff.addedBytes() + diff.removedBytes()).isZero();
  }

  @Test
  void filesThatAreDeletedAreGone() {
    yard.build("app:v1").file("etc/a", "a").file("etc/b/c", "c").in(sealer);
    yard.build("app:v2").kubefile("FROM app:v1\nRUN rm -r etc/b\n").in(sealer);
    ImageDiff diff = sealer.images().diff("app:v1", "app:v2", EventListener.NONE);
    assertThat(diff.platforms().get(0).files())
        .extracting(change -> change.kind() + " " + change.name())
        .containsExactly("REMOVED etc/b/c");
  }
}
