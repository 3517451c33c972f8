package cloud.sealer.core.registry;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.spi.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.LongConsumer;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/**
 * The bytes of a blob as the body of a request, streamed, as often as needed. Progress counts each
 * byte once: what is sent again after a failure is not reported again.
 */
final class BlobEntity extends AbstractHttpEntity {
  private static final int BUFFER = 256 * 1024;

  private final Descriptor blob;
  private final FileTree.Content content;
  private final LongConsumer progress;
  private final StallWatch watch;
  private volatile long position;
  private volatile Runnable abort = () -> {};
  private long reported;

  BlobEntity(Descriptor blob, FileTree.Content content, LongConsumer progress, StallWatch watch) {
    super(ContentType.APPLICATION_OCTET_STREAM, null);
    this.blob = blob;
    this.content = content;
    this.progress = progress;
    this.watch = watch;
  }

  /** Says how to end the request that this is the body of. */
  void abortWith(Runnable action) {
    abort = action;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    position = 0;
    Runnable end = watch.watch(() -> position, abort);
    try (InputStream in = open()) {
      copy(in, out);
    } finally {
      end.run();
    }
  }

  private void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER, blob.size()))];
    long sent = 0;
    for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
      if (sent + n > blob.size()) {
        throw unfit("more than");
      }
      out.write(buffer, 0, n);
      sent += n;
      position = sent;
      if (sent > reported) {
        progress.accept(sent - reported);
        reported = sent;
      }
    }
    if (sent < blob.size()) {
      throw unfit("only " + sent + " of");
    }
  }

  private InputStream open() throws IOException {
    try {
      return content.open();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private int read(InputStream in, byte[] buffer) throws IOException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private RegistryFailure unreadable(IOException e) {
    return RegistryFailure.of(
            ErrorCode.STORE_IO, "blob " + blob.digest() + " cannot be read: " + e.getMessage())
        .because(e);
  }

  private RegistryFailure unfit(String amount) {
    return RegistryFailure.of(
        ErrorCode.STORE_CORRUPT,
        "the content of blob "
            + blob.digest()
            + " has "
            + amount
            + " its "
            + blob.size()
            + " bytes");
  }

  @Override
  public long getContentLength() {
    return blob.size();
  }

  @Override
  public boolean isRepeatable() {
    return true;
  }

  @Override
  public boolean isStreaming() {
    return false;
  }

  @Override
  public InputStream getContent() {
    throw new UnsupportedOperationException("this entity is only written");
  }

  @Override
  public void close() {
    // Each writing closes what it opens.
  }
}
