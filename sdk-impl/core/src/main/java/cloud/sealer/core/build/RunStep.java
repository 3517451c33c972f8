package cloud.sealer.core.build;

import cloud.sealer.core.layer.LayerWriter;
import cloud.sealer.core.layer.RootfsUnpacker;
import cloud.sealer.core.layer.WrittenLayer;
import cloud.sealer.core.run.RunExecutors;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RunExecutor;
import cloud.sealer.sdk.spi.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Executes {@code RUN} instructions on the rootfs of one build. Not thread-safe. */
final class RunStep {
  private final BuildTools tools;
  private final BuildRequest request;
  private final @Nullable Platform platform;
  private final String name;
  private final LayerStore.Session session;
  private final Map<String, String> environment;
  private int unpacked;
  private int commands;

  /**
   * Executes nothing yet.
   *
   * @param platform the platform of the rootfs; null if only its files will say that
   * @param environment the variables that commands see beside those of the executor
   */
  RunStep(
      BuildTools tools,
      BuildRequest request,
      @Nullable Platform platform,
      LayerStore.Session session,
      Map<String, String> environment) {
    this.tools = tools;
    this.request = request;
    this.platform = platform;
    this.name = platform == null ? "" : "-" + platform.toString().replace('/', '-');
    this.session = session;
    this.environment = Map.copyOf(environment);
  }

  /** The rootfs as far as it was unpacked; empty if no command was executed. */
  Optional<Path> rootfs() {
    return unpacked == 0
        ? Optional.empty()
        : Optional.of(Scratch.directory(session, "rootfs" + name));
  }

  /**
   * Executes a command.
   *
   * @param command its text with variables replaced
   * @param title its text as written, which messages show: arguments may be secret
   * @param layers the layers it runs on
   * @param task where to report
   */
  List<WrittenLayer> execute(String command, String title, List<WrittenLayer> layers, Task task) {
    RunExecutor executor = RunExecutors.choose(tools.executors(), request.runExecutor(), platform);
    Path rootfs = Scratch.directory(session, "rootfs" + name);
    unpack(rootfs, layers, task);
    Path scratch = Scratch.directory(session, "run-" + ++commands + name);
    RunExecutor.Request run =
        new RunExecutor.Request(rootfs, scratch, command, environment, request.runTimeout(), title);
    try (FileTree changes = executor.run(run, task)) {
      if (changes.entries().isEmpty()) {
        return List.of();
      }
      try (Task layer = task.start(Event.TaskKind.LAYER, "changes", -1)) {
        WrittenLayer written =
            new LayerWriter(request.compression(), request.sourceDateEpoch())
                .write(changes.entries(), session, layer);
        layer.done(written.descriptor().digest().toString());
        return List.of(written);
      }
    }
  }

  private void unpack(Path rootfs, List<WrittenLayer> layers, Task parent) {
    RootfsUnpacker unpacker = new RootfsUnpacker(tools.store(), rootfs);
    while (unpacked < layers.size()) {
      WrittenLayer layer = layers.get(unpacked);
      try (Task task =
          parent.start(
              Event.TaskKind.LAYER,
              "unpack " + layer.descriptor().digest(),
              layer.descriptor().size())) {
        unpacker.apply(layer.descriptor(), layer.diffId(), task);
        task.done("");
      }
      unpacked++;
    }
  }
}
