package cloud.sealer.core.transfer;

import cloud.sealer.core.layer.HashingBlobWriter;
import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.core.retry.TransferAttempts;
import cloud.sealer.core.store.StoreFailure;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * Downloads blobs: what a broken or killed download left is continued by byte range, and bytes that
 * do not have the digest are fetched once more before they are an error.
 */
public final class BlobDownload {
  private static final int BUFFER = 256 * 1024;

  private final RegistryClient client;
  private final RegistryOptions options;

  /** Downloads with a client. */
  public BlobDownload(RegistryClient client, RegistryOptions options) {
    this.client = client;
    this.options = options;
  }

  /**
   * A blob and a repository that has it.
   *
   * @param repository an image in that repository
   * @param blob the blob
   */
  public record Wanted(Reference repository, Descriptor blob) {}

  /** What the writer of a blob that is stored as it is has for a key. */
  public static String key(Digest blob) {
    return blob.algorithm() + "-" + blob.hex();
  }

  /** Brings a blob as it is into the store, unless it is there. */
  public void toStore(Wanted wanted, LayerStore.Session session, Task parent) {
    Descriptor blob = wanted.blob();
    try (Task task = parent.start(Event.TaskKind.BLOB, blob.digest().toString(), blob.size())) {
      if (isThere(blob, session, task)) {
        task.cached("");
        return;
      }
      try (LayerStore.BlobWriter writer = session.write(key(blob.digest()));
          HashingBlobWriter content = HashingBlobWriter.plain(writer, blob.digest())) {
        // Another process may have finished it while this one waited for the key.
        if (session.claim(blob.digest()).orElse(-1) == blob.size()) {
          task.cached("");
          return;
        }
        download(wanted, content, task, bytes -> {});
        content.commit();
        task.done("");
      } catch (IOException e) {
        throw StoreFailure.of("write", "blob " + blob.digest(), e);
      }
    }
  }

  /** Whether the store has the blob, as far as its length can tell. */
  private static boolean isThere(Descriptor blob, LayerStore.Session session, Task task) {
    OptionalLong size = session.claim(blob.digest());
    if (size.isPresent() && size.getAsLong() != blob.size()) {
      // The whole one takes its place when it is here.
      task.evicted(blob.digest(), "it has " + size.getAsLong() + " bytes, not " + blob.size());
    }
    return size.isPresent() && size.getAsLong() == blob.size();
  }

  /**
   * Downloads the rest of a blob and checks its digest.
   *
   * @param wanted the blob
   * @param layer where its bytes go; left uncommitted
   * @param task where to report
   * @param downloaded told the bytes that come
   * @throws IOException if the store cannot be written
   */
  public void download(Wanted wanted, HashingBlobWriter layer, Task task, LongConsumer downloaded)
      throws IOException {
    Descriptor blob = wanted.blob();
    TransferAttempts attempts = new TransferAttempts(options, Sleeper.THREAD);
    task.advance(layer.contentPosition());
    boolean damaged = false;
    while (true) {
      try {
        transfer(wanted, layer, task, downloaded, attempts);
      } catch (TransferBrokenException e) {
        if (!attempts.again(e, "downloading " + blob.digest(), task)) {
          throw SealerException.builder(
                  ErrorCode.UNREACHABLE,
                  "download of blob "
                      + blob.digest()
                      + " of "
                      + wanted.repository()
                      + " broke off at byte "
                      + layer.contentPosition()
                      + ": "
                      + e.getMessage())
              .retryable(true)
              .attempts(attempts.failed())
              .remedy("build again: it goes on where it stopped")
              .cause(e)
              .build();
        }
        continue;
      }
      Digest actual = layer.contentDigest();
      if (actual.equals(blob.digest())) {
        return;
      }
      layer.restart();
      client.damaged(wanted.repository(), blob.digest());
      task.evicted(blob.digest(), "its bytes hash to " + actual);
      if (damaged) {
        throw SealerException.builder(
                ErrorCode.DIGEST_MISMATCH,
                "blob "
                    + blob.digest()
                    + " of "
                    + wanted.repository()
                    + " has other bytes: they hash to "
                    + actual)
            .remedy("the registry or a proxy before it is damaged; push the image there again")
            .build();
      }
      damaged = true;
    }
  }

  /** A download broke for reasons of the network, not of the store. */
  private static final class TransferBrokenException extends IOException {
    private static final long serialVersionUID = 1L;

    TransferBrokenException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private void transfer(
      Wanted wanted,
      HashingBlobWriter layer,
      Task task,
      LongConsumer downloaded,
      TransferAttempts attempts)
      throws IOException {
    Descriptor blob = wanted.blob();
    long offset = layer.contentPosition();
    if (offset > 0 && offset == blob.size()) {
      task.resumed(offset);
    }
    if (offset == blob.size()) {
      return;
    }
    try (RegistryClient.BlobStream stream = client.blob(wanted.repository(), blob, offset, task)) {
      if (offset > 0 && stream.offset() == offset) {
        task.resumed(offset);
      } else if (stream.offset() != offset) {
        layer.restart();
      }
      byte[] buffer = new byte[BUFFER];
      InputStream body = stream.body();
      for (int n = read(body, buffer); n >= 0; n = read(body, buffer)) {
        if (Thread.currentThread().isInterrupted()) {
          throw SealerException.cancelled("downloading " + blob.digest());
        }
        if (layer.contentPosition() + n > blob.size()) {
          throw new TransferBrokenException(
              new IOException("more than the expected " + blob.size() + " bytes came"));
        }
        layer.write(buffer, 0, n);
        task.advance(n);
        downloaded.accept(n);
        attempts.progressed(layer.contentPosition());
      }
    }
    if (layer.contentPosition() < blob.size()) {
      throw new TransferBrokenException(
          new IOException("the body ended after " + layer.contentPosition() + " bytes"));
    }
  }

  private static int read(InputStream body, byte[] buffer) throws TransferBrokenException {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw new TransferBrokenException(e);
    }
  }
}
