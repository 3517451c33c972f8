package cloud.sealer.core.registry;

import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.spi.RegistryClient.BlobStream;
import cloud.sealer.testkit.RecordingTask;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Pushes and pulls one large blob; run in a JVM with little memory. */
final class BlobTransferMain {
  private static final int BUFFER = 256 * 1024;

  private BlobTransferMain() {}

  /** With the host of a plain registry and the size of the blob. */
  public static void main(String[] arguments) throws Exception {
    Reference image = Samples.reference(arguments[0], "large/blob:v1");
    long size = Long.parseLong(arguments[1]);
    RecordingTask task = new RecordingTask();
    try (HttpRegistryClient client =
        new HttpRegistryClient(
            Samples.plain(arguments[0]).build(), 4, Samples.CLOCK, Sleeper.THREAD)) {
      Descriptor blob = new Descriptor(MediaType.OCI_LAYER, hash(new Pattern(size)), size);
      client.putBlob(image, blob, () -> new Pattern(size), task);
      try (BlobStream stream = client.blob(image, blob, 0, task)) {
        Digest pulled = hash(stream.body());
        if (!pulled.equals(blob.digest()) || task.advanced() != size) {
          throw new IllegalStateException("pulled " + pulled + ", pushed " + blob.digest());
        }
      }
    }
    System.out.println("moved " + size);
  }

  private static Digest hash(InputStream in) throws Exception {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    byte[] buffer = new byte[BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      sha.update(buffer, 0, n);
    }
    return Digest.sha256(HexFormat.of().formatHex(sha.digest()));
  }

  /** Bytes that depend on their position, made as they are read. */
  static final class Pattern extends InputStream {
    private final long size;
    private long position;

    Pattern(long size) {
      this.size = size;
    }

    @Override
    public int read() {
      return position < size ? at(position++) & 0xff : -1;
    }

    @Override
    public int read(byte[] buffer, int start, int length) {
      if (position == size) {
        return -1;
      }
      int n = (int) Math.min(length, size - position);
      for (int i = 0; i < n; i++) {
        buffer[start + i] = at(position + i);
      }
      position += n;
      return n;
    }

    private static byte at(long position) {
      return (byte) (position ^ (position >> 8) ^ (position >> 16));
    }
  }
}
