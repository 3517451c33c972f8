package cloud.sealer.core.registry;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.RegistryClient;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of a blob as they come. A body that ends or stalls early fails with an {@link
 * IOException}, so that the caller goes on from there; one that is too long with a final {@link
 * SealerException}.
 */
final class BlobBody extends InputStream implements RegistryClient.BlobStream {
  private final Answer answer;
  private final Descriptor blob;
  private final long offset;
  private final InputStream in;
  private long position;

  BlobBody(Answer answer, Descriptor blob, long offset) throws IOException {
    this.answer = answer;
    this.blob = blob;
    this.offset = offset;
    this.position = offset;
    this.in = answer.body();
  }

  @Override
  public long offset() {
    return offset;
  }

  @Override
  public InputStream body() {
    return this;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    int n;
    try {
      n = in.read(buffer, start, length);
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw SealerException.cancelled("download of blob " + blob.digest());
      }
      throw new IOException(
          NetworkFailures.of(e, answer.origin()).getMessage() + ", at byte " + position, e);
    }
    if (n < 0 && position < blob.size()) {
      throw new IOException(
          answer.origin().authority()
              + " ended the body at byte "
              + position
              + " of "
              + blob.size());
    }
    position += Math.max(n, 0);
    if (position > blob.size()) {
      throw SealerException.builder(
              ErrorCode.DIGEST_MISMATCH,
              answer.request()
                  + " sends more than the "
                  + blob.size()
                  + " bytes of blob "
                  + blob.digest())
          .build();
    }
    return n;
  }

  @Override
  public void close() {
    answer.close();
  }
}
