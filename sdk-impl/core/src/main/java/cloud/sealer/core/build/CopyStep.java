package cloud.sealer.core.build;

import cloud.sealer.core.kubefile.Substitution;
import cloud.sealer.core.kubefile.Variables;
import cloud.sealer.core.layer.LayerWriter;
import cloud.sealer.core.layer.WrittenLayer;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Instruction;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Executes {@code COPY} instructions of one build. Not thread-safe. */
final class CopyStep {
  private final BuildRequest request;
  private final LayerStore.Session session;
  private final BuildCache cache;
  private final CopySources sources;

  CopyStep(
      BuildRequest request, LayerStore.Session session, BuildCache cache, CopySources sources) {
    this.request = request;
    this.session = session;
    this.cache = cache;
    this.sources = sources;
  }

  /**
   * What an instruction came to.
   *
   * @param key the cache key after it
   * @param layers the layer it made, or none
   * @param cached whether it was in the cache
   * @param entries what is in the layer; null if the sources were not looked at
   */
  record Outcome(
      Digest key,
      List<WrittenLayer> layers,
      boolean cached,
      @Nullable List<FileTree.Entry> entries) {}

  /**
   * An instruction whose variables are replaced.
   *
   * @param copy the instruction
   * @param args the arguments it uses
   * @param chain the key before it
   */
  private record Prepared(Instruction.Copy copy, SortedSet<String> args, Digest chain) {
    Digest key(String content) {
      return new Fingerprint()
          .add("chain", chain)
          .add("copy", copy.text())
          .add("args", args)
          .add("content", content)
          .digest();
    }
  }

  Outcome execute(Instruction.Copy instruction, Variables variables, Digest chain, Task task) {
    Prepared prepared = prepare(instruction, variables, chain);
    Optional<Digest> pinned = sources.pinned(prepared.copy()).map(prepared::key);
    if (pinned.isPresent()) {
      Optional<List<WrittenLayer>> known = cache.find(pinned.get(), task);
      if (known.isPresent()) {
        return new Outcome(pinned.get(), known.get(), true, null);
      }
    }
    List<FileTree.Entry> entries = sources.select(prepared.copy(), task);
    Optional<Outcome> unchanged = unchanged(prepared, entries, task);
    if (unchanged.isPresent()) {
      return unchanged.get();
    }
    // Another platform may have copied the same just now.
    Optional<WrittenLayer> written = sources.written(prepared.copy());
    WrittenLayer layer = written.isPresent() ? written.get() : write(entries, task);
    sources.written(prepared.copy(), layer);
    cache.rememberSources(entries, request.sourceDateEpoch(), layer.diffId());
    cache.rememberBuilt(chain, prepared.copy().text());
    Digest key = pinned.orElseGet(() -> prepared.key(layer.diffId().toString()));
    cache.remember(key, List.of(layer));
    return new Outcome(key, List.of(layer), written.isPresent(), entries);
  }

  private static Prepared prepare(Instruction.Copy instruction, Variables declared, Digest chain) {
    Variables variables = TargetArgs.inCopy(declared, instruction);
    SortedSet<String> used = new TreeSet<>();
    List<String> paths = new ArrayList<>();
    for (String source : instruction.sources()) {
      Substitution substitution = variables.substitute(source, instruction);
      used.addAll(substitution.used());
      paths.add(substitution.text());
    }
    Substitution destination = variables.substitute(instruction.destination(), instruction);
    used.addAll(destination.used());
    try {
      return new Prepared(
          new Instruction.Copy(
              paths, destination.text(), instruction.checksum(), instruction.position()),
          used,
          chain);
    } catch (IllegalArgumentException e) {
      throw CopySources.invalid(
          instruction, "a variable left a source or the destination empty: " + e.getMessage());
    }
  }

  /** Looks in the cache by what the sources hold, reading them only where that may pay. */
  private Optional<Outcome> unchanged(Prepared prepared, List<FileTree.Entry> entries, Task task) {
    Optional<Digest> diffId = cache.sources(entries, request.sourceDateEpoch());
    if (diffId.isEmpty() && cache.builtBefore(prepared.chain(), prepared.copy().text())) {
      Digest read = writer().diffId(entries);
      cache.rememberSources(entries, request.sourceDateEpoch(), read);
      diffId = Optional.of(read);
    }
    return diffId
        .map(id -> prepared.key(id.toString()))
        .flatMap(
            key -> cache.find(key, task).map(layers -> new Outcome(key, layers, true, entries)));
  }

  private WrittenLayer write(List<FileTree.Entry> entries, Task parent) {
    long size = entries.stream().mapToLong(FileTree.Entry::size).sum();
    try (Task task = parent.start(Event.TaskKind.LAYER, "layer", size)) {
      WrittenLayer layer = writer().write(entries, session, task);
      task.done(layer.descriptor().digest().toString());
      return layer;
    }
  }

  private LayerWriter writer() {
    return new LayerWriter(request.compression(), request.sourceDateEpoch());
  }
}
