package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.VerifyReport;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import cloud.sealer.testkit.RecordingListener;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A damaged blob of the store is found by whoever meets it, thrown away, and there again. */
@Timeout(60)
class DamagedBlobIT {
  @TempDir Path work;
  private final RecordingListener listener = new RecordingListener();
  private EmbeddedRegistry registry;
  private Sealer sealer;
  private ClusterImage image;

  @BeforeEach
  void build() {
    registry = EmbeddedRegistry.start();
    ContainerImages.of("team/web", "1").randomLayer(100_000, 5).build().putInto(registry);
    sealer =
        Sealer.builder()
            .store(work.resolve("store"))
            .registries(RegistryOptions.builder().plainHttp(registry.address()).build())
            .build();
    image = buildApp().image();
    sealer.images().tag("app:v1", name());
    sealer.images().push(name(), EventListener.NONE);
  }

  @AfterEach
  void close() {
    sealer.close();
    registry.close();
  }

  private String name() {
    return registry.address() + "/team/app:v1";
  }

  private BuildResult buildApp() {
    return build(
        "FROM scratch\nCOPY imageList manifests\nRUN cat manifests/imageList > copy\n", "app:v1");
  }

  private BuildResult build(String kubefile, String name) {
    return sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .kubefile(Kubefile.parse(kubefile))
                .context(
                    BuildContext.inMemory()
                        .file("imageList", registry.address() + "/team/web:1\n")
                        .build())
                .compression(Compression.NONE)
                .name(name)
                .listener(listener)
                .build());
  }

  private Path file(Digest digest) {
    return work.resolve("store/blobs").resolve(digest.algorithm()).resolve(digest.hex());
  }

  /** Changes one byte. */
  private void flip(Digest digest) throws IOException {
    file(digest).toFile().setWritable(true);
    try (RandomAccessFile bytes = new RandomAccessFile(file(digest).toFile(), "rw")) {
      long middle = bytes.length() / 2;
      bytes.seek(middle);
      int old = bytes.read();
      bytes.seek(middle);
      bytes.write(old ^ 1);
    }
  }

  /** Takes the last byte away. */
  private void shorten(Digest digest) throws IOException {
    file(digest).toFile().setWritable(true);
    try (RandomAccessFile bytes = new RandomAccessFile(file(digest).toFile(), "rw")) {
      bytes.setLength(bytes.length() - 1);
    }
  }

  private Descriptor layer(int number) {
    return image.platforms().get(0).layers().get(number);
  }

  private Descriptor blobLayer() {
    return image.platforms().get(0).layers().stream()
        .filter(layer -> layer.annotations().containsKey(Annotations.BLOB))
        .findFirst()
        .orElseThrow();
  }

  private void assertHealed(Digest digest) {
    assertThat(listener.events(Event.Evicted.class))
        .singleElement()
        .satisfies(event -> assertThat(event.digest()).isEqualTo(digest));
    assertThat(sealer.images().verify("app:v1", EventListener.NONE).problems()).isEmpty();
  }

  @Test
  void verifyNamesItAndPullFetchesItAgain() throws IOException {
    Digest digest = blobLayer().digest();
    flip(digest);
    VerifyReport report = sealer.images().verify(name(), listener);
    assertThat(report.problems()).hasSize(2);
    assertThat(report.problems().get(0)).contains(digest.toString(), "is damaged", "pull or build");
    assertThat(report.problems().get(1)).contains("team/web:1", "is missing");
    assertThat(file(digest)).doesNotExist();
    registry.clearRequests();

    sealer.images().pull(name(), listener);

    assertThat(registry.requests()).filteredOn(EmbeddedRegistry.Request::isBlobDownload).hasSize(1);
    assertHealed(digest);
  }

  @Test
  void verifyNamesADamagedManifest() throws IOException {
    Digest digest = image.platforms().get(0).manifest().digest();
    flip(digest);
    assertThat(sealer.images().verify(name(), listener).problems())
        .singleElement()
        .asString()
        .contains(digest.toString());
    sealer.images().pull(name(), listener);
    assertThat(sealer.images().verify("app:v1", EventListener.NONE).problems()).isEmpty();
  }

  @Test
  void pullFetchesADamagedManifestAgain() throws IOException {
    Digest digest = image.platforms().get(0).manifest().digest();
    flip(digest);
    sealer.images().pull(name(), listener);
    assertHealed(digest);
  }

  @Test
  void pullSeesABlobOfTheWrongLength() throws IOException {
    Digest digest = blobLayer().digest();
    shorten(digest);
    sealer.images().pull(name(), listener);
    assertHealed(digest);
  }

  @Test
  void buildMakesALayerAgainThatItReads() throws IOException {
    Digest digest = layer(1).digest(); // of RUN, which discovery reads
    flip(digest);
    listener.clear();
    BuildResult again = buildApp();
    assertThat(again.image().descriptor()).isEqualTo(image.descriptor());
    listener.assertOrder();
    assertHealed(digest);
  }

  @Test
  void buildMakesALayerOfTheWrongLengthAgain() throws IOException {
    Digest digest = layer(0).digest();
    shorten(digest);
    listener.clear();
    assertThat(buildApp().executed()).isEqualTo(1);
    assertHealed(digest);
  }

  @Test
  void buildFetchesACollectedBlobOfTheWrongLengthAgain() throws IOException {
    Digest digest = blobLayer().digest();
    shorten(digest);
    listener.clear();
    assertThat(buildApp().downloadedBytes()).isPositive();
    assertHealed(digest);
  }

  @Test
  void pushSendsNoDamagedBlobAndTheNextBuildHealsIt() throws IOException {
    Digest digest = blobLayer().digest();
    flip(digest);
    sealer.images().tag("app:v1", registry.address() + "/other/app:v1");
    SealerException e =
        catchThrowableOfType(
            SealerException.class,
            () -> sealer.images().push(registry.address() + "/other/app:v1", listener));
    assertThat(e.code()).isEqualTo(ErrorCode.STORE_CORRUPT);
    assertThat(e).hasMessageContaining(digest.toString());
    assertThat(registry.has("other/app", digest)).isFalse();
    assertThat(registry.tags("other/app")).isEmpty();
    assertHealedAfterBuild(digest);
  }

  private void assertHealedAfterBuild(Digest digest) {
    buildApp();
    assertHealed(digest);
    sealer.images().push(registry.address() + "/other/app:v1", EventListener.NONE);
  }

  @Test
  void saveLeavesNoArchiveWithADamagedBlob() throws IOException {
    flip(blobLayer().digest());
    Path archive = work.resolve("app.tar");
    SealerException e =
        catchThrowableOfType(
            SealerException.class, () -> sealer.images().save("app:v1", archive, listener));
    assertThat(e.code()).isEqualTo(ErrorCode.STORE_CORRUPT);
    assertThat(archive).doesNotExist();
  }

  @Test
  void aDamagedLayerOfABaseIsPulledAgain() throws IOException {
    Digest digest = layer(0).digest();
    flip(digest);
    listener.clear();
    build("FROM " + name() + "\nRUN cat copy > more\n", "next:v1"); // unpacks the base
    assertHealed(digest);
  }

  @Test
  void aDamagedBaseThatIsNowhereElseIsOneClearError() throws IOException {
    build("FROM scratch\nCOPY imageList opt\n", registry.address() + "/only/here:v1");
    Digest digest =
        sealer
            .images()
            .inspect(registry.address() + "/only/here:v1")
            .platforms()
            .get(0)
            .layers()
            .get(0)
            .digest();
    Files.delete(file(digest));
    SealerException e =
        catchThrowableOfType(
            SealerException.class,
            () -> build("FROM " + registry.address() + "/only/here:v1\nCMD x\n", "next:v1"));
    assertThat(e.code()).isEqualTo(ErrorCode.STORE_CORRUPT);
    assertThat(e).hasMessageContaining("layer " + digest, "cannot be pulled again");
  }
}
