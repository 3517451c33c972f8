package cloud.sealer.core.context;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree.Entry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import org.apache.commons.vfs2.FileObject;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.commons.vfs2.FileSystemOptions;
import org.apache.commons.vfs2.FileType;
import org.apache.commons.vfs2.impl.DefaultFileReplicator;
import org.apache.commons.vfs2.impl.DefaultFileSystemManager;
import org.apache.commons.vfs2.provider.bzip2.Bzip2FileProvider;
import org.apache.commons.vfs2.provider.gzip.GzipFileProvider;
import org.apache.commons.vfs2.provider.http5.Http5FileProvider;
import org.apache.commons.vfs2.provider.http5.Http5FileSystemConfigBuilder;
import org.apache.commons.vfs2.provider.http5s.Http5sFileProvider;
import org.apache.commons.vfs2.provider.jar.JarFileProvider;
import org.apache.commons.vfs2.provider.local.DefaultLocalFileProvider;
import org.apache.commons.vfs2.provider.res.ResourceFileProvider;
import org.apache.commons.vfs2.provider.zip.ZipFileProvider;

/**
 * Reads a directory at a commons-vfs2 location, with a file system manager of its own: {@code
 * VFS.getManager()} is shared by the whole JVM.
 *
 * <p>Offered is what vfs2 reads rightly: {@code zip}, {@code jar}, {@code res}, {@code gz}, {@code
 * bz2} over {@code file}, {@code http} or {@code https}. Its tar loses links and modes, and its
 * {@code ram} and {@code tmp} are empty in every new manager; those are refused with what to use
 * instead.
 */
final class LocationReader implements AutoCloseable {
  private static final int MAX_DEPTH = 256;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final DefaultFileSystemManager manager = new DefaultFileSystemManager();
  private final TreeContents contents;
  private final URI location;
  private final Path copies;

  private LocationReader(URI location, Path copies) {
    this.location = location;
    this.copies = copies;
    this.contents = new TreeContents("build context " + redacted(location));
  }

  /** The location without the name and password it may have. */
  static String redacted(URI location) {
    return location.toString().replaceAll("//[^/@!]*@", "//***@");
  }

  /** Starts a manager that keeps copies of remote archives in the scratch directory. */
  static LocationReader open(URI location, Path scratch) {
    requireFit(location);
    LocationReader reader =
        new LocationReader(location, scratch.resolve("vfs-" + UUID.randomUUID()));
    try {
      Files.createDirectories(reader.copies);
      DefaultFileReplicator replicator = new DefaultFileReplicator(reader.copies.toFile());
      reader.manager.setReplicator(replicator);
      reader.manager.setTemporaryFileStore(replicator);
      reader.addProviders();
      reader.manager.init();
      return reader;
    } catch (IOException e) {
      reader.close();
      throw reader.failed(e);
    }
  }

  private static void requireFit(URI location) {
    String scheme = String.valueOf(location.getScheme()).toLowerCase(Locale.ROOT);
    String instead =
        switch (scheme) {
          case "ram", "tmp" -> "Use BuildContext.inMemory() or BuildContext.of(tree).";
          case "tar", "tgz", "tbz2" ->
              "Use BuildContext.archive(file), which keeps modes and links.";
          case "http", "https" ->
              "A web server lists no directory; use zip:" + scheme + "://….zip!/";
          default -> "";
        };
    if (!instead.isEmpty()) {
      throw SealerException.builder(
              ErrorCode.INVALID_CONTEXT,
              "a build context cannot be a " + scheme + ": location: " + redacted(location))
          .remedy(instead)
          .build();
    }
  }

  private void addProviders() throws FileSystemException {
    manager.addProvider("file", new DefaultLocalFileProvider());
    manager.addProvider("zip", new ZipFileProvider());
    manager.addProvider("jar", new JarFileProvider());
    manager.addProvider("gz", new GzipFileProvider());
    manager.addProvider("bz2", new Bzip2FileProvider());
    manager.addProvider("res", new ResourceFileProvider());
    manager.addProvider("http", new Http5FileProvider());
    manager.addProvider("https", new Http5sFileProvider());
  }

  /** Reads everything below the location. The contents can be opened until this is closed. */
  TreeContents read() {
    FileSystemOptions options = new FileSystemOptions();
    Http5FileSystemConfigBuilder http = Http5FileSystemConfigBuilder.getInstance();
    http.setConnectionTimeout(options, TIMEOUT);
    http.setSoTimeout(options, TIMEOUT);
    try {
      FileObject root = manager.resolveFile(location.toString(), options);
      if (!root.exists() || !root.getType().hasChildren()) {
        throw contents.invalid("there is no such directory");
      }
      add(root, RootfsPath.ROOT, 0);
      return contents;
    } catch (FileSystemException e) {
      throw failed(e);
    }
  }

  private void add(FileObject directory, RootfsPath path, int depth) throws FileSystemException {
    if (Thread.currentThread().isInterrupted()) {
      throw SealerException.cancelled("reading the build context " + redacted(location));
    }
    if (depth > MAX_DEPTH) {
      throw contents.invalid("\"" + path + "\" is too deep; does a link lead back to its parent?");
    }
    for (FileObject child : directory.getChildren()) {
      RootfsPath childPath = childPath(directory, child, path);
      FileType type = child.getType();
      if (type == FileType.IMAGINARY) {
        contents.addUnusable(childPath, "is a link to nothing");
      } else if (type.hasChildren()) {
        contents.add(Entry.directory(childPath, 0755));
        add(child, childPath, depth + 1);
      } else {
        long size = child.getContent().getSize();
        contents.add(Entry.file(childPath, 0644, size, () -> child.getContent().getInputStream()));
      }
    }
  }

  private RootfsPath childPath(FileObject parent, FileObject child, RootfsPath path)
      throws FileSystemException {
    if (!parent.getName().isDescendent(child.getName())) {
      throw contents.escapes("\"" + child.getName().getPath() + "\" lies outside");
    }
    // decoded by vfs2 itself: a name that holds "%41" must not become one with "A"
    String decoded = child.getName().getPathDecoded();
    return path.resolve(decoded.substring(decoded.lastIndexOf('/') + 1));
  }

  private SealerException failed(IOException e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String why = String.valueOf(root.getMessage()).replaceAll("//[^/@!\\s]*@", "//***@");
    return SealerException.builder(
            ErrorCode.INVALID_CONTEXT,
            "cannot read the build context " + redacted(location) + ": " + why)
        .cause(e)
        .build();
  }

  @Override
  public void close() {
    manager.close();
    try {
      Files.deleteIfExists(copies);
    } catch (IOException e) {
      // the scratch directory is its owner's to empty
    }
  }
}
