package cloud.sealer.core.trust;

import cloud.sealer.core.layer.HashingBlobWriter;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.spi.LayerStore;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;

/** A blob of a store whose digest is known when all is written. */
final class BlobOutput extends OutputStream {
  /** Only tells by which algorithm to hash. */
  private static final Digest LIKE = Digest.sha256("0".repeat(64));

  private final LayerStore.BlobWriter writer;
  private final HashingBlobWriter content;

  private BlobOutput(LayerStore.BlobWriter writer, HashingBlobWriter content) {
    this.writer = writer;
    this.content = content;
  }

  static BlobOutput open(LayerStore.Session session) throws IOException {
    LayerStore.BlobWriter writer = session.write("output-" + UUID.randomUUID());
    try {
      return new BlobOutput(writer, HashingBlobWriter.plain(writer, LIKE));
    } catch (IOException | RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    content.write(bytes, offset, length);
  }

  /** Makes what was written a blob. */
  Descriptor commit(MediaType type) throws IOException {
    long size = content.contentPosition();
    Digest digest = content.contentDigest();
    content.commit();
    return new Descriptor(type, digest, size);
  }

  @Override
  public void close() {
    content.close();
    writer.close();
  }
}
