package cloud.sealer.core.store;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a blob of a store on its way out of it. Its last byte is not given to anybody unless all
 * have the digest; a damaged blob is thrown away. Not thread-safe.
 */
public final class VerifiedBlob extends FilterInputStream {
  private final LayerStore store;
  private final Descriptor blob;
  private final Hasher hasher;
  private long count;

  private VerifiedBlob(InputStream in, LayerStore store, Descriptor blob) {
    super(in);
    this.store = store;
    this.blob = blob;
    this.hasher =
        blob.digest().algorithm().equals("sha512")
            ? Hashing.sha512().newHasher()
            : Hashing.sha256().newHasher();
  }

  /**
   * Opens a blob.
   *
   * @return its bytes; reading the last fails with {@link ErrorCode#STORE_CORRUPT} if one is wrong
   */
  public static InputStream open(LayerStore store, Descriptor blob) {
    return new VerifiedBlob(store.open(blob.digest()), store, blob);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int n = in.read(buffer, offset, length);
    if (n > 0) {
      hasher.putBytes(buffer, offset, n);
      count += n;
    }
    if (count > blob.size() || (n < 0 && count < blob.size())) {
      throw damaged("it has " + (n < 0 ? "only " + count : "more than " + blob.size()) + " bytes");
    }
    if (n > 0 && count == blob.size()) {
      Digest actual = new Digest(blob.digest().algorithm(), hasher.hash().toString());
      if (!actual.equals(blob.digest())) {
        throw damaged("its bytes hash to " + actual);
      }
    }
    return n;
  }

  private SealerException damaged(String how) {
    store.evict(blob.digest());
    return SealerException.builder(
            ErrorCode.STORE_CORRUPT, "blob " + blob.digest() + " in the store is damaged: " + how)
        .remedy("it was removed; pull or build the image again")
        .detail("digest", blob.digest())
        .build();
  }
}
