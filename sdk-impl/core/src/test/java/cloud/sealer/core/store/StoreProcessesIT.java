package cloud.sealer.core.store;

import static cloud.sealer.core.store.OciLayerStoreTest.digest;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.spi.LayerStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StoreProcessesIT {
  @TempDir Path directory;

  @Test
  void aKilledWriterLeavesAPartThatIsContinued() throws Exception {
    try (StoreProcess process = StoreProcess.start(directory, "write-and-hang");
        OciLayerStore store = new OciLayerStore(directory)) {
      process.await("ready");
      // Alive: its blob, its part and its files are its own.
      assertThat(store.prune(Set.of()).blobs()).isZero();
      assertThat(store.size(digest("claimed"))).isPresent();
      CompletableFuture<Long> waiting =
          CompletableFuture.supplyAsync(
              () -> {
                try (LayerStore.Session session = store.session();
                    LayerStore.BlobWriter writer = session.write("key")) {
                  return writer.position();
                }
              });
      // Another store of this JVM that comes and goes must not disturb anybody's lock.
      for (int i = 0; i < 5; i++) {
        try (OciLayerStore other = new OciLayerStore(directory)) {
          other.session().close();
          assertThat(other.prune(Set.of()).blobs()).isZero();
        }
      }
      Thread.sleep(200);
      assertThat(waiting).isNotDone();
      process.kill();
      assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(6);

      try (LayerStore.Session session = store.session();
          LayerStore.BlobWriter writer = session.write("key")) {
        writer.write(ByteBuffer.wrap("second".getBytes(StandardCharsets.UTF_8)));
        writer.commit(digest("first second"));
      }
      try (Stream<Path> work = Files.list(directory.resolve("work"))) {
        assertThat(work).isEmpty();
      }
      assertThat(store.prune(Set.of()).blobs()).isEqualTo(2);
    }
  }

  @Test
  void anotherStoreInThisProcessDoesNotGiveUpOurLocks() throws Exception {
    try (OciLayerStore store = new OciLayerStore(directory)) {
      LayerStore.Session session = store.session();
      Path scratchFile = Files.writeString(session.scratch().resolve("file"), "x");
      OciLayerStoreTest.put(session, "claimed");
      LayerStore.BlobWriter writer = session.write("key");
      writer.write(ByteBuffer.wrap("part".getBytes(StandardCharsets.UTF_8)));
      // POSIX gives up our locks if anybody in this process opens and closes the files they are on.
      try (OciLayerStore other = new OciLayerStore(directory)) {
        other.session().close();
        other.prune(Set.of());
      }
      try (StoreProcess process = StoreProcess.start(directory, "prune")) {
        process.await("pruned");
        CompletableFuture<Boolean> written =
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    process.await("written");
                    return true;
                  } catch (IOException e) {
                    return false;
                  }
                });
        Thread.sleep(300);
        assertThat(written).isNotDone();
        assertThat(scratchFile).exists();
        assertThat(store.size(digest("claimed"))).isPresent();
        assertThat(writer.position()).isEqualTo(Files.size(directory.resolve("ingest/key")));
        writer.close();
        assertThat(written.get(30, TimeUnit.SECONDS)).isTrue();
        session.close();
        assertThat(process.end()).isZero();
      }
    }
  }

  @Test
  void processesCommitTheSameBlobsAndNameImagesAtOnce() throws Exception {
    List<StoreProcess> processes =
        List.of(
            StoreProcess.start(directory, "commit", "a"),
            StoreProcess.start(directory, "commit", "b"),
            StoreProcess.start(directory, "commit", "c"));
    for (StoreProcess process : processes) {
      assertThat(process.end()).isZero();
    }
    try (OciLayerStore store = new OciLayerStore(directory)) {
      assertThat(store.names()).hasSize(150);
      for (int i = 0; i < 50; i++) {
        try (var in = store.open(digest("blob " + i))) {
          assertThat(in).hasContent("blob " + i);
        }
      }
    }
    assertThat(directory.resolve("ingest")).isEmptyDirectory();
  }
}
