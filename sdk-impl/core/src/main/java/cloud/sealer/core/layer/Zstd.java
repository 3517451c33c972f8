package cloud.sealer.core.layer;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;

/** The only door to zstd-jni, which applications may leave out. */
final class Zstd {
  private Zstd() {}

  static LayerCompressor compressor(BlobSink sink, int workers) {
    try {
      return new ZstdCompressor(sink, workers);
    } catch (LinkageError e) {
      throw missing("write", e);
    }
  }

  static InputStream decompress(InputStream in) throws IOException {
    try {
      return Reading.open(in);
    } catch (LinkageError e) {
      throw missing("read", e);
    }
  }

  /** The library is not there, or its native part does not work here. */
  private static SealerException missing(String action, LinkageError e) {
    return SealerException.builder(
            ErrorCode.PROVIDER_MISSING,
            "cannot " + action + " a zstd layer: zstd-jni is not usable: " + e)
        .remedy(
            "add com.github.luben:zstd-jni to the class path, or use gzip; if it is there, the"
                + " directory for temporary files must allow executables")
        .cause(e)
        .build();
  }

  /**
   * A class of its own, as the verifier loads what is returned as another class before any code
   * runs.
   */
  private static final class Reading {
    static InputStream open(InputStream in) throws IOException {
      return new ZstdInputStreamNoFinalizer(in);
    }
  }
}
