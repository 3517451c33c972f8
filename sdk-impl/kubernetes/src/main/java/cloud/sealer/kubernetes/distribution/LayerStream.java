package cloud.sealer.kubernetes.distribution;

import cloud.sealer.core.layer.LayerReader;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * How a layer goes to a host: as it is stored if the host can unpack that, else uncompressed.
 *
 * @param content what is sent
 * @param unpack the command of the host that makes a tar of it; empty if it is one
 * @param digest what the host checks
 */
record LayerStream(FileTree.Content content, String unpack, Digest digest) {
  private static final String NO_COMPRESSION = "";

  /**
   * Chooses the way.
   *
   * @param programs what the host has
   * @param diffId the digest of the uncompressed layer
   * @param sent hears of bytes of the stored blob that are on their way
   */
  static LayerStream of(
      LayerStore store, Descriptor layer, Digest diffId, Set<String> programs, LongConsumer sent)
      throws IOException {
    String program = program(store, layer);
    if (program.isEmpty()) {
      return new LayerStream(stored(store, layer, sent), NO_COMPRESSION, layer.digest());
    }
    if (programs.contains(program)) {
      return new LayerStream(stored(store, layer, sent), program + " -dc", layer.digest());
    }
    FileTree.Content stored = stored(store, layer, sent);
    return new LayerStream(() -> LayerReader.decompress(stored.open()), NO_COMPRESSION, diffId);
  }

  private static String program(LayerStore store, Descriptor layer) throws IOException {
    byte[] magic;
    try (InputStream in = store.open(layer.digest())) {
      magic = in.readNBytes(4);
    }
    if (magic.length == 4 && magic[0] == 0x1f && (magic[1] & 0xff) == 0x8b) {
      return "gzip";
    }
    boolean zstd =
        magic.length == 4
            && magic[0] == 0x28
            && (magic[1] & 0xff) == 0xb5
            && magic[2] == 0x2f
            && (magic[3] & 0xff) == 0xfd;
    return zstd ? "zstd" : "";
  }

  private static FileTree.Content stored(LayerStore store, Descriptor layer, LongConsumer sent) {
    return () -> new Counting(store.open(layer.digest()), sent);
  }

  private static final class Counting extends FilterInputStream {
    private final LongConsumer sent;

    Counting(InputStream in, LongConsumer sent) {
      super(in);
      this.sent = sent;
    }

    @Override
    public int read() throws IOException {
      int next = in.read();
      if (next >= 0) {
        sent.accept(1);
      }
      return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = in.read(bytes, offset, length);
      if (count > 0) {
        sent.accept(count);
      }
      return count;
    }
  }
}
