package cloud.sealer.core.image;

import cloud.sealer.core.event.TaskStarter;
import cloud.sealer.core.layer.HashingBlobWriter;
import cloud.sealer.core.store.StoreFailure;
import cloud.sealer.core.store.VerifiedBlob;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * An image in one file: an <a
 * href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md">OCI image
 * layout</a> as tar, which other tools call an OCI archive.
 */
final class ImageArchive {
  private static final int BUFFER = 1024 * 1024;
  private static final Pattern BLOB = Pattern.compile("blobs/(sha256|sha512)/([0-9a-f]+)");
  private static final byte[] LAYOUT =
      "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII);

  private final LayerStore store;

  ImageArchive(LayerStore store) {
    this.store = store;
  }

  void save(String storedName, Descriptor image, Path archive, TaskStarter parent) {
    Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
    ImageReader reader = new ImageReader(store);
    reader.blobs(image).forEach(blob -> blobs.putIfAbsent(blob.digest(), blob));
    List<Attachment> attached = new Attachments(store).of(image);
    for (Attachment attachment : attached) {
      reader
          .blobs(attachment.manifest())
          .forEach(blob -> blobs.putIfAbsent(blob.digest(), blob));
    }
    List<Descriptor> entries = new ArrayList<>();
    entries.add(image.withAnnotation(Annotations.REF_NAME, storedName));
    attached.forEach(
        attachment ->
            entries.add(
                attachment.manifest().withAnnotation(Annotations.REF_NAME, attachment.name())));
    long total = blobs.values().stream().mapToLong(Descriptor::size).sum();
    try (Task task = parent.start(Event.TaskKind.SAVE, archive.toString(), total)) {
      // A link stays a link, so that /dev/stdout and its like are never replaced.
      Path target = Files.exists(archive) ? archive.toRealPath() : archive.toAbsolutePath();
      if (Files.isDirectory(target)) {
        throw new FileSystemException(target.toString(), null, "it is a directory");
      }
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        write(target, entries, blobs.values(), task); // a device or a pipe
      } else {
        replace(target, partial -> write(partial, entries, blobs.values(), task));
      }
      task.done(total + " bytes");
    } catch (ClosedByInterruptException e) {
      throw SealerException.cancelled("saving " + storedName);
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.STORE_IO, "cannot write " + archive + ": " + reason(e))
          .remedy("choose a file in an existing directory with enough free space")
          .cause(e)
          .build();
    }
  }

  /** Writes a file. */
  @FunctionalInterface
  private interface FileWork {
    void write(Path file) throws IOException;
  }

  /** Writes beside the target and puts the whole file in its place, or leaves nothing. */
  private static void replace(Path target, FileWork work) throws IOException {
    Path partial = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      work.write(partial);
      Files.move(
          partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private void write(
      Path file, List<Descriptor> entries, Iterable<Descriptor> blobs, Task task)
      throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      add(tar, "oci-layout", LAYOUT);
      ObjectNode index = OciJson.MAPPER.createObjectNode();
      index.put("schemaVersion", 2);
      index.putArray("manifests");
      entries.forEach(entry -> index.withArray("manifests").add(OciJson.write(entry)));
      add(tar, "index.json", OciJson.bytes(index));
      byte[] buffer = new byte[BUFFER];
      for (Descriptor blob : blobs) {
        tar.putArchiveEntry(
            entry("blobs/" + blob.digest().algorithm() + "/" + blob.digest().hex(), blob.size()));
        try (InputStream in = VerifiedBlob.open(store, blob)) {
          for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            checkCancelled("saving " + file);
            tar.write(buffer, 0, n);
            task.advance(n);
          }
        }
        tar.closeArchiveEntry();
      }
    }
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

  /** Reads all blobs into the store, verified, and returns what the archive's index names. */
  List<Descriptor> load(Path archive, LayerStore.Session session, TaskStarter parent) {
    byte[] index = null;
    try (Task task = parent.start(Event.TaskKind.LOAD, archive.toString(), Files.size(archive));
        TarArchiveInputStream tar =
            new TarArchiveInputStream(
                new BufferedInputStream(Files.newInputStream(archive), BUFFER))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String name =
            entry.getName().startsWith("./") ? entry.getName().substring(2) : entry.getName();
        Matcher blob = BLOB.matcher(name);
        if (entry.isFile() && blob.matches()) {
          load(tar, entry, new Digest(blob.group(1), blob.group(2)), session, task);
        } else if (entry.isFile() && name.equals("index.json")) {
          index = tar.readNBytes(Documents.MAX_SIZE);
        }
      }
      if (index == null) {
        throw invalid(archive, "it has no index.json", null);
      }
      List<Descriptor> images = OciIndex.parse(index, "index.json of " + archive).manifests();
      checkComplete(archive, images);
      task.done(images.size() + " images");
      return images;
    } catch (NoSuchFileException e) {
      throw invalid(archive, "no such file", e);
    } catch (ClosedByInterruptException e) {
      throw SealerException.cancelled("loading " + archive);
    } catch (EOFException e) {
      throw invalid(archive, "it ends too early", e);
    } catch (IllegalArgumentException | IOException e) {
      throw invalid(archive, reason(e), e);
    }
  }

  private static void load(
      InputStream in, TarArchiveEntry entry, Digest digest, LayerStore.Session session, Task task)
      throws IOException {
    if (session.claim(digest).isPresent()) {
      in.skipNBytes(entry.getSize());
      task.advance(entry.getSize());
      return;
    }
    try (LayerStore.BlobWriter writer = session.write(digest.algorithm() + "-" + digest.hex());
        HashingBlobWriter content = HashingBlobWriter.plain(writer, digest)) {
      store(digest, content::restart);
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        checkCancelled("loading");
        int length = n;
        store(digest, () -> content.write(buffer, 0, length));
        task.advance(n);
      }
      Digest actual = content.contentDigest();
      if (!actual.equals(digest)) {
        store(digest, content::restart);
        throw SealerException.builder(
                ErrorCode.DIGEST_MISMATCH,
                "blob " + digest + " of the archive is damaged: its bytes hash to " + actual)
            .remedy("copy the archive again")
            .build();
      }
      store(digest, content::commit);
    }
  }

  /** Work on the store, whose failures are not those of the archive. */
  @FunctionalInterface
  private interface StoreWork {
    void run() throws IOException;
  }

  private static void store(Digest blob, StoreWork work) {
    try {
      work.run();
    } catch (IOException e) {
      throw StoreFailure.of("write", "blob " + blob, e);
    }
  }

  private void checkComplete(Path archive, List<Descriptor> images) {
    ImageReader reader = new ImageReader(store);
    for (Descriptor image : images) {
      check(archive, image);
      reader.manifests(image).forEach(manifest -> check(archive, manifest));
      reader.blobs(image).forEach(blob -> check(archive, blob));
    }
  }

  private void check(Path archive, Descriptor blob) {
    OptionalLong size = store.size(blob.digest());
    if (size.isEmpty()) {
      throw invalid(archive, "blob " + blob.digest() + " is missing", null);
    }
    if (size.getAsLong() != blob.size()) {
      throw invalid(
          archive,
          "blob "
              + blob.digest()
              + " has "
              + size.getAsLong()
              + " bytes, not the promised "
              + blob.size(),
          null);
    }
  }

  private static SealerException invalid(Path archive, String reason, @Nullable Throwable cause) {
    return SealerException.builder(
            ErrorCode.INVALID_ARCHIVE, "cannot load " + archive + ": " + reason)
        .remedy("give an OCI archive: a tar of an OCI image layout, as save writes it")
        .cause(cause)
        .build();
  }

  private static String reason(Throwable e) {
    if (e instanceof NoSuchFileException) {
      return "no such directory";
    }
    if (e instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getReason();
    }
    return String.valueOf(e.getMessage());
  }

  private static void checkCancelled(String what) {
    if (Thread.currentThread().isInterrupted()) {
      throw SealerException.cancelled(what);
    }
  }
}
