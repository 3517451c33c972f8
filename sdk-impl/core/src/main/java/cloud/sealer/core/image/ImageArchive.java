package cloud.sealer.core.image;

import cloud.sealer.core.archive.ArchiveFile;
import cloud.sealer.core.archive.PartsOutput;
import cloud.sealer.core.event.TaskStarter;
import cloud.sealer.core.files.TreeRemoval;
import cloud.sealer.core.store.FreeSpace;
import cloud.sealer.core.store.VerifiedBlob;
import cloud.sealer.sdk.ArchiveOutput;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An image in one file: an <a
 * href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md">OCI image
 * layout</a> as tar, which other tools call an OCI archive.
 */
final class ImageArchive {
  private static final int BUFFER = 1024 * 1024;
  private static final long RECORD = 512;
  private static final byte[] LAYOUT =
      "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII);

  private final LayerStore store;

  ImageArchive(LayerStore store) {
    this.store = store;
  }

  /**
   * What an archive is to hold.
   *
   * @param name the name of the image in it
   * @param entries the image and what is attached to it, as the archive's index lists them
   * @param blobs the blobs to put into it
   */
  record Content(String name, List<Descriptor> entries, Collection<Descriptor> blobs) {
    /** An image with all of its blobs. */
    static Content whole(LayerStore store, String name, Descriptor image) {
      List<Attachment> attached = new Attachments(store).of(image);
      return new Content(
          name, entries(name, image, attached), distinct(store, image, attached).values());
    }

    /** An image with the blobs that another one does not have. */
    static Content delta(LayerStore store, Names.Found from, String name, Descriptor image) {
      Descriptor marked =
          image
              .withAnnotation(Annotations.DELTA_BASE, from.image().digest().toString())
              .withAnnotation(Annotations.DELTA_BASE_NAME, from.reference().toString());
      List<Attachment> attached = new Attachments(store).of(image);
      Map<Digest, Descriptor> blobs = distinct(store, image, attached);
      blobs.keySet().removeAll(distinct(store, from.image(), List.of()).keySet());
      return new Content(name, entries(name, marked, attached), blobs.values());
    }

    private static List<Descriptor> entries(
        String name, Descriptor image, List<Attachment> attached) {
      List<Descriptor> entries = new ArrayList<>();
      entries.add(image.withAnnotation(Annotations.REF_NAME, name));
      attached.forEach(
          attachment ->
              entries.add(
                  attachment.manifest().withAnnotation(Annotations.REF_NAME, attachment.name())));
      return entries;
    }

    private static Map<Digest, Descriptor> distinct(
        LayerStore store, Descriptor image, List<Attachment> attached) {
      Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
      ImageReader reader = new ImageReader(store);
      reader.blobs(image).forEach(blob -> blobs.putIfAbsent(blob.digest(), blob));
      for (Attachment attachment : attached) {
        reader.blobs(attachment.manifest()).forEach(blob -> blobs.putIfAbsent(blob.digest(), blob));
      }
      return blobs;
    }
  }

  void save(Content content, ArchiveOutput output, TaskStarter parent) {
    Path archive = output.path();
    long total = content.blobs().stream().mapToLong(Descriptor::size).sum();
    try (Task task = parent.start(Event.TaskKind.SAVE, archive.toString(), total)) {
      // A link stays a link, so that /dev/stdout and its like are never replaced.
      Path target = Files.exists(archive) ? archive.toRealPath() : archive.toAbsolutePath();
      if (output.partSize() > 0) {
        checkEmpty(target);
        requireSpace(target, content);
        replace(target, partial -> writeParts(partial, output.partSize(), content, task));
      } else if (Files.isDirectory(target)) {
        throw new FileSystemException(target.toString(), null, "it is a directory");
      } else if (Files.exists(target) && !Files.isRegularFile(target)) {
        writeFile(target, content, task); // a device or a pipe
      } else {
        requireSpace(target, content);
        replace(target, partial -> writeFile(partial, content, task));
      }
      task.done(total + " bytes");
    } catch (ClosedByInterruptException e) {
      throw SealerException.cancelled("saving " + content.name());
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.STORE_IO, "cannot write " + archive + ": " + ArchiveFile.reason(e))
          .remedy("choose a place in an existing directory with enough free space")
          .cause(e)
          .build();
    }
  }

  /** A tar has a header before each file and rounds it up to its records. */
  private static void requireSpace(Path target, Content content) {
    long bytes =
        content.blobs().stream()
            .mapToLong(blob -> RECORD + (blob.size() + RECORD - 1) / RECORD * RECORD)
            .sum();
    Path directory = target.getParent();
    if (directory != null && Files.isDirectory(directory)) {
      FreeSpace.require(directory, bytes, "or save to another disk");
    }
  }

  private static void checkEmpty(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    if (!Files.isDirectory(directory)) {
      throw new FileSystemException(directory.toString(), null, "it is a file, not a directory");
    }
    try (Stream<Path> files = Files.list(directory)) {
      if (files.findAny().isPresent()) {
        throw new FileSystemException(directory.toString(), null, "the directory is not empty");
      }
    }
  }

  /** Writes a file. */
  @FunctionalInterface
  private interface FileWork {
    void write(Path file) throws IOException;
  }

  /** Writes beside the target and puts the whole in its place, or leaves nothing. */
  private static void replace(Path target, FileWork work) throws IOException {
    Path partial = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      work.write(partial);
      Files.move(
          partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      TreeRemoval.remove(partial);
    }
  }

  private void writeParts(Path directory, long partSize, Content content, Task task)
      throws IOException {
    Files.createDirectory(directory);
    try (PartsOutput parts = new PartsOutput(directory, partSize)) {
      write(new BufferedOutputStream(parts, BUFFER), content, task);
      parts.finish();
    }
  }

  private void writeFile(Path file, Content content, Task task) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER)) {
      write(out, content, task);
    }
  }

  /** Writes a whole tar; the stream stays open. */
  private void write(OutputStream out, Content content, Task task) throws IOException {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    add(tar, "oci-layout", LAYOUT);
    ObjectNode index = OciJson.MAPPER.createObjectNode();
    index.put("schemaVersion", 2);
    index.putArray("manifests");
    content.entries().forEach(entry -> index.withArray("manifests").add(OciJson.write(entry)));
    add(tar, "index.json", OciJson.bytes(index));
    byte[] buffer = new byte[BUFFER];
    for (Descriptor blob : content.blobs()) {
      tar.putArchiveEntry(
          entry("blobs/" + blob.digest().algorithm() + "/" + blob.digest().hex(), blob.size()));
      try (InputStream in = VerifiedBlob.open(store, blob)) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          checkCancelled("saving " + content.name());
          tar.write(buffer, 0, n);
          task.advance(n);
        }
      }
      tar.closeArchiveEntry();
    }
    tar.finish();
    out.flush();
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] bytes)
      throws IOException {
    tar.putArchiveEntry(entry(name, bytes.length));
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private static TarArchiveEntry entry(String name, long size) {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.setMode(0100644);
    entry.setIds(0, 0);
    entry.setNames("", "");
    entry.setModTime(0);
    return entry;
  }

  private static void checkCancelled(String what) {
    if (Thread.currentThread().isInterrupted()) {
      throw SealerException.cancelled(what);
    }
  }
}
