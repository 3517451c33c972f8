package cloud.sealer.core.remote;

import cloud.sealer.core.image.Documents;
import cloud.sealer.core.image.ImageReader;
import cloud.sealer.core.image.OciManifest;
import cloud.sealer.core.layer.HashingBlobWriter;
import cloud.sealer.core.store.StoreFailure;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Fetches an image from the worker's store: only the blobs that our store does not have. */
final class ResultImage {
  private final LayerStore store;
  private final LayerStore.Session session;
  private final HostSession machine;

  ResultImage(LayerStore store, LayerStore.Session session, HostSession machine) {
    this.store = store;
    this.session = session;
    this.machine = machine;
  }

  /**
   * Fetches the image.
   *
   * @param image its index or manifest
   * @param layers whether to fetch its layers too
   */
  void fetch(Descriptor image, boolean layers, Task parent) {
    List<Descriptor> all = new ArrayList<>();
    document(image);
    for (Descriptor manifest : new ImageReader(store).manifests(image)) {
      document(manifest);
      OciManifest content = new ImageReader(store).manifest(manifest);
      document(content.config());
      all.addAll(content.layers());
    }
    List<Descriptor> missing =
        layers
            ? all.stream()
                .distinct()
                .filter(layer -> session.claim(layer.digest()).orElse(-1) != layer.size())
                .toList()
            : List.of();
    long bytes = missing.stream().mapToLong(Descriptor::size).sum();
    try (Task task = parent.start(Event.TaskKind.TRANSFER, "the image", bytes)) {
      missing.forEach(layer -> layer(layer, task));
      task.done(missing.size() + " of " + all.size() + " layers came back, the others were here");
    }
  }

  private static String path(Digest digest) {
    return RemotePaths.STORE + "/blobs/" + digest.algorithm() + "/" + digest.hex();
  }

  private void document(Descriptor document) {
    if (session.claim(document.digest()).isPresent()) {
      return;
    }
    Documents.checkSize(document);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // What a command of the build may have put there is read no further than it can be right.
    OutputStream bounded =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
          }

          @Override
          public void write(byte[] sent, int offset, int length) throws IOException {
            if (bytes.size() + length > document.size()) {
              throw new IOException("it is longer than " + document.size() + " bytes");
            }
            bytes.write(sent, offset, length);
          }
        };
    machine.download(path(document.digest()), bounded);
    Digest digest = Documents.digest(bytes.toByteArray(), document.digest());
    if (!digest.equals(document.digest())) {
      throw SealerException.builder(
              ErrorCode.DIGEST_MISMATCH,
              "the machine sent " + digest + " for the document " + document.digest())
          .remedy("build again")
          .retryable(true)
          .build();
    }
    Documents.write(session, bytes.toByteArray(), digest);
  }

  private void layer(Descriptor layer, Task task) {
    String key = layer.digest().algorithm() + "-" + layer.digest().hex();
    try (LayerStore.BlobWriter writer = session.write(key);
        HashingBlobWriter content = HashingBlobWriter.plain(writer, layer.digest())) {
      if (content.contentPosition() > 0) {
        content.restart();
      }
      machine.download(path(layer.digest()), new Target(content, task));
      if (!content.contentDigest().equals(layer.digest())) {
        content.restart();
        throw SealerException.builder(
                ErrorCode.DIGEST_MISMATCH, "the machine sent other bytes for " + layer.digest())
            .remedy("build again")
            .retryable(true)
            .build();
      }
      content.commit();
    } catch (IOException e) {
      throw StoreFailure.of("write", "blob " + layer.digest(), e);
    }
  }

  /** Passes bytes on to the store, and counts them. */
  private static final class Target extends OutputStream {
    private final HashingBlobWriter content;
    private final Task task;

    Target(HashingBlobWriter content, Task task) {
      this.content = content;
      this.task = task;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      content.write(bytes, offset, length);
      task.advance(length);
    }
  }
}
