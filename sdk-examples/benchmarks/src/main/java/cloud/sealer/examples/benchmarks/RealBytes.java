package cloud.sealer.examples.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/**
 * Inputs that compress like real ones, since they are: this machine's own programs, or the files of
 * its packages, one after the other in the order of their names, and from the start again at the
 * end. The same on every run on one machine.
 */
final class RealBytes implements AutoCloseable {
  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};
  private static final long LARGEST_TEXT = 200_000;

  private final List<Path> files;
  private final byte[] buffer = new byte[256 * 1024];
  private Iterator<Path> next = Collections.emptyIterator();
  private InputStream current = InputStream.nullInputStream();

  private RealBytes(List<Path> files) {
    if (files.isEmpty()) {
      throw new IllegalStateException("this machine has no files to take inputs from");
    }
    this.files = files;
  }

  /** The machine's programs and libraries. */
  static RealBytes programs() {
    return new RealBytes(list(List.of("/usr/bin", "/usr/lib", "/usr/sbin"), RealBytes::isProgram));
  }

  /** The small files of the machine's packages, mostly texts. */
  static RealBytes texts() {
    return new RealBytes(
        list(List.of("/usr/share", "/usr/include"), file -> Files.size(file) <= LARGEST_TEXT));
  }

  private interface Filter {
    boolean test(Path file) throws IOException;
  }

  private static boolean isProgram(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(ELF.length), ELF);
    }
  }

  private static List<Path> list(List<String> directories, Filter filter) {
    List<Path> found = new ArrayList<>();
    try {
      for (String directory : directories) {
        if (Files.isDirectory(Path.of(directory))) {
          Files.walkFileTree(
              Path.of(directory),
              new SimpleFileVisitor<Path>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                    throws IOException {
                  if (attributes.isRegularFile()
                      && attributes.size() > 0
                      && Files.isReadable(file)
                      && filter.test(file)) {
                    found.add(file);
                  }
                  return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                  return FileVisitResult.CONTINUE;
                }
              });
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Collections.sort(found);
    return found;
  }

  /** Writes a file of the next bytes. */
  void write(Path file, long size) {
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long rest = size; rest > 0; ) {
        int count = current.read(buffer, 0, (int) Math.min(rest, buffer.length));
        if (count < 0) {
          open();
        } else {
          out.write(buffer, 0, count);
          rest -= count;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void open() throws IOException {
    current.close();
    if (!next.hasNext()) {
      next = files.iterator();
    }
    current = Files.newInputStream(next.next());
  }

  /** Fills a directory with a few large files. */
  static void largeFiles(Path directory, int count, long size) throws IOException {
    Files.createDirectories(directory);
    try (RealBytes programs = programs()) {
      for (int i = 0; i < count; i++) {
        programs.write(directory.resolve("program-" + i), size);
      }
    }
  }

  /** Fills a directory with many small files, a hundred in each of its directories. */
  static void smallFiles(Path directory, int count, long meanSize) throws IOException {
    Random random = new Random(count);
    try (RealBytes texts = texts()) {
      for (int i = 0; i < count; i++) {
        Path parent = Files.createDirectories(directory.resolve("d" + i / 100));
        long size = Math.round(-meanSize * Math.log(1 - random.nextDouble()));
        texts.write(parent.resolve("file-" + i), size);
      }
    }
  }

  @Override
  public void close() throws IOException {
    current.close();
  }
}
