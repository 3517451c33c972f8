package cloud.sealer.core.build;

import cloud.sealer.core.context.Contexts;
import cloud.sealer.core.context.CopySelection;
import cloud.sealer.core.layer.WrittenLayer;
import cloud.sealer.core.store.StoreFailure;
import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Instruction;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.SourceFetcher;
import cloud.sealer.sdk.spi.Task;
import com.google.common.hash.Hashing;
import com.google.common.hash.HashingInputStream;
import com.google.common.io.ByteStreams;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code COPY} instructions of one build take, for all platforms: files of the context,
 * which is opened when first needed, and remote sources, which are fetched once into the build's
 * scratch directory. Not thread-safe.
 */
final class CopySources implements AutoCloseable {
  private final BuildTools tools;
  private final Contexts contexts;
  private final BuildContext context;
  private final LayerStore.Session session;
  private final Map<String, FileTree> fetched = new HashMap<>();
  private final Map<String, WrittenLayer> written = new HashMap<>();
  private @Nullable FileTree opened;

  CopySources(BuildTools tools, BuildContext context, LayerStore.Session session) {
    this.tools = tools;
    this.contexts = new Contexts(tools.clock());
    this.context = context;
    this.session = session;
  }

  /**
   * What stands for the content of remote sources that are pinned to it, so they need no fetching.
   */
  Optional<String> pinned(Instruction.Copy copy) {
    StringBuilder identities = new StringBuilder();
    for (String source : copy.sources()) {
      Optional<SourceFetcher> fetcher = fetcher(source);
      Optional<String> identity =
          fetcher.isPresent() && copy.checksum() != null
              ? Optional.of(copy.checksum())
              : fetcher.flatMap(f -> f.identity(source));
      if (identity.isEmpty()) {
        return Optional.empty();
      }
      identities.append(identity.get()).append('\n');
    }
    return Optional.of(identities.toString());
  }

  /** The entries of the layer, at their places in the rootfs. */
  List<FileTree.Entry> select(Instruction.Copy copy, Task task) {
    List<FileTree.Entry> entries;
    if (copy.sources().stream().allMatch(source -> fetcher(source).isEmpty())) {
      entries = select(context(), copy.sources(), copy);
    } else {
      TreeMap<RootfsPath, FileTree.Entry> merged = new TreeMap<>();
      for (String source : copy.sources()) {
        Optional<SourceFetcher> fetcher = fetcher(source);
        List<FileTree.Entry> more =
            fetcher.isPresent()
                ? select(fetch(fetcher.get(), source, task), List.of("."), copy)
                : select(context(), List.of(source), copy);
        more.forEach(entry -> merged.put(entry.path(), entry));
      }
      entries = List.copyOf(merged.values());
    }
    checkSum(copy, entries);
    return entries;
  }

  private static List<FileTree.Entry> select(
      FileTree tree, List<String> sources, Instruction.Copy copy) {
    try {
      return CopySelection.select(tree, sources, copy.destination());
    } catch (SealerException e) {
      throw SealerException.builder(e.code(), copy.position() + ": " + e.getMessage())
          .remedy(e.remedy())
          .cause(e)
          .build();
    }
  }

  /** The layer that an instruction with these sources and this destination made in this build. */
  Optional<WrittenLayer> written(Instruction.Copy copy) {
    return Optional.ofNullable(written.get(copy.text()));
  }

  /** Remembers it. */
  void written(Instruction.Copy copy, WrittenLayer layer) {
    written.put(copy.text(), layer);
  }

  /** The file of container images with passwords, if the context has one. */
  Optional<FileTree.Content> imageListWithAuth() {
    return Contexts.imageListWithAuth(context, this::context);
  }

  private FileTree context() {
    FileTree tree = opened;
    if (tree == null) {
      tree = contexts.open(context, Scratch.directory(session, "context"));
      opened = tree;
    }
    return tree;
  }

  private Optional<SourceFetcher> fetcher(String source) {
    return tools.fetchers().stream().filter(fetcher -> fetcher.supports(source)).findFirst();
  }

  private FileTree fetch(SourceFetcher fetcher, String source, Task task) {
    FileTree known = fetched.get(source);
    if (known == null) {
      Path directory = Scratch.directory(session, "fetched-" + fetched.size());
      fetcher.fetch(source, directory, task);
      known = contexts.openFetched(directory);
      fetched.put(source, known);
    }
    return known;
  }

  private static void checkSum(Instruction.Copy copy, List<FileTree.Entry> entries) {
    String checksum = copy.checksum();
    if (checksum == null) {
      return;
    }
    List<FileTree.Entry> files =
        entries.stream().filter(entry -> entry.kind() == FileTree.Kind.FILE).toList();
    if (files.size() != 1) {
      throw invalid(copy, "--checksum is for one file, but " + files.size() + " were copied");
    }
    Digest wanted = Digest.parse(checksum);
    Digest actual;
    try (InputStream in = Objects.requireNonNull(files.get(0).content()).open();
        HashingInputStream hashing =
            new HashingInputStream(
                wanted.algorithm().equals("sha512") ? Hashing.sha512() : Hashing.sha256(), in)) {
      ByteStreams.exhaust(hashing);
      actual = new Digest(wanted.algorithm(), hashing.hash().toString());
    } catch (IOException e) {
      throw StoreFailure.of("read", files.get(0).path().toString(), e);
    }
    if (!actual.equals(wanted)) {
      throw SealerException.builder(
              ErrorCode.DIGEST_MISMATCH,
              copy.position() + ": the source has the checksum " + actual + ", not " + wanted)
          .remedy("check the source; if it is right, correct --checksum")
          .build();
    }
  }

  static SealerException invalid(Instruction.Copy copy, String message) {
    return SealerException.builder(ErrorCode.INVALID_KUBEFILE, copy.position() + ": " + message)
        .remedy("correct the COPY instruction")
        .build();
  }

  @Override
  public void close() {
    FileTree tree = opened;
    if (tree != null) {
      tree.close();
    }
  }
}
