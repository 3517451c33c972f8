package cloud.sealer.testkit;

import cloud.sealer.sdk.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What the embedded registry has, as files: blobs once for all repositories, and for each
 * repository small files that say which blobs, manifests, tags and referrers are its own.
 *
 * <p>Names have been matched against the grammar before they come here; no element of a
 * repository's name starts with an underscore, so the folders below cannot collide with
 * repositories.
 */
final class RegistryStorage {
  private static final String BLOBS = "_blobs";
  private static final String MANIFESTS = "_manifests";
  private static final String TAGS = "_tags";
  private static final String REFERRERS = "_referrers";

  private final Path root;

  RegistryStorage(Path root) throws IOException {
    this.root = root;
    Files.createDirectories(root.resolve("uploads"));
    Files.createDirectories(root.resolve("repositories"));
  }

  Path blob(Digest digest) {
    return root.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
  }

  boolean hasBlob(String repository, Digest digest) {
    return Files.exists(link(repository, BLOBS, digest)) && Files.exists(blob(digest));
  }

  void linkBlob(String repository, Digest digest) throws IOException {
    write(link(repository, BLOBS, digest), "");
  }

  boolean unlinkBlob(String repository, Digest digest) throws IOException {
    return Files.deleteIfExists(link(repository, BLOBS, digest));
  }

  /** The media type of a manifest that the repository has. */
  Optional<String> manifestType(String repository, Digest digest) throws IOException {
    return read(link(repository, MANIFESTS, digest));
  }

  void putManifest(String repository, Digest digest, String mediaType, byte[] bytes)
      throws IOException {
    Path upload = upload(newUpload());
    Files.write(upload, bytes);
    keep(upload, digest);
    write(link(repository, MANIFESTS, digest), mediaType);
  }

  boolean deleteManifest(String repository, Digest digest) throws IOException {
    for (String tag : tags(repository)) {
      if (tag(repository, tag).equals(Optional.of(digest))) {
        deleteTag(repository, tag);
      }
    }
    return Files.deleteIfExists(link(repository, MANIFESTS, digest));
  }

  Optional<Digest> tag(String repository, String tag) throws IOException {
    return read(folder(repository, TAGS).resolve(tag)).map(Digest::parse);
  }

  void putTag(String repository, String tag, Digest digest) throws IOException {
    write(folder(repository, TAGS).resolve(tag), digest.toString());
  }

  boolean deleteTag(String repository, String tag) throws IOException {
    return Files.deleteIfExists(folder(repository, TAGS).resolve(tag));
  }

  List<String> tags(String repository) throws IOException {
    return list(folder(repository, TAGS));
  }

  boolean hasRepository(String repository) {
    return Files.isDirectory(folder(repository, MANIFESTS));
  }

  List<String> repositories() throws IOException {
    Path all = root.resolve("repositories");
    try (Stream<Path> paths = Files.walk(all)) {
      return paths
          .filter(path -> path.endsWith(MANIFESTS))
          .map(path -> all.relativize(path.getParent()).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  /** Remembers that a manifest refers to another as its subject. */
  void putReferrer(String repository, Digest subject, Digest referrer, String descriptor)
      throws IOException {
    write(link(repository, REFERRERS, subject).resolve(name(referrer)), descriptor);
  }

  /** The descriptors of what refers to a manifest, as JSON. */
  List<String> referrers(String repository, Digest subject) throws IOException {
    Path folder = link(repository, REFERRERS, subject);
    List<String> descriptors = new java.util.ArrayList<>();
    for (String name : list(folder)) {
      read(folder.resolve(name)).ifPresent(descriptors::add);
    }
    return descriptors;
  }

  String newUpload() throws IOException {
    String id = UUID.randomUUID().toString();
    Files.createFile(upload(id));
    return id;
  }

  Path upload(String id) {
    return root.resolve("uploads").resolve(id);
  }

  /** Makes a written file a blob. The digest has been verified. */
  void keep(Path file, Digest digest) throws IOException {
    Path blob = blob(digest);
    Files.createDirectories(blob.getParent());
    Files.move(file, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static long append(InputStream bytes, Path file) throws IOException {
    try (var out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      return bytes.transferTo(out);
    }
  }

  private Path folder(String repository, String kind) {
    return root.resolve("repositories").resolve(repository).resolve(kind);
  }

  private Path link(String repository, String kind, Digest digest) {
    return folder(repository, kind).resolve(name(digest));
  }

  private static String name(Digest digest) {
    return digest.algorithm() + "-" + digest.hex();
  }

  /** By rename, so that nobody reads half a file. */
  private void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Path temporary = upload(newUpload());
    Files.writeString(temporary, text);
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Optional<String> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static List<String> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
