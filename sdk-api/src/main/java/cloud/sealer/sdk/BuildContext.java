package cloud.sealer.sdk;

import cloud.sealer.sdk.spi.FileTree;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Where {@code COPY} takes files from.
 *
 * <p>Each kind is read only while a build runs; making one touches nothing. A file {@code
 * .kubefileignore}, or else {@code .dockerignore}, at the root leaves files out by Docker's pattern
 * rules.
 */
public sealed interface BuildContext {
  /**
   * A directory of this machine: modes, links and empty directories count as they are.
   *
   * @param root the directory
   * @return the context
   */
  static BuildContext directory(Path root) {
    return new Directory(root);
  }

  /**
   * An archive on this machine: tar (plain, gzip or zstd) or zip, with the modes and links it
   * records.
   *
   * @param file the archive
   * @return the context
   */
  static BuildContext archive(Path file) {
    return new Archive(file);
  }

  /**
   * A commons-vfs2 location such as {@code zip:file:///a.zip!/dir} or {@code jar:…}. Such locations
   * know no modes and links: files are 0644, directories 0755.
   *
   * @param location the location of a directory
   * @return the context
   */
  static BuildContext location(URI location) {
    return new Location(location);
  }

  /**
   * Any tree of files that the caller provides.
   *
   * @param tree the files; not closed by the build
   * @return the context
   */
  static BuildContext of(FileTree tree) {
    return new Tree(tree);
  }

  /**
   * Starts a context held in memory.
   *
   * @return an empty builder
   */
  static MemoryBuilder inMemory() {
    return new MemoryBuilder();
  }

  /**
   * Calls the visitor's method for this kind of context.
   *
   * @param visitor what to do for each kind
   * @param <R> the type of the result
   * @return what the visitor returned
   */
  <R> R accept(Visitor<R> visitor);

  /**
   * What to do for each kind of context.
   *
   * @param <R> the type of the result
   */
  interface Visitor<R> {
    /**
     * Handles a directory.
     *
     * @param directory the context
     * @return the result
     */
    R directory(Directory directory);

    /**
     * Handles an archive.
     *
     * @param archive the context
     * @return the result
     */
    R archive(Archive archive);

    /**
     * Handles a vfs location.
     *
     * @param location the context
     * @return the result
     */
    R location(Location location);

    /**
     * Handles a tree the caller provides.
     *
     * @param tree the context
     * @return the result
     */
    R tree(Tree tree);
  }

  /**
   * A directory of this machine.
   *
   * @param root the directory
   */
  record Directory(Path root) implements BuildContext {
    /** Checks the part. */
    public Directory {
      Objects.requireNonNull(root, "root");
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.directory(this);
    }
  }

  /**
   * An archive on this machine.
   *
   * @param file the archive
   */
  record Archive(Path file) implements BuildContext {
    /** Checks the part. */
    public Archive {
      Objects.requireNonNull(file, "file");
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.archive(this);
    }
  }

  /**
   * A commons-vfs2 location.
   *
   * @param location the location of a directory
   */
  record Location(URI location) implements BuildContext {
    /** Checks the part. */
    public Location {
      Objects.requireNonNull(location, "location");
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.location(this);
    }
  }

  /**
   * A tree the caller provides.
   *
   * @param tree the files
   */
  record Tree(FileTree tree) implements BuildContext {
    /** Checks the part. */
    public Tree {
      Objects.requireNonNull(tree, "tree");
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.tree(this);
    }
  }

  /** Collects the files of a context in memory. Not thread-safe. */
  final class MemoryBuilder {
    private final TreeMap<RootfsPath, FileTree.Entry> entries = new TreeMap<>();

    private MemoryBuilder() {}

    /**
     * Adds a file with mode 0644.
     *
     * @param path its path in the context
     * @param text its content, written in UTF-8
     * @return this builder
     */
    public MemoryBuilder file(String path, String text) {
      return file(path, text.getBytes(StandardCharsets.UTF_8), 0644);
    }

    /**
     * Adds a file.
     *
     * @param path its path in the context
     * @param content its content, copied
     * @param mode its permission bits, such as {@code 0755}
     * @return this builder
     */
    public MemoryBuilder file(String path, byte[] content, int mode) {
      byte[] copy = content.clone();
      return put(
          FileTree.Entry.file(
              RootfsPath.of(path),
              mode,
              copy.length,
              () -> new java.io.ByteArrayInputStream(copy)));
    }

    /**
     * Adds an empty directory with mode 0755. Directories that hold files need not be added.
     *
     * @param path its path in the context
     * @return this builder
     */
    public MemoryBuilder directory(String path) {
      return put(FileTree.Entry.directory(RootfsPath.of(path), 0755));
    }

    /**
     * Adds a symbolic link.
     *
     * @param path its path in the context
     * @param target what it points to, as the link has it
     * @return this builder
     */
    public MemoryBuilder symlink(String path, String target) {
      return put(FileTree.Entry.symlink(RootfsPath.of(path), target));
    }

    private MemoryBuilder put(FileTree.Entry entry) {
      if (entry.path().isRoot()) {
        throw new IllegalArgumentException("an entry needs a path");
      }
      entries.put(entry.path(), entry);
      return this;
    }

    /**
     * Makes the context.
     *
     * @return the context
     */
    public BuildContext build() {
      TreeMap<RootfsPath, FileTree.Entry> all = new TreeMap<>(entries);
      for (RootfsPath path : entries.keySet()) {
        for (RootfsPath parent = path.parent(); !parent.isRoot(); parent = parent.parent()) {
          all.putIfAbsent(parent, FileTree.Entry.directory(parent, 0755));
        }
      }
      List<FileTree.Entry> sorted = List.copyOf(new ArrayList<>(all.values()));
      return of(
          new FileTree() {
            @Override
            public List<Entry> entries() {
              return sorted;
            }

            @Override
            public String toString() {
              return "in-memory context";
            }
          });
    }
  }
}
