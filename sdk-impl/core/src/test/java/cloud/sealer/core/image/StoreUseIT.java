package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.PruneOptions;
import cloud.sealer.sdk.PruneResult;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.StoreUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a store holds, what it could do without, and images made of others. */
@Timeout(60)
class StoreUseIT {
  @TempDir private Path work;
  private Shipyard yard;
  private Sealer sealer;

  @BeforeEach
  void open() {
    yard = new Shipyard(work);
    yard.container("team/web", "1", 1);
    yard.container("team/db", "2", 2);
    sealer = yard.sealer("store");
  }

  @AfterEach
  void close() {
    yard.close();
  }

  private long onDisk() throws IOException {
    try (Stream<Path> files = Files.walk(work.resolve("store"))) {
      return files.filter(Files::isRegularFile).mapToLong(StoreUseIT::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void usageTellsOwnFromShared() throws IOException {
    yard.build("web:v1").pod("team/web:1").in(sealer);
    yard.build("both:v1").pod("team/web:1", "team/db:2").in(sealer);
    StoreUsage usage = sealer.images().usage();
    assertThat(usage.images()).hasSize(2);
    StoreUsage.ImageUsage both = usage.images().get(0);
    assertThat(both.reference().repository()).endsWith("both");
    assertThat(both.own()).isGreaterThan(Shipyard.LAYER);
    assertThat(both.shared()).isGreaterThan(Shipyard.LAYER);
    assertThat(usage.images().get(1).own()).isLessThan(Shipyard.LAYER);
    assertThat(usage.images().get(1).shared()).isEqualTo(both.shared());
    assertThat(usage.bytes()).isEqualTo(onDisk());

    long before = onDisk();
    sealer.images().remove("both:v1");
    PruneResult expected = sealer.images().usage().reclaimable();
    assertThat(expected.bytes()).isGreaterThanOrEqualTo(both.own());
    PruneResult pruned = sealer.images().prune();
    assertThat(pruned).isEqualTo(expected);
    assertThat(before - onDisk()).isGreaterThanOrEqualTo(pruned.bytes());
    assertThat(sealer.images().verify("web:v1", EventListener.NONE).ok()).isTrue();
  }

  @Test
  void aDryRunDeletesNothing() throws IOException {
    yard.build("web:v1").pod("team/web:1").in(sealer);
    sealer.images().remove("web:v1");
    long before = onDisk();
    PruneResult counted = sealer.images().prune(new PruneOptions(Duration.ZERO, true));
    assertThat(counted.blobs()).isPositive();
    assertThat(onDisk()).isEqualTo(before);
    assertThat(sealer.images().prune()).isEqualTo(counted);
  }

  @Test
  void onlyWhatIsOldEnoughGoes() throws IOException {
    yard.build("web:v1").pod("team/web:1").in(sealer);
    sealer.images().remove("web:v1");
    PruneOptions week = new PruneOptions(Duration.ofDays(7), false);
    assertThat(sealer.images().prune(week)).isEqualTo(PruneResult.NOTHING);
    try (Stream<Path> blobs = Files.list(work.resolve("store/blobs/sha256"))) {
      Path one = blobs.findFirst().orElseThrow();
      Files.setLastModifiedTime(one, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
    }
    assertThat(sealer.images().prune(week).blobs()).isEqualTo(1);
  }

  @Test
  void whatDeadProcessesLeftIsCountedAndGoes() throws IOException {
    yard.build("web:v1").pod("team/web:1").in(sealer);
    Path dead = work.resolve("store").resolve("work").resolve("3f0c0d3e-dead");
    Files.createDirectories(dead);
    Files.write(dead.resolve("temporary"), new byte[500]);
    Files.createFile(dead.resolveSibling("3f0c0d3e-dead.lock"));
    Files.write(work.resolve("store/ingest/3f0c0d3e-dead-1"), new byte[70]);
    Files.write(work.resolve("store/ingest/sha256-unfinished"), new byte[30]);
    PruneResult counted = sealer.images().prune(new PruneOptions(Duration.ZERO, true));
    assertThat(counted.sessions()).isEqualTo(1);
    assertThat(counted.sessionBytes()).isEqualTo(570);
    assertThat(counted.partials()).isEqualTo(1);
    assertThat(counted.partialBytes()).isEqualTo(30);
    assertThat(dead).exists();
    assertThat(sealer.images().prune()).isEqualTo(counted);
    assertThat(dead).doesNotExist();
    assertThat(work.resolve("store/ingest")).isEmptyDirectory();
  }

  @Test
  void aMergedImageHasWhatEachHas() {
    yard.build("base:v1").file("etc/base", "base").in(sealer);
    yard.build("web:v1")
        .kubefile("FROM base:v1\nARG A=1\nCOPY . .\nCMD start web\nCMD both $A\n")
        .pod("team/web:1")
        .file("etc/which", "web")
        .in(sealer);
    yard.build("db:v1")
        .kubefile("FROM base:v1\nARG A=2\nCOPY . .\nCMD start db\nCMD both $A\n")
        .file(
            "manifests/db.yaml",
            "kind: Pod\nspec:\n  containers:\n  - image: " + yard.name("team/db:2"))
        .file("etc/which", "db")
        .in(sealer);
    ClusterImage merged = sealer.images().merge("all:v1", List.of("web:v1", "db:v1"));
    ClusterImage.Metadata metadata = merged.platforms().get(0).metadata();
    assertThat(metadata.commands()).containsExactly("start web", "both $A", "start db");
    assertThat(metadata.args()).containsEntry("A", "2");
    assertThat(metadata.containerImages()).hasSize(2);
    assertThat(sealer.images().verify("all:v1", EventListener.NONE).problems()).isEmpty();
    // The layer of the base is there once.
    int layers = merged.platforms().get(0).layers().size();
    int web = sealer.images().inspect("web:v1").platforms().get(0).layers().size();
    int db = sealer.images().inspect("db:v1").platforms().get(0).layers().size();
    assertThat(layers).isLessThan(web + db);
    // Later files count.
    yard.build("check:v1")
        .kubefile("FROM all:v1\nRUN grep -q db etc/which && grep -q base etc/base\n")
        .in(sealer);
  }

  @Test
  void imagesThatWantOneNameForDifferentThingsAreNotMerged() {
    yard.build("one:v1").pod("team/web:1").in(sealer);
    yard.container("team/web", "1", 9);
    yard.build("two:v1").pod("team/web:1").in(sealer);
    SealerException failure =
        catchThrowableOfType(
            SealerException.class,
            () -> sealer.images().merge("all:v1", List.of("one:v1", "two:v1")));
    assertThat(failure.code()).isEqualTo(ErrorCode.IMAGE_COLLISION);
    assertThat(failure.getMessage()).contains("team/web:1");
    assertThat(sealer.images().list()).hasSize(2);
  }
}
