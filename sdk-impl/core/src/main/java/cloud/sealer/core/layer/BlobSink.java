package cloud.sealer.core.layer;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.spi.LayerStore;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Counts, hashes and stores the bytes of a blob. */
final class BlobSink {
  private final LayerStore.BlobWriter writer;
  private final Hash hash = Hash.sha256();
  private long size;

  BlobSink(LayerStore.BlobWriter writer) {
    this.writer = writer;
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    hash.update(bytes, offset, length);
    writeUnhashed(bytes, offset, length);
  }

  /** For bytes whose hash somebody else computes. */
  void writeUnhashed(byte[] bytes, int offset, int length) throws IOException {
    writer.write(ByteBuffer.wrap(bytes, offset, length));
    size += length;
  }

  Digest digest() {
    return hash.digest();
  }

  long size() {
    return size;
  }
}
