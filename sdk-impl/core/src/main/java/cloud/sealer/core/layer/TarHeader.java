package cloud.sealer.core.layer;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Headers of tar entries in the <a
 * href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06">ustar
 * format</a>, preceded by a PAX record for what does not fit: long or non-ASCII names and sizes
 * from 8 GiB. The owner is always 0:0 without names.
 */
final class TarHeader {
  /** Headers and contents are padded to this many bytes. */
  static final int BLOCK = 512;

  /** What ends an archive. */
  static final int TRAILER = 2 * BLOCK;

  static final char FILE = '0';
  static final char HARD_LINK = '1';
  static final char SYMLINK = '2';
  static final char DIRECTORY = '5';

  private static final char PAX = 'x';
  private static final int NAME = 100;
  private static final int PREFIX = 155;
  private static final long MAX_OCTAL = 077777777777L;

  private TarHeader() {}

  /**
   * A header with the PAX record it needs, if any.
   *
   * @param type one of the constants
   * @param name the path of the entry, of a directory with a slash at the end
   * @param link what a link points to; else empty
   * @param mode its permission bits
   * @param size the length of a file; else 0
   * @param time its time in seconds since 1970; what a header cannot hold is taken as the nearest
   *     it can
   */
  static byte[] of(char type, String name, String link, int mode, long size, long time) {
    byte[] header = new byte[BLOCK];
    ByteArrayOutputStream pax = new ByteArrayOutputStream();
    putName(header, name, pax);
    if (isPlain(link, NAME)) {
      putText(header, 157, link);
    } else {
      putText(header, 157, shortened(link));
      addRecord(pax, "linkpath", link);
    }
    if (size > MAX_OCTAL) {
      addRecord(pax, "size", Long.toString(size));
    }
    finish(header, type, mode, size > MAX_OCTAL ? 0 : size, time);
    return pax.size() == 0 ? header : withRecord(name, time, pax.toByteArray(), header);
  }

  /** How many bytes of padding follow a content of this length. */
  static int padding(long size) {
    return (int) (-size & (BLOCK - 1));
  }

  private static byte[] withRecord(String name, long time, byte[] record, byte[] header) {
    byte[] paxHeader = new byte[BLOCK];
    putText(
        paxHeader,
        0,
        shortened("PaxHeaders/" + name.substring(name.lastIndexOf('/', name.length() - 2) + 1)));
    finish(paxHeader, PAX, 0644, record.length, time);
    return ByteBuffer.allocate(2 * BLOCK + record.length + padding(record.length))
        .put(paxHeader)
        .put(record)
        .put(new byte[padding(record.length)])
        .put(header)
        .array();
  }

  private static void putName(byte[] header, String name, ByteArrayOutputStream pax) {
    if (isPlain(name, NAME)) {
      putText(header, 0, name);
      return;
    }
    if (isPlain(name, PREFIX + 1 + NAME)) {
      // The leftmost slash that leaves a short enough rest; not the one that ends a directory's
      // name.
      int slash = name.indexOf('/', name.length() - NAME - 1);
      if (slash > 0 && slash <= PREFIX && slash < name.length() - 1) {
        putText(header, 0, name.substring(slash + 1));
        putText(header, 345, name.substring(0, slash));
        return;
      }
    }
    putText(header, 0, shortened(name));
    addRecord(pax, "path", name);
  }

  private static void finish(byte[] header, char type, int mode, long size, long time) {
    putOctal(header, 100, 7, mode);
    putOctal(header, 108, 7, 0);
    putOctal(header, 116, 7, 0);
    putOctal(header, 124, 11, size);
    putOctal(header, 136, 11, Math.max(0, Math.min(time, MAX_OCTAL)));
    header[156] = (byte) type;
    putText(header, 257, "ustar\00000");
    putOctal(header, 329, 7, 0);
    putOctal(header, 337, 7, 0);
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    putOctal(header, 148, 6, sum);
    header[154] = 0;
  }

  private static void putOctal(byte[] header, int offset, int digits, long value) {
    for (int i = digits - 1; i >= 0; i--) {
      header[offset + i] = (byte) ('0' + (value & 7));
      value >>= 3;
    }
  }

  private static void putText(byte[] header, int offset, String ascii) {
    byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }

  private static boolean isPlain(String text, int limit) {
    return text.length() <= limit && text.chars().allMatch(c -> c > 0 && c < 0x80);
  }

  /** Stands in for a text that is in the PAX record, for readers that do not know PAX. */
  private static String shortened(String text) {
    StringBuilder plain = new StringBuilder();
    text.chars().filter(c -> c > 0 && c < 0x80).limit(NAME).forEach(c -> plain.append((char) c));
    return plain.toString();
  }

  /** Adds {@code LENGTH KEY=VALUE\n}, where LENGTH counts its own digits. */
  private static void addRecord(ByteArrayOutputStream pax, String key, String value) {
    byte[] rest = concat((" " + key + "=").getBytes(StandardCharsets.US_ASCII), utf8(value));
    int length = rest.length + 1;
    int digits = Integer.toString(length + Integer.toString(length).length()).length();
    pax.writeBytes(Integer.toString(length + digits).getBytes(StandardCharsets.US_ASCII));
    pax.writeBytes(rest);
    pax.write('\n');
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] utf8(String text) {
    try {
      if (text.indexOf('\0') < 0) {
        ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
      }
    } catch (CharacterCodingException e) {
      throw unusable(text, e);
    }
    throw unusable(text, null);
  }

  private static SealerException unusable(String text, @Nullable Exception cause) {
    return SealerException.builder(
            ErrorCode.INVALID_CONTEXT, "the name \"" + text + "\" cannot be written as UTF-8 text")
        .remedy("rename the file")
        .cause(cause)
        .build();
  }
}
