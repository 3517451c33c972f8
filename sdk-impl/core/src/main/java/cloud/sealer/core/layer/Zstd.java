package cloud.sealer.core.layer;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.google.common.base.Throwables;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

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
    Throwable root = Throwables.getRootCause(e);
    String what = "cannot " + action + " a zstd layer: ";
    if (String.valueOf(root.getMessage()).contains("Cannot unpack")) {
      return SealerException.builder(
              ErrorCode.STORE_IO,
              what
                  + "its native part does not fit into "
                  + temporaries()
                  + ": "
                  + root.getMessage())
          .remedy(
              "free a megabyte in that directory, start Java with -Djava.io.tmpdir=DIRECTORY to"
                  + " use another one, or use gzip")
          .cause(e)
          .build();
    }
    return SealerException.builder(
            ErrorCode.PROVIDER_MISSING, what + "zstd-jni is not usable: " + root)
        .remedy(
            "add com.github.luben:zstd-jni to the class path, or use gzip; if it is there, the"
                + " directory for temporary files must allow executables")
        .cause(e)
        .build();
  }

  /** The directory where libraries unpack what they need. */
  private static String temporaries() {
    try {
      Path probe = Files.createTempDirectory("sealer");
      Files.delete(probe);
      return String.valueOf(probe.getParent());
    } catch (IOException e) {
      return "the directory for temporary files";
    }
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
