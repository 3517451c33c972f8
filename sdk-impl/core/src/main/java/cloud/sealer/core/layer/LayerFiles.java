package cloud.sealer.core.layer;

import cloud.sealer.core.files.TreeRemoval;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Some files of several layers, as one tree: the later layer wins, deletions are applied. The
 * layers are streamed once and only the wanted files are kept, in a scratch directory. Links are
 * not followed: what is reached through a linked directory is not found under its name.
 */
public final class LayerFiles implements FileTree {
  private static final int MAX_PASSES = 4;

  private final Path spool;
  private final Reading reading;
  private final Overlay<Entry> found = new Overlay<>();
  private final Set<RootfsPath> missing = new HashSet<>();
  private final byte[] buffer = new byte[256 * 1024];
  private int files;

  private LayerFiles(Path spool, Reading reading) {
    this.spool = spool;
    this.reading = reading;
  }

  /** Keeps the bytes of a wanted file, or what is needed of them. */
  @FunctionalInterface
  public interface Keeper {
    /**
     * Takes the bytes of one file.
     *
     * @param entry the file
     * @param content its bytes; need not be read
     * @param spool keeps them in a temporary file
     * @return how to have them again; reading fails if they were not kept
     * @throws LayerReader.DamagedLayerException as the content throws it
     */
    Content keep(LayerEntry entry, InputStream content, Spool spool)
        throws LayerReader.DamagedLayerException;
  }

  /** Temporary files of a tree. */
  @FunctionalInterface
  public interface Spool {
    /**
     * Keeps bytes until the tree is closed.
     *
     * @param content the bytes
     * @return how to have them again
     * @throws LayerReader.DamagedLayerException as the content throws it
     */
    Content keep(InputStream content) throws LayerReader.DamagedLayerException;
  }

  /**
   * What to read.
   *
   * @param wanted which paths; asked for directories too
   * @param keeper keeps the bytes of wanted files
   * @param proven whether the blobs of the layers were just found whole, and need no hashing
   */
  public record Reading(Predicate<RootfsPath> wanted, Keeper keeper, boolean proven) {
    /** Keeps all of the wanted files. */
    public static Reading of(Predicate<RootfsPath> wanted) {
      return new Reading(wanted, (entry, content, spool) -> spool.keep(content), false);
    }
  }

  /** One of the layers. */
  public sealed interface Layer {}

  /**
   * A layer that is read.
   *
   * @param blob its blob in the store
   */
  public record Stored(Descriptor blob) implements Layer {}

  /**
   * A layer of copied files that are at hand, so that it need not be read.
   *
   * @param entries all of them, sorted
   */
  public record Entries(List<Entry> entries) implements Layer {}

  /** Layers of a store. */
  public static List<Layer> stored(List<Descriptor> blobs) {
    return blobs.stream().<Layer>map(Stored::new).toList();
  }

  /**
   * Opens the wanted files.
   *
   * @param store the store of the layers
   * @param layers the layers, lowest first
   * @param wanted which paths; asked for directories too
   * @param scratch an existing directory for the contents, until the tree is closed
   * @return the tree
   * @throws SealerException as {@link LayerReader#read}, or {@link ErrorCode#STORE_IO}
   */
  public static FileTree open(
      LayerStore store, List<Layer> layers, Predicate<RootfsPath> wanted, Path scratch) {
    return open(store, layers, Reading.of(wanted), scratch);
  }

  /** Opens files as {@link #open(LayerStore, List, Predicate, Path)}, kept in another way. */
  public static FileTree open(LayerStore store, List<Layer> layers, Reading reading, Path scratch) {
    Predicate<RootfsPath> wanted = reading.wanted();
    Set<RootfsPath> alsoRead = new HashSet<>();
    for (int pass = 1; ; pass++) {
      LayerFiles tree = new LayerFiles(newSpool(scratch), reading);
      boolean complete = false;
      try {
        tree.read(store, layers, path -> wanted.test(path) || alsoRead.contains(path));
        complete = alsoRead.containsAll(tree.missing);
        if (!complete && pass == MAX_PASSES) {
          throw Rootfs.refused(
              tree.missing.iterator().next(), "it is the end of too long a chain of hard links");
        }
      } finally {
        if (!complete) {
          tree.close();
        }
      }
      if (complete) {
        tree.found.retain(wanted);
        return tree;
      }
      // A wanted file is a hard link to one that is not: once more, with that one.
      alsoRead.addAll(tree.missing);
    }
  }

  private static Path newSpool(Path scratch) {
    try {
      return Files.createTempDirectory(scratch, "files-");
    } catch (IOException e) {
      throw failed(scratch, e);
    }
  }

  private void read(LayerStore store, List<Layer> layers, Predicate<RootfsPath> wanted) {
    for (int i = 0; i < layers.size(); i++) {
      int number = i;
      LayerReader.Visitor visitor = (entry, content) -> visit(entry, content, number, wanted);
      Layer layer = layers.get(i);
      if (layer instanceof Stored stored) {
        LayerReader reader = new LayerReader(store);
        if (reading.proven()) {
          reader.readProven(stored.blob(), visitor);
        } else {
          reader.read(stored.blob(), null, bytes -> {}, visitor);
        }
      } else if (layer instanceof Entries known) {
        LayerReader.show(known.entries(), wanted, visitor);
      }
    }
  }

  private void visit(LayerEntry entry, InputStream content, int layer, Predicate<RootfsPath> wanted)
      throws LayerReader.DamagedLayerException {
    RootfsPath path = entry.path();
    switch (entry.kind()) {
      case WHITEOUT -> found.whiteout(path, layer);
      case OPAQUE -> found.opaque(path, layer);
      case DIRECTORY -> {
        found.removeIf(path, there -> there.kind() != Kind.DIRECTORY);
        if (!path.isRoot() && wanted.test(path)) {
          found.put(path, layer, Entry.directory(path, entry.mode()));
        }
      }
      default -> {
        found.clear(path);
        if (wanted.test(path)) {
          leaf(entry, content, layer);
        }
      }
    }
  }

  private void leaf(LayerEntry entry, InputStream content, int layer)
      throws LayerReader.DamagedLayerException {
    RootfsPath path = entry.path();
    switch (entry.kind()) {
      case FILE -> {
        Content kept = reading.keeper().keep(entry, content, this::spool);
        found.put(path, layer, Entry.file(path, entry.mode(), entry.size(), kept));
      }
      case SYMLINK -> found.put(path, layer, Entry.symlink(path, entry.target()));
      case HARD_LINK -> {
        RootfsPath target = RootfsPath.of(entry.target());
        found
            .at(target)
            .ifPresentOrElse(
                there -> found.put(path, layer, there.at(path)), () -> missing.add(target));
      }
      default -> {
        return; // devices and pipes have nothing to read
      }
    }
  }

  private Content spool(InputStream content) throws LayerReader.DamagedLayerException {
    Path file = spool.resolve(Integer.toString(files++));
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        out.write(buffer, 0, n);
      }
    } catch (LayerReader.DamagedLayerException e) {
      throw e;
    } catch (IOException e) {
      throw failed(file, e);
    }
    return () -> Files.newInputStream(file);
  }

  private static SealerException failed(Path path, IOException e) {
    if (e instanceof ClosedByInterruptException) {
      return SealerException.cancelled("reading files of layers");
    }
    return SealerException.builder(
            ErrorCode.STORE_IO, "cannot write " + path + ": " + e.getMessage())
        .remedy("check free space and permissions of the directory, then try again")
        .cause(e)
        .build();
  }

  @Override
  public List<Entry> entries() {
    return found.all();
  }

  @Override
  public void close() {
    try {
      TreeRemoval.remove(spool);
    } catch (IOException e) {
      return; // its session removes the scratch directory once more
    }
  }
}
