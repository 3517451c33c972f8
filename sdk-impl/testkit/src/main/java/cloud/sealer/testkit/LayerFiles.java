package cloud.sealer.testkit;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** The files of a layer, which it writes as ustar in gzip, again and again the same. */
final class LayerFiles implements BlobContent {
  private static final int BLOCK = 512;

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private record Entry(char type, int mode, long size, BlobContent content) {}

  /** What a layer is once it is written: its blob, and the digest of the tar in it. */
  record Written(Descriptor descriptor, Digest diffId) {}

  void file(String path, int mode, byte[] bytes) {
    add(path, new Entry('0', mode, bytes.length, out -> out.write(bytes)));
  }

  /** A file of bytes that nothing compresses. */
  void random(String path, long size, long seed) {
    add(path, new Entry('0', 0644, size, out -> writeRandom(out, size, seed)));
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  private void add(String path, Entry entry) {
    String name = path.startsWith("/") ? path.substring(1) : path;
    if (name.isEmpty() || prefix(name) < 0) {
      throw new IllegalArgumentException(
          "a path must have 1 to 100 bytes, or a / that leaves no more, to fit a plain tar header:"
              + " \""
              + path
              + "\"");
    }
    for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
      entries.putIfAbsent(name.substring(0, slash + 1), new Entry('5', 0755, 0, out -> {}));
    }
    entries.put(name, entry);
  }

  /** Generates bytes in steps of one size, as the generator's output depends on it. */
  private static void writeRandom(OutputStream out, long size, long seed) throws IOException {
    Random random = new Random(seed);
    byte[] buffer = new byte[8192];
    for (long left = size; left > 0; left -= buffer.length) {
      random.nextBytes(buffer);
      out.write(buffer, 0, (int) Math.min(left, buffer.length));
    }
  }

  /** Writes the layer to nowhere, to know its digests. */
  Written measure(MediaType mediaType) {
    MessageDigest blob = Hashing.start("sha256");
    MessageDigest tar = Hashing.start("sha256");
    CountingStream count = new CountingStream();
    try {
      write(new DigestOutputStream(count, blob), tar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Written(
        new Descriptor(mediaType, Hashing.finish(blob), count.total), Hashing.finish(tar));
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    write(out, Hashing.start("sha256"));
  }

  private void write(OutputStream out, MessageDigest tarHash) throws IOException {
    StoredGzip gzip = new StoredGzip(out);
    writeTar(new DigestOutputStream(gzip, tarHash));
    gzip.finish();
  }

  private void writeTar(OutputStream out) throws IOException {
    writeTar(out, "");
    end(out);
  }

  /** Writes the entries below a directory, without an end. */
  void writeTar(OutputStream out, String directory) throws IOException {
    for (Map.Entry<String, Entry> named : entries.entrySet()) {
      Entry entry = named.getValue();
      out.write(header(directory + named.getKey(), entry));
      entry.content().writeTo(out);
      out.write(new byte[(int) ((BLOCK - entry.size() % BLOCK) % BLOCK)]);
    }
  }

  static void end(OutputStream out) throws IOException {
    out.write(new byte[2 * BLOCK]);
  }

  /** How much of a name goes before its last 100 bytes; -1 if there is no place to cut it. */
  private static int prefix(String name) {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length <= 100) {
      return 0;
    }
    int cut = name.indexOf('/', length - 101);
    return cut < 0 || cut > 155 || cut == name.length() - 1 ? -1 : cut;
  }

  private static byte[] header(String name, Entry entry) {
    byte[] header = new byte[BLOCK];
    int cut = prefix(name);
    put(header, 0, cut == 0 ? name : name.substring(cut + 1));
    put(header, 345, name.substring(0, cut));
    put(header, 100, String.format("%07o", entry.mode()));
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, String.format("%011o", entry.size()));
    put(header, 136, "00000000000");
    put(header, 148, "        ");
    header[156] = (byte) entry.type();
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, String.format("%06o\0 ", sum));
    return header;
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }

  private static final class CountingStream extends OutputStream {
    private long total;

    @Override
    public void write(int b) {
      total++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      total += length;
    }
  }
}
