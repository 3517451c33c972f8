package cloud.sealer.core.layer;

import cloud.sealer.sdk.Digest;
import java.io.ByteArrayOutputStream;
import java.util.Objects;

/**
 * The layer that holds one blob of a collected container image where a registry looks for it, as an
 * uncompressed tar: directories, one file, end of archive. It is a pure function of digest and size
 * of the blob, so equal blobs give equal layers in all images and at all times.
 */
public final class BlobLayer {
  /**
   * The kind of record in which a store remembers the layer of a blob: its key is the digest of the
   * blob, its value that of the layer. It is written by whoever has hashed both at once.
   */
  public static final String RECORD = "blob";

  private final Digest blob;
  private final long blobSize;
  private final byte[] prefix;

  private BlobLayer(Digest blob, long blobSize) {
    this.blob = blob;
    this.blobSize = blobSize;
    this.prefix = headers(blob, blobSize);
  }

  /**
   * The layer of a blob.
   *
   * @param blob the digest of the blob
   * @param size its length in bytes
   */
  public static BlobLayer of(Digest blob, long size) {
    Objects.requireNonNull(blob, "blob");
    if (size < 0) {
      throw new IllegalArgumentException("size must not be negative, got " + size);
    }
    return new BlobLayer(blob, size);
  }

  private static byte[] headers(Digest blob, long size) {
    String path = RegistryTree.blob(blob).value();
    ByteArrayOutputStream headers = new ByteArrayOutputStream();
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      headers.writeBytes(
          TarHeader.of(TarHeader.DIRECTORY, path.substring(0, slash + 1), "", 0755, 0, 0));
    }
    headers.writeBytes(TarHeader.of(TarHeader.FILE, path, "", 0644, size, 0));
    return headers.toByteArray();
  }

  /** The digest of the blob. */
  public Digest blob() {
    return blob;
  }

  /** The length of the blob in bytes. */
  public long blobSize() {
    return blobSize;
  }

  /** The bytes before the blob. */
  public byte[] prefix() {
    return prefix.clone();
  }

  /** The bytes after the blob. */
  public byte[] suffix() {
    return new byte[TarHeader.padding(blobSize) + TarHeader.TRAILER];
  }

  /** The length of the whole layer in bytes. */
  public long layerSize() {
    return prefix.length + blobSize + TarHeader.padding(blobSize) + TarHeader.TRAILER;
  }
}
