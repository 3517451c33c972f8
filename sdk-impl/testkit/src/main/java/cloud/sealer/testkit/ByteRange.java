package cloud.sealer.testkit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of a blob.
 *
 * @param start the first byte
 * @param end the byte after the last
 */
record ByteRange(long start, long end) {
  private static final Pattern SINGLE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

  /** Reads a {@code Range} header of one range, which is all that clients of registries ask for. */
  static ByteRange parse(String header, long size) throws RegistryError {
    Matcher range = SINGLE.matcher(header);
    if (!range.matches() || header.equals("bytes=-")) {
      throw unsatisfiable(header);
    }
    String first = range.group(1);
    String last = range.group(2);
    long start = first.isEmpty() ? Math.max(0, size - Long.parseLong(last)) : Long.parseLong(first);
    long end = first.isEmpty() || last.isEmpty() ? size : Math.min(size, Long.parseLong(last) + 1);
    if (start >= end) {
      throw unsatisfiable(header);
    }
    return new ByteRange(start, end);
  }

  private static RegistryError unsatisfiable(String header) {
    return new RegistryError(416, "RANGE_INVALID", "cannot satisfy the range " + header);
  }
}
