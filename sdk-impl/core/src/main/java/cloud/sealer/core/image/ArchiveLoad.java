package cloud.sealer.core.image;

import cloud.sealer.core.archive.ArchiveFile;
import cloud.sealer.core.event.TaskStarter;
import cloud.sealer.core.layer.HashingBlobWriter;
import cloud.sealer.core.layer.LayerReader;
import cloud.sealer.core.store.StoreFailure;
import cloud.sealer.core.transfer.BlobDownload;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarFile;

/** Reads what {@link ImageArchive} or another tool wrote into the store, in one pass. */
final class ArchiveLoad {
  private static final int BUFFER = 1024 * 1024;
  static final Pattern BLOB =
      Pattern.compile("(?:\\./)?blobs/(sha256|sha512)/([0-9a-f]{64}|[0-9a-f]{128})");

  private final LayerStore store;
  private final LayerStore.Session session;

  ArchiveLoad(LayerStore store, LayerStore.Session session) {
    this.store = store;
    this.session = session;
  }

  /** Reads all blobs into the store, verified, and returns what the archive's index names. */
  List<Descriptor> load(Path path, TaskStarter parent) {
    ArchiveFile archive = ArchiveFile.at(path);
    try {
      return load(archive, parent);
    } catch (SealerException e) {
      boolean ofArchive =
          e.code() == ErrorCode.INVALID_ARCHIVE || e.code() == ErrorCode.DIGEST_MISMATCH;
      throw ofArchive ? archive.damagedPart().orElse(e) : e;
    }
  }

  private List<Descriptor> load(ArchiveFile archive, TaskStarter parent) {
    Path path = archive.path();
    ensureSpace(archive);
    try (Task task = parent.start(Event.TaskKind.LOAD, path.toString(), archive.size());
        InputStream in = LayerReader.decompress(archive.stream());
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new BufferedInputStream(in, BUFFER))) {
      List<Descriptor> images = read(path, tar, task);
      checkComplete(path, images);
      task.done(images.size() + " images");
      return images;
    } catch (ClosedByInterruptException e) {
      throw SealerException.cancelled("loading " + path);
    } catch (EOFException e) {
      throw ArchiveFile.invalid(path, "it ends too early", e);
    } catch (IllegalArgumentException | IOException e) {
      throw ArchiveFile.invalid(path, ArchiveFile.reason(e), e);
    }
  }

  /**
   * What is to come is known before only if the archive can be searched: one that is no pipe, is
   * not compressed, and has not too many entries to remember.
   */
  private void ensureSpace(ArchiveFile archive) {
    if (!archive.isSearchable()) {
      return;
    }
    Map<String, Long> lacking = new TreeMap<>();
    try {
      if (archive.isCompressed()) {
        return;
      }
      addLacking(archive, lacking);
    } catch (IllegalArgumentException | IOException e) {
      return; // whoever reads it whole says what is wrong
    }
    session.ensureSpace(lacking);
  }

  private void addLacking(ArchiveFile archive, Map<String, Long> lacking) throws IOException {
    try (SeekableByteChannel channel = archive.headers();
        TarFile tar = new TarFile(channel)) {
      for (TarArchiveEntry entry : tar.getEntries()) {
        Matcher blob = BLOB.matcher(entry.getName());
        if (entry.isFile() && blob.matches()) {
          Digest digest = new Digest(blob.group(1), blob.group(2));
          if (store.size(digest).orElse(-1) != entry.getSize()) {
            lacking.put(BlobDownload.key(digest), entry.getSize());
          }
        }
      }
    }
  }

  private List<Descriptor> read(Path path, TarArchiveInputStream tar, Task task)
      throws IOException {
    List<Descriptor> images = null;
    boolean docker = false;
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      Matcher blob = BLOB.matcher(entry.getName());
      if (entry.isFile() && blob.matches()) {
        load(tar, entry, new Digest(blob.group(1), blob.group(2)), task);
      } else if (entry.isFile() && entry.getName().matches("(?:\\./)?index\\.json")) {
        images =
            OciIndex.parse(tar.readNBytes(Documents.MAX_SIZE), "index.json of " + path).manifests();
        images.forEach(image -> checkBase(store, path, image));
      } else if (entry.getName().matches("(?:\\./)?manifest\\.json")) {
        docker = true;
      }
    }
    if (images == null) {
      throw docker ? ofDocker(path) : ArchiveFile.invalid(path, "it has no index.json", null);
    }
    return images;
  }

  /** What docker before its version 25 saves has the layers, but neither digests nor manifests. */
  static SealerException ofDocker(Path path) {
    return SealerException.builder(
            ErrorCode.INVALID_ARCHIVE,
            "cannot load " + path + ": it is an archive of docker save, without OCI manifests")
        .remedy(
            "convert it: skopeo copy docker-archive:"
                + path
                + " oci-archive:FILE:NAME; then load"
                + " that file")
        .build();
  }

  /** A delta needs the image it was made against, whole, before anything is written. */
  static void checkBase(LayerStore store, Path path, Descriptor image) {
    String base = image.annotations().get(Annotations.DELTA_BASE);
    if (base == null) {
      return;
    }
    Digest digest = Digest.parse(base);
    if (store.size(digest).isEmpty()) {
      String name = image.annotations().getOrDefault(Annotations.DELTA_BASE_NAME, "an image");
      throw SealerException.builder(
              ErrorCode.INVALID_ARCHIVE,
              path
                  + " is a delta to "
                  + name
                  + " ("
                  + digest
                  + "), and that image is not in the store")
          .remedy("load or pull " + name + " with that digest first, or get the whole image")
          .detail("digest", digest)
          .build();
    }
  }

  private void load(InputStream in, TarArchiveEntry entry, Digest digest, Task task)
      throws IOException {
    OptionalLong present = session.claim(digest);
    if (present.isPresent() && present.getAsLong() == entry.getSize()) {
      in.skipNBytes(entry.getSize());
      task.advance(entry.getSize());
      return;
    }
    // A compressed archive says only here how large its blobs are.
    session.ensureSpace(Map.of(BlobDownload.key(digest), entry.getSize()));
    try (LayerStore.BlobWriter writer = session.write(BlobDownload.key(digest));
        HashingBlobWriter content = HashingBlobWriter.plain(writer, digest)) {
      store(digest, content::restart);
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (Thread.currentThread().isInterrupted()) {
          throw SealerException.cancelled("loading");
        }
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
    OptionalLong size = session.claim(blob.digest());
    if (size.isEmpty()) {
      throw ArchiveFile.invalid(archive, "blob " + blob.digest() + " is missing", null);
    }
    if (size.getAsLong() != blob.size()) {
      throw ArchiveFile.invalid(
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
}
