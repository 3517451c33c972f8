package cloud.sealer.testkit.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.LayerStore.BlobWriter;
import cloud.sealer.sdk.spi.LayerStore.Session;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Blobs that are a few words of text, and ways to put them into a store. */
final class TextBlobs {
  private TextBlobs() {}

  static Digest digest(String text) {
    return Tck.sha256(text.getBytes(UTF_8));
  }

  static Descriptor image(String text) {
    return new Descriptor(MediaType.OCI_INDEX, digest(text), text.getBytes(UTF_8).length);
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  static String read(InputStream stream) throws IOException {
    try (stream) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }

  /** Writes a blob under the key that its digest gives. */
  static void write(Session session, String text) throws IOException {
    try (BlobWriter writer = session.write(digest(text).hex())) {
      writer.write(bytes(text));
      writer.commit(digest(text));
    }
  }

  /** Writes a blob in a session of its own. */
  static void put(LayerStore store, String text) throws IOException {
    try (Session session = store.session()) {
      write(session, text);
    }
  }

  /** Writes something that is not committed. */
  static void leave(LayerStore store, String key, String text) throws IOException {
    try (Session session = store.session();
        BlobWriter writer = session.write(key)) {
      writer.write(bytes(text));
    }
  }
}
