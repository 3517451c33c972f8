package cloud.sealer.testkit;

import java.io.IOException;
import java.io.OutputStream;

/** Bytes that can be written as often as needed. */
@FunctionalInterface
interface BlobContent {
  void writeTo(OutputStream out) throws IOException;
}
