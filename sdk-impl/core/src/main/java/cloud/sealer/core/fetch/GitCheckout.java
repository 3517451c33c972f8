package cloud.sealer.core.fetch;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.BlobBasedConfig;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/**
 * Writes the files of a commit as they are in it: no filters, no line end conversion, no {@code
 * .git}.
 *
 * <p>Everything is created, nothing opened: a tree made by hand, with two entries of one name,
 * cannot write through a link it has put there before.
 */
final class GitCheckout {
  private static final int MAX_TARGET = 4096;
  private static final int MAX_DEPTH = 1000;
  private static final int LFS_POINTER_SIZE = 1024;
  private static final String LFS_POINTER = "version https://git-lfs.github.com/spec/";

  private final Repository repository;
  private final RevCommit commit;
  private final GitSource source;
  private final Task task;
  private final List<Submodule> submodules = new ArrayList<>();
  private @Nullable Config modules;

  /** A repository that belongs into a directory of this one. */
  record Submodule(GitSource source, Path directory) {}

  GitCheckout(Repository repository, RevCommit commit, GitSource source, Task task) {
    this.repository = repository;
    this.commit = commit;
    this.source = source;
    this.task = task;
  }

  /** Writes the wanted part of the commit into a directory. */
  void write(Path directory) throws IOException {
    try (ObjectReader reader = repository.newObjectReader()) {
      ObjectId tree = commit.getTree();
      if (!source.directory().isRoot()) {
        tree = subtree(reader, tree);
      }
      write(reader, tree, source.directory(), directory, 0);
    }
  }

  /** The submodules met while writing. */
  List<Submodule> submodules() {
    return submodules;
  }

  private ObjectId subtree(ObjectReader reader, ObjectId tree) throws IOException {
    try (TreeWalk walk = TreeWalk.forPath(reader, source.directory().value(), tree)) {
      if (walk == null || !FileMode.TREE.equals(walk.getFileMode(0))) {
        throw FetchFailure.lasting(
            ErrorCode.SOURCE_NOT_FOUND,
            "the repository has no directory \"" + source.directory() + "\"",
            "Give a directory of the repository after the colon.");
      }
      return walk.getObjectId(0);
    }
  }

  private void write(ObjectReader reader, ObjectId tree, RootfsPath path, Path directory, int depth)
      throws IOException {
    if (depth > MAX_DEPTH) {
      throw refused(path.value(), "is too deep");
    }
    CanonicalTreeParser entries = new CanonicalTreeParser();
    for (entries.reset(reader, tree); !entries.eof(); entries.next()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new IOException("aborted");
      }
      String name = entries.getEntryPathString();
      requireName(name);
      RootfsPath child = path.resolve(name);
      Path target = directory.resolve(name);
      ObjectId id = entries.getEntryObjectId();
      int type = entries.getEntryRawMode() & FileMode.TYPE_MASK;
      switch (type) {
        case FileMode.TYPE_TREE -> {
          createDirectory(target);
          write(reader, id, child, target, depth + 1);
        }
        case FileMode.TYPE_GITLINK -> {
          createDirectory(target);
          addSubmodule(child, target, id);
        }
        case FileMode.TYPE_SYMLINK -> writeLink(reader, id, child, target);
        case FileMode.TYPE_FILE -> writeFile(reader, id, child, target, entries.getEntryRawMode());
        default -> throw refused(child.value(), "is of an unknown kind");
      }
    }
  }

  private static void requireName(String name) throws FetchFailure {
    String lower = name.toLowerCase(Locale.ROOT);
    if (name.isEmpty()
        || name.indexOf('/') >= 0
        || name.indexOf('\0') >= 0
        || name.equals(".")
        || name.equals("..")
        || lower.equals(Constants.DOT_GIT)) {
      throw FetchFailure.lasting(
          ErrorCode.PATH_ESCAPES, "the repository has a file with the name \"" + name + "\"", "");
    }
  }

  private static FetchFailure refused(String path, String why) {
    return FetchFailure.lasting(
        ErrorCode.FETCH_FAILED, "\"" + path + "\" of the repository " + why, "");
  }

  private static void createDirectory(Path directory) throws IOException {
    Files.createDirectory(directory);
    setMode(directory, "rwxr-xr-x");
  }

  private static void writeLink(ObjectReader reader, ObjectId id, RootfsPath path, Path target)
      throws IOException {
    ObjectLoader object = reader.open(id, Constants.OBJ_BLOB);
    if (object.getSize() == 0 || object.getSize() > MAX_TARGET) {
      throw refused(path.value(), "is a link without a usable target");
    }
    String text = new String(object.getBytes(), StandardCharsets.UTF_8);
    Files.createSymbolicLink(target, target.getFileSystem().getPath(text));
  }

  private void writeFile(ObjectReader reader, ObjectId id, RootfsPath path, Path target, int mode)
      throws IOException {
    ObjectLoader object = reader.open(id, Constants.OBJ_BLOB);
    try (OutputStream out =
        Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      object.copyTo(out);
    }
    setMode(target, (mode & 0111) != 0 ? "rwxr-xr-x" : "rw-r--r--");
    task.advance(object.getSize());
    if (object.getSize() <= LFS_POINTER_SIZE) {
      noticePointer(object, path);
    }
  }

  private void noticePointer(ObjectLoader object, RootfsPath path) throws IOException {
    String text = new String(object.getBytes(), StandardCharsets.UTF_8);
    if (text.startsWith(LFS_POINTER)) {
      task.notice("\"" + path + "\" is kept in Git LFS: only the pointer to it was fetched");
    }
  }

  /** What git itself would give with the usual umask, whatever ours is. */
  private static void setMode(Path file, String permissions) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
  }

  private void addSubmodule(RootfsPath path, Path directory, ObjectId id) throws IOException {
    Config config = modules();
    for (String name : config.getSubsections("submodule")) {
      String url = config.getString("submodule", name, "url");
      if (path.value().equals(config.getString("submodule", name, "path")) && url != null) {
        submodules.add(
            new Submodule(
                GitSource.commit(RelativeUrl.resolve(source.url(), url), id.name()), directory));
        return;
      }
    }
    task.notice("the submodule \"" + path + "\" has no address in .gitmodules and stays empty");
  }

  private Config modules() throws IOException {
    Config known = modules;
    if (known != null) {
      return known;
    }
    Config config = new Config();
    try (TreeWalk walk =
        TreeWalk.forPath(repository, Constants.DOT_GIT_MODULES, commit.getTree())) {
      if (walk != null) {
        config = new BlobBasedConfig(null, repository, walk.getObjectId(0));
      }
    } catch (ConfigInvalidException e) {
      throw refused(Constants.DOT_GIT_MODULES, "cannot be read: " + e.getMessage());
    }
    modules = config;
    return config;
  }
}
