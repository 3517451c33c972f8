package cloud.sealer.core.image;

import cloud.sealer.core.store.StoreFailure;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Reads and writes the small blobs of images, which are the only ones held in memory: indexes,
 * manifests and configurations.
 */
public final class Documents {
  /** The largest document that is read: what registries commonly allow. */
  public static final int MAX_SIZE = 4 * 1024 * 1024;

  private Documents() {}

  /**
   * Reads a document of the store and checks its digest; a damaged one is thrown away. A descriptor
   * that is wrong about the size costs nobody else the document.
   */
  public static byte[] read(LayerStore store, Descriptor document) {
    checkSize(document);
    byte[] bytes;
    try (InputStream in = store.open(document.digest())) {
      bytes = in.readNBytes(MAX_SIZE + 1);
    } catch (IOException e) {
      throw StoreFailure.of("read", "blob " + document.digest(), e);
    }
    if (bytes.length <= MAX_SIZE && !digest(bytes, document.digest()).equals(document.digest())) {
      store.evict(document.digest());
      throw SealerException.builder(
              ErrorCode.STORE_CORRUPT, "blob " + document.digest() + " in the store is damaged")
          .remedy("it was removed; pull or build the image again")
          .detail("digest", document.digest())
          .build();
    }
    if (bytes.length != document.size()) {
      throw OciJson.unsupported(
          document.digest() + " does not have the promised " + document.size() + " bytes", null);
    }
    return bytes;
  }

  /** Refuses a document that is too large to be read. */
  public static void checkSize(Descriptor document) {
    if (document.size() > MAX_SIZE) {
      throw OciJson.unsupported(
          document.mediaType()
              + " "
              + document.digest()
              + " has "
              + document.size()
              + " bytes, more than the "
              + MAX_SIZE
              + " that are allowed",
          null);
    }
  }

  /** Puts a document into the store, unless it is there. Returns its digest. */
  public static Digest write(LayerStore.Session session, byte[] bytes) {
    Digest digest = Digest.sha256(Hashing.sha256().hashBytes(bytes).toString());
    return write(session, bytes, digest);
  }

  /** Puts a document of a known digest into the store, unless it is there. */
  public static Digest write(LayerStore.Session session, byte[] bytes, Digest digest) {
    if (session.claim(digest).isPresent()) {
      return digest;
    }
    try (LayerStore.BlobWriter writer = session.write(digest.algorithm() + "-" + digest.hex())) {
      writer.restart();
      writer.write(ByteBuffer.wrap(bytes));
      writer.commit(digest);
    } catch (IOException e) {
      throw StoreFailure.of("write", "blob " + digest, e);
    }
    return digest;
  }

  /** The digest of bytes, by the algorithm of another digest. */
  public static Digest digest(byte[] bytes, Digest like) {
    HashFunction function = like.algorithm().equals("sha512") ? Hashing.sha512() : Hashing.sha256();
    return new Digest(like.algorithm(), function.hashBytes(bytes).toString());
  }
}
