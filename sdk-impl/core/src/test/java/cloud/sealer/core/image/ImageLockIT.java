package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.ImageLock;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.testkit.EmbeddedRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A tag that moves is told, with both digests, before anything of it is fetched. */
@Timeout(60)
class ImageLockIT {
  @TempDir private Path work;
  private Shipyard yard;
  private Sealer sealer;

  @BeforeEach
  void open() {
    yard = new Shipyard(work);
    yard.container("team/web", "1", 1);
    sealer = yard.sealer("store");
  }

  @AfterEach
  void close() {
    yard.close();
  }

  private SealerException refused(Shipyard.Build build) {
    yard.registry.clearRequests();
    SealerException failure = catchThrowableOfType(SealerException.class, () -> build.in(sealer));
    assertThat(failure.code()).isEqualTo(ErrorCode.IMAGE_MOVED);
    assertThat(sealer.images().list())
        .noneMatch(image -> image.reference().toString().contains("/app:v2"));
    return failure;
  }

  @Test
  void theSameTagsBuildTheSameImage() {
    BuildResult first = yard.build("app:v1").pod("team/web:1").in(sealer);
    Path file = work.resolve("images.lock");
    first.lock().write(file);
    ImageLock read = ImageLock.parse(file);
    assertThat(read).isEqualTo(first.lock());
    assertThat(file).content().contains("image " + yard.name("team/web:1") + " sha256:");
    BuildResult second = yard.build("app:v1").pod("team/web:1").lock(read).in(sealer);
    assertThat(second.image().digest()).isEqualTo(first.image().digest());
  }

  @Test
  void aMovedTagFailsWithBothDigests() {
    BuildResult first = yard.build("app:v1").pod("team/web:1").in(sealer);
    yard.container("team/web", "1", 2);
    SealerException failure = refused(yard.build("app:v2").pod("team/web:1").lock(first.lock()));
    String old = first.lock().images().values().iterator().next().toString();
    String now =
        yard.build("now:v1").pod("team/web:1").in(sealer).lock().images().values().stream()
            .findFirst()
            .orElseThrow()
            .toString();
    assertThat(failure.getMessage()).contains(yard.name("team/web:1"), old, now);
    assertThat(old).isNotEqualTo(now);
  }

  @Test
  void nothingOfAMovedImageIsFetched() {
    BuildResult first = yard.build("app:v1").pod("team/web:1").in(sealer);
    yard.container("team/web", "1", 2);
    refused(yard.build("app:v2").pod("team/web:1").lock(first.lock()));
    assertThat(yard.registry.requests())
        .filteredOn(EmbeddedRegistry.Request::isBlobDownload)
        .noneMatch(request -> request.sent() >= Shipyard.LAYER);
  }

  @Test
  void anImageThatIsNotInTheLockIsRefused() {
    BuildResult first = yard.build("app:v1").pod("team/web:1").in(sealer);
    yard.container("team/db", "2", 2);
    SealerException failure =
        refused(yard.build("app:v2").pod("team/web:1", "team/db:2").lock(first.lock()));
    assertThat(failure.getMessage()).contains("team/db:2 is not in the lock");
  }

  @Test
  void aBaseThatWasBuiltAnewIsRefused() {
    yard.build("base:v1").file("etc/a", "1").in(sealer);
    BuildResult first =
        yard.build("app:v1").kubefile("FROM base:v1\nCOPY x x\n").file("x", "x").in(sealer);
    assertThat(first.lock().bases()).hasSize(1);
    yard.build("base:v1").file("etc/a", "2").in(sealer);
    SealerException failure =
        refused(
            yard.build("app:v2")
                .kubefile("FROM base:v1\nCOPY x x\n")
                .file("x", "x")
                .lock(first.lock()));
    assertThat(failure.getMessage())
        .contains("base image", first.lock().bases().values().iterator().next().toString());
  }

  @Test
  void aMistakeInALockFileIsToldWithItsLine() {
    SealerException failure =
        catchThrowableOfType(
            SealerException.class,
            () -> ImageLock.parse("# x\nimage nginx:1 sha256:12\n", "images.lock"));
    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(failure.getMessage()).startsWith("images.lock:2: ");
  }
}
