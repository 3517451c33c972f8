package cloud.sealer.core.image;

import cloud.sealer.core.layer.BlobLayer;
import cloud.sealer.core.layer.LayerEntry;
import cloud.sealer.core.layer.LayerReader;
import cloud.sealer.core.layer.RegistryTree;
import cloud.sealer.core.store.VerifiedBlob;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.LayerStore;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.io.ByteStreams;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * A blob of a container image in the layer that holds nothing else.
 *
 * @param store has the layer
 * @param blob the digest of the blob
 * @param layer the layer
 */
record BlobOfLayer(LayerStore store, Digest blob, Descriptor layer) {
  private static final int BUFFER = 256 * 1024;

  /** What is wrong with it, as far as lengths can tell. */
  static Optional<String> problem(LayerStore store, Descriptor blob, Descriptor layer) {
    OptionalLong size = store.size(layer.digest());
    if (size.isEmpty()) {
      return Optional.of("blob " + blob.digest() + " is missing");
    }
    boolean fits =
        size.getAsLong() == layer.size()
            && BlobLayer.of(blob.digest(), blob.size()).layerSize() == layer.size();
    return fits
        ? Optional.empty()
        : Optional.of(
            "layer "
                + layer.digest()
                + " cannot hold blob "
                + blob.digest()
                + " of "
                + blob.size()
                + " bytes");
  }

  /** Whether this store has seen that the layer holds the blob. */
  boolean isKnown() {
    return store
        .recall(BlobLayer.RECORD, blob.toString())
        .filter(layer.digest().toString()::equals)
        .isPresent();
  }

  /**
   * Reads the layer, proves its digest and that it holds the blob, and remembers that.
   *
   * @return what is wrong, as half a sentence
   */
  Optional<String> prove(LongConsumer progress) {
    Hasher hasher =
        blob.algorithm().equals("sha512")
            ? Hashing.sha512().newHasher()
            : Hashing.sha256().newHasher();
    RootfsPath path = RegistryTree.blob(blob);
    byte[] buffer = new byte[BUFFER];
    int[] files = {0};
    new LayerReader(store)
        .read(
            layer,
            null,
            progress,
            (entry, content) -> {
              if (entry.kind() == LayerEntry.Kind.FILE && entry.path().equals(path)) {
                files[0]++;
                hash(content, buffer, hasher);
              } else if (entry.kind() != LayerEntry.Kind.DIRECTORY) {
                files[0] += 2;
              }
            });
    Digest actual = new Digest(blob.algorithm(), hasher.hash().toString());
    if (files[0] != 1 || !actual.equals(blob)) {
      return Optional.of("layer " + layer.digest() + " does not hold blob " + blob);
    }
    store.remember(BlobLayer.RECORD, blob.toString(), layer.digest().toString());
    return Optional.empty();
  }

  private static void hash(InputStream content, byte[] buffer, Hasher hasher)
      throws LayerReader.DamagedLayerException {
    try {
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        hasher.putBytes(buffer, 0, n);
      }
    } catch (LayerReader.DamagedLayerException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("only the layer is read", e);
    }
  }

  /** The bytes of the blob. Reading its last byte proves the digest of the layer. */
  InputStream open(long size) throws IOException {
    InputStream in = VerifiedBlob.open(store, layer);
    boolean positioned = false;
    try {
      // Read, not skipped: the digest of the layer is over all of its bytes.
      int prefix = BlobLayer.of(blob, size).prefix().length;
      positioned = in.readNBytes(prefix).length == prefix;
    } finally {
      if (!positioned) {
        in.close();
      }
    }
    return new Content(in, size);
  }

  /** Gives out the blob alone, and reads on to the end of the layer before its last byte. */
  private static final class Content extends FilterInputStream {
    private long left;

    Content(InputStream in, long size) {
      super(in);
      left = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0 || length == 0) {
        return left == 0 ? -1 : 0;
      }
      int n = in.read(buffer, offset, (int) Math.min(length, left));
      left -= Math.max(0, n);
      if (left == 0) {
        ByteStreams.exhaust(in);
      }
      return n;
    }
  }
}
