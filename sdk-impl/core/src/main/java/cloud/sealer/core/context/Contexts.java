package cloud.sealer.core.context;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.FileTree.Entry;
import cloud.sealer.sdk.spi.FileTree.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/** Opens build contexts. Thread-safe; the trees it opens are not. */
public final class Contexts {
  /** Has passwords of registries, so it is read by the build itself and never copied. */
  public static final RootfsPath IMAGE_LIST_WITH_AUTH = RootfsPath.of("imageListWithAuth.yaml");

  private final Clock clock;

  /**
   * Makes an opener.
   *
   * @param clock tells whether a file is old enough for its times to vouch for its content
   */
  public Contexts(Clock clock) {
    this.clock = clock;
  }

  /**
   * Opens a context, without what its ignore file leaves out.
   *
   * @param context the context
   * @param scratch a directory for the contents of archives, made if missing; emptied when the tree
   *     is closed
   * @return its files, to be closed
   * @throws SealerException {@link ErrorCode#INVALID_CONTEXT} if it cannot be read, {@link
   *     ErrorCode#PATH_ESCAPES} if an archive has an entry outside its root
   */
  public FileTree open(BuildContext context, Path scratch) {
    return context.accept(
        new BuildContext.Visitor<FileTree>() {
          @Override
          public FileTree directory(BuildContext.Directory directory) {
            return openDirectory(directory.root());
          }

          @Override
          public FileTree archive(BuildContext.Archive archive) {
            return openArchive(archive.file(), scratch);
          }

          @Override
          public FileTree location(BuildContext.Location location) {
            return openLocation(location.location(), scratch);
          }

          @Override
          public FileTree tree(BuildContext.Tree tree) {
            return openTree(tree.tree());
          }
        });
  }

  /**
   * The file {@code imageListWithAuth.yaml} at the root of a context, whatever its ignore file
   * says.
   *
   * @param context the context; a directory is only looked at for this file
   * @param opened opens the context, where that is needed
   * @return its bytes, while the context is open; empty if there is none
   */
  public static Optional<FileTree.Content> imageListWithAuth(
      BuildContext context, Supplier<FileTree> opened) {
    if (context instanceof BuildContext.Directory directory) {
      Path file = directory.root().resolve(IMAGE_LIST_WITH_AUTH.value());
      return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
          ? Optional.of(() -> Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS))
          : Optional.empty();
    }
    return opened.get() instanceof ContextTree tree
        ? tree.imageListWithAuth().flatMap(entry -> Optional.ofNullable(entry.content()))
        : Optional.empty();
  }

  /**
   * Opens a directory as it is. An ignore file in it means nothing: it belongs to whoever wrote
   * what was fetched.
   *
   * @param directory what a source fetcher has filled
   * @return its files
   */
  public FileTree openFetched(Path directory) {
    Path root = realDirectory(directory);
    TreeContents contents = DirectoryReader.read(root, IgnoreFile.NONE, clock);
    return new ContextTree(root.toString(), contents, IgnoreFile.NONE, () -> {});
  }

  private FileTree openDirectory(Path directory) {
    Path root = realDirectory(directory);
    IgnoreFile ignore = IgnoreFile.NONE;
    for (String name : IgnoreFile.NAMES) {
      Path file = root.resolve(name);
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        // not followed, as COPY follows no link out of the context either
        ignore = IgnoreFile.read(name, () -> Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS));
        break;
      }
    }
    TreeContents contents = DirectoryReader.read(root, ignore, clock);
    return new ContextTree(root.toString(), contents, ignore, () -> {});
  }

  private static Path realDirectory(Path directory) {
    try {
      Path root = directory.toRealPath();
      if (Files.isDirectory(root)) {
        return root;
      }
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_CONTEXT, "there is no build context " + directory)
          .cause(e)
          .build();
    }
    throw SealerException.builder(
            ErrorCode.INVALID_CONTEXT, "the build context " + directory + " is not a directory")
        .remedy("A build context is a directory; an archive is opened as BuildContext.archive.")
        .build();
  }

  private static FileTree openArchive(Path file, Path scratch) {
    TreeContents contents = new TreeContents("build context " + file);
    Spool spool = null;
    boolean opened = false;
    try {
      spool = new Spool(scratch);
      ArchiveFormat.read(file, contents, spool);
      FileTree tree =
          new ContextTree(file.toString(), contents, ignoreFile(contents), spool::close);
      opened = true;
      return tree;
    } catch (IOException | IllegalArgumentException e) {
      // commons-compress reports some malformed headers as illegal arguments
      throw SealerException.builder(
              ErrorCode.INVALID_CONTEXT, "cannot read the build context " + file + ": " + reason(e))
          .cause(e)
          .build();
    } finally {
      if (!opened && spool != null) {
        spool.close();
      }
    }
  }

  private static String reason(Exception e) {
    return e instanceof EOFException ? "it ends too early" : String.valueOf(e.getMessage());
  }

  private FileTree openLocation(URI location, Path scratch) {
    if ("file".equals(location.getScheme())) {
      return openDirectory(local(location));
    }
    LocationReader reader = LocationReader.open(location, scratch);
    boolean opened = false;
    try {
      TreeContents contents = reader.read();
      String name = LocationReader.redacted(location);
      FileTree tree = new ContextTree(name, contents, ignoreFile(contents), reader::close);
      opened = true;
      return tree;
    } finally {
      if (!opened) {
        reader.close();
      }
    }
  }

  /**
   * A local directory is read by NIO, which knows modes and links; vfs2 follows links out of it.
   */
  private static Path local(URI location) {
    try {
      return Path.of(location);
    } catch (IllegalArgumentException e) {
      throw SealerException.builder(ErrorCode.INVALID_CONTEXT, "not a local directory: " + location)
          .cause(e)
          .build();
    }
  }

  private static FileTree openTree(FileTree tree) {
    TreeContents contents = new TreeContents("build context " + tree);
    RootfsPath last = RootfsPath.ROOT;
    for (Entry entry : tree.entries()) {
      RootfsPath path = entry.path();
      if (path.compareTo(last) <= 0) {
        throw contents.invalid(
            "\"" + path + "\" follows \"" + last + "\", but entries must be sorted and unique");
      }
      if (entry.kind() == Kind.WHITEOUT || entry.kind() == Kind.OPAQUE_DIRECTORY) {
        throw contents.invalid("\"" + path + "\" is a deletion, which cannot be copied");
      }
      if (entry.kind() == Kind.HARD_LINK) {
        requireFile(contents, entry);
      }
      contents.add(entry);
      last = path;
    }
    // the tree is the caller's to close
    return new ContextTree(tree.toString(), contents, ignoreFile(contents), () -> {});
  }

  private static void requireFile(TreeContents contents, Entry link) {
    Entry file;
    try {
      file = contents.entries().get(RootfsPath.of(link.target()));
    } catch (IllegalArgumentException e) {
      throw contents.escapes(
          "the hard link \"" + link.path() + "\" leads outside, to \"" + link.target() + "\"");
    }
    if (file == null || (file.kind() != Kind.FILE && file.kind() != Kind.HARD_LINK)) {
      throw contents.invalid(
          "the hard link \""
              + link.path()
              + "\" names \""
              + link.target()
              + "\", which is no earlier file");
    }
  }

  private static IgnoreFile ignoreFile(TreeContents contents) {
    for (String name : IgnoreFile.NAMES) {
      Entry entry = contents.entries().get(RootfsPath.of(name));
      FileTree.Content content = entry == null ? null : entry.content();
      if (content != null) {
        return IgnoreFile.read(name, content);
      }
    }
    return IgnoreFile.NONE;
  }
}
