package cloud.sealer.core.image;

import cloud.sealer.core.archive.ArchiveFile;
import cloud.sealer.core.layer.HashingBlobWriter;
import cloud.sealer.core.layer.LayerReader;
import cloud.sealer.core.store.StoreFailure;
import cloud.sealer.core.store.VerifiedBlob;
import cloud.sealer.core.transfer.BlobDownload;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.PruneResult;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import com.google.common.io.ByteStreams;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.jspecify.annotations.Nullable;

/**
 * A store with the images of archives beside its own. Their blobs are read where they lie in the
 * archive; only what gets a name in the store is copied into it.
 */
public final class ArchiveStore implements LayerStore {
  private static final int BUFFER = 256 * 1024;

  private final LayerStore store;
  private final Map<Digest, Place> places = new ConcurrentHashMap<>();
  private final Map<String, Descriptor> names = new TreeMap<>();
  private final Map<Path, Map<String, Descriptor>> byArchive = new HashMap<>();

  /** Has what was unpacked; null if nothing was. */
  private @Nullable Session unpacking;

  private ArchiveStore(LayerStore store) {
    this.store = store;
  }

  /** Where a blob lies. */
  private record Place(ArchiveFile archive, long offset, long size) {}

  /**
   * Looks into archives.
   *
   * @param store the store; closed by whoever opened it
   * @param archives the archives; one that is compressed is unpacked on the disk of the store until
   *     what is returned is closed
   * @throws SealerException with {@link ErrorCode#INVALID_ARCHIVE} if one is no OCI archive
   */
  public static LayerStore over(LayerStore store, List<Path> archives) {
    ArchiveStore all = new ArchiveStore(store);
    boolean complete = false;
    try {
      archives.forEach(all::add);
      complete = true;
      return all;
    } finally {
      if (!complete) {
        all.close();
      }
    }
  }

  private void add(Path path) {
    ArchiveFile archive = ArchiveFile.at(path);
    Listing listing = new Listing(path);
    try {
      if (archive.isCompressed()) {
        unpack(archive, listing);
      } else {
        list(archive, listing);
      }
      listing.images().forEach(image -> name(path, image));
    } catch (ClosedByInterruptException e) {
      throw SealerException.cancelled("opening " + path);
    } catch (IllegalArgumentException | IOException e) {
      throw ArchiveFile.invalid(path, ArchiveFile.reason(e), e);
    }
  }

  /** Reads or makes something of an entry. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws IOException;
  }

  /** What the entries of one archive say. */
  private final class Listing {
    private final Path path;
    private boolean docker;
    private @Nullable List<Descriptor> images;

    Listing(Path path) {
      this.path = path;
    }

    void add(TarArchiveEntry entry, Work<Place> place, Work<byte[]> document) throws IOException {
      Matcher blob = ArchiveLoad.BLOB.matcher(entry.getName());
      if (blob.matches() && entry.isFile() && !entry.isSparse()) {
        Digest digest = new Digest(blob.group(1), blob.group(2));
        if (!places.containsKey(digest)) {
          places.put(digest, place.run());
        }
      } else if (entry.getName().matches("(?:\\./)?index\\.json")) {
        images = OciIndex.parse(document.run(), "index.json of " + path).manifests();
      }
      docker |= entry.getName().matches("(?:\\./)?manifest\\.json");
    }

    List<Descriptor> images() {
      List<Descriptor> all = images;
      if (all == null) {
        throw docker
            ? ArchiveLoad.ofDocker(path)
            : ArchiveFile.invalid(path, "it has no index.json", null);
      }
      return all;
    }
  }

  private void list(ArchiveFile archive, Listing listing) throws IOException {
    try (SeekableByteChannel channel = archive.headers();
        TarFile tar = new TarFile(channel)) {
      for (TarArchiveEntry entry : tar.getEntries()) {
        listing.add(
            entry,
            () -> new Place(archive, entry.getDataOffset(), entry.getSize()),
            () -> {
              try (InputStream in = tar.getInputStream(entry)) {
                return in.readNBytes(Documents.MAX_SIZE);
              }
            });
      }
    }
  }

  /** Brings the blobs of a compressed archive where each can be found, until this is closed. */
  private void unpack(ArchiveFile archive, Listing listing) throws IOException {
    try (InputStream in = LayerReader.decompress(archive.stream());
        TarArchiveInputStream tar = new TarArchiveInputStream(new BufferedInputStream(in, BUFFER));
        ArchiveSpool spool = ArchiveSpool.create(scratch())) {
      ArchiveFile unpacked = new ArchiveFile(spool.file(), null, List.of());
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        long size = entry.getSize();
        listing.add(
            entry,
            () -> {
              ensureSpace(size);
              long offset = spool.position();
              spool.write(tar);
              return new Place(unpacked, offset, spool.position() - offset);
            },
            () -> tar.readNBytes(Documents.MAX_SIZE));
      }
    }
  }

  /** A few bytes may unpack to more than any disk has. */
  private void ensureSpace(long blob) {
    Session open = unpacking;
    if (open != null) {
      open.ensureSpace(Map.of("unpacked", blob));
    }
  }

  private Path scratch() {
    Session open = unpacking;
    if (open == null) {
      open = store.session();
      unpacking = open;
    }
    return open.scratch();
  }

  private void name(Path path, Descriptor image) {
    ArchiveLoad.checkBase(store, path, image);
    Descriptor plain = new Descriptor(image.mediaType(), image.digest(), image.size());
    String given = image.annotations().get(Annotations.REF_NAME);
    Optional<Attachment> attachment = new Attachments(this).read(given, image);
    if (attachment.isPresent()) {
      names.putIfAbsent(attachment.get().name(), attachment.get().manifest());
      return;
    }
    String name = given == null || given.isBlank() ? "unnamed" : given;
    Descriptor other = names.get(name);
    boolean taken = other != null && !other.digest().equals(image.digest());
    // Two versions of one image under one name are told apart by their digests.
    String unique = taken ? name + "@" + image.digest() : name;
    names.put(unique, plain);
    byArchive.computeIfAbsent(path, key -> new TreeMap<>()).put(unique, plain);
  }

  /** What one of the archives has, by name. */
  Map<String, Descriptor> names(Path archive) {
    return byArchive.getOrDefault(archive, Map.of());
  }

  @Override
  public OptionalLong size(Digest digest) {
    OptionalLong size = store.size(digest);
    Place place = places.get(digest);
    return size.isPresent() || place == null ? size : OptionalLong.of(place.size());
  }

  @Override
  public InputStream open(Digest digest) {
    Place place = places.get(digest);
    if (place == null || store.size(digest).isPresent()) {
      return store.open(digest);
    }
    try {
      SeekableByteChannel channel = place.archive().channel();
      channel.position(place.offset());
      InputStream bytes = ByteStreams.limit(Channels.newInputStream(channel), place.size());
      return new BufferedInputStream(bytes, BUFFER);
    } catch (IOException e) {
      throw StoreFailure.of("read", place.archive().path(), e);
    }
  }

  @Override
  public void evict(Digest digest) {
    if (store.size(digest).isPresent()) {
      store.evict(digest);
    } else {
      places.remove(digest);
    }
  }

  @Override
  public Map<String, Descriptor> names() {
    Map<String, Descriptor> all = new TreeMap<>(store.names());
    all.putAll(names);
    return all;
  }

  @Override
  public void putName(String name, Descriptor image) {
    try (Session session = store.session()) {
      List<Descriptor> blobs = new ImageReader(this).blobs(image);
      Map<String, Long> lacking = new TreeMap<>();
      blobs.stream()
          .filter(blob -> store.size(blob.digest()).isEmpty())
          .forEach(blob -> lacking.put(BlobDownload.key(blob.digest()), blob.size()));
      session.ensureSpace(lacking);
      for (Descriptor blob : blobs) {
        if (session.claim(blob.digest()).isEmpty()) {
          copy(blob, session);
        }
      }
      store.putName(name, image);
    }
  }

  private void copy(Descriptor blob, Session session) {
    Digest digest = blob.digest();
    try (BlobWriter writer = session.write(BlobDownload.key(digest));
        HashingBlobWriter content = HashingBlobWriter.plain(writer, digest);
        InputStream in = VerifiedBlob.open(this, blob)) {
      content.restart();
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        content.write(buffer, 0, n);
      }
      content.commit();
    } catch (IOException e) {
      throw StoreFailure.of("write", "blob " + digest, e);
    }
  }

  @Override
  public boolean removeName(String name) {
    return store.removeName(name);
  }

  @Override
  public Optional<String> recall(String kind, String key) {
    return store.recall(kind, key);
  }

  @Override
  public void remember(String kind, String key, String value) {
    store.remember(kind, key, value);
  }

  @Override
  public Session session() {
    return new ArchiveSession(store.session());
  }

  /** Claims also what only an archive has, which nobody prunes. */
  private final class ArchiveSession implements Session {
    private final Session session;

    ArchiveSession(Session session) {
      this.session = session;
    }

    @Override
    public Path scratch() {
      return session.scratch();
    }

    @Override
    public BlobWriter write(String key) {
      return session.write(key);
    }

    @Override
    public OptionalLong claim(Digest digest) {
      OptionalLong size = session.claim(digest);
      Place place = places.get(digest);
      return size.isPresent() || place == null ? size : OptionalLong.of(place.size());
    }

    @Override
    public void ensureSpace(Map<String, Long> wanted) {
      session.ensureSpace(wanted);
    }

    @Override
    public void close() {
      session.close();
    }
  }

  @Override
  public PruneResult prune(Set<Digest> kept, Instant before, boolean dryRun) {
    return store.prune(kept, before, dryRun);
  }

  @Override
  public long bytes() {
    return store.bytes();
  }

  /** Removes what was unpacked. */
  @Override
  public void close() {
    Session open = unpacking;
    if (open != null) {
      open.close();
    }
  }
}
