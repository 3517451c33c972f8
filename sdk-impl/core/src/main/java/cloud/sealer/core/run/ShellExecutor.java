package cloud.sealer.core.run;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.RunExecutor;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * An executor that runs the command with the shell of this machine. The three kinds differ in the
 * namespaces around the command and in how its changes are found.
 */
final class ShellExecutor implements RunExecutor {
  private static final List<String> NAMESPACES =
      List.of("unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child");

  private final String name;
  private final boolean overlay;
  private final List<String> wrapper;
  private final ExecutorProbe probe;

  private ShellExecutor(String name, boolean overlay, List<String> wrapper, Path probeDirectory) {
    this.name = name;
    this.overlay = overlay;
    this.wrapper = List.copyOf(wrapper);
    this.probe = new ExecutorProbe(probeDirectory);
  }

  static ShellExecutor overlay(Path probeDirectory) {
    return new ShellExecutor("overlay", true, NAMESPACES, probeDirectory);
  }

  static ShellExecutor overlayInUserNamespace(Path probeDirectory) {
    List<String> wrapper = new ArrayList<>(NAMESPACES);
    wrapper.addAll(List.of("--user", "--map-root-user"));
    return new ShellExecutor("overlay-userns", true, wrapper, probeDirectory);
  }

  static ShellExecutor copy(Path probeDirectory) {
    return new ShellExecutor("copy", false, List.of(), probeDirectory);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<String> unavailable() {
    return probe.unavailable(this);
  }

  @Override
  public Optional<String> unavailable(Platform platform) {
    return unavailable().or(() -> ProgramFormats.ofThisMachine().unavailable(platform));
  }

  @Override
  public FileTree run(Request request, Task task) {
    Path scratch = request.scratch().toAbsolutePath();
    boolean complete = false;
    try {
      prepare(request, scratch);
      RootfsSnapshot before = overlay ? null : RootfsSnapshot.ofSettled(request.rootfs());
      execute(request, scratch, task);
      FileTree changes = changes(request, scratch, before, task);
      complete = true;
      return changes;
    } catch (ClosedByInterruptException e) {
      throw SealerException.cancelled(RunFailure.title(request.title()));
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.STORE_IO,
              "RUN could not use its working directory " + scratch + ": " + IoReason.of(e))
          .cause(e)
          .build();
    } finally {
      if (!complete) {
        Cleanup.contents(scratch);
      }
    }
  }

  private void prepare(Request request, Path scratch) throws IOException {
    Files.writeString(scratch.resolve(ShellScripts.COMMAND), request.command());
    Files.createDirectory(scratch.resolve(ShellScripts.HOME));
    Path rootfs = request.rootfs().toRealPath();
    Files.createSymbolicLink(scratch.resolve(ShellScripts.LOWER), rootfs);
    if (overlay) {
      Files.createDirectory(scratch.resolve(ShellScripts.WORK));
      Files.createDirectory(scratch.resolve(ShellScripts.MERGED));
      Path upper = Files.createDirectory(scratch.resolve(ShellScripts.UPPER));
      // The merged root takes its mode from here.
      Files.setPosixFilePermissions(upper, Files.getPosixFilePermissions(rootfs));
    }
  }

  private void execute(Request request, Path scratch, Task task) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw SealerException.cancelled(RunFailure.title(request.title()));
    }
    List<String> line = new ArrayList<>(wrapper);
    String view = overlay ? ShellScripts.MERGED : ShellScripts.LOWER;
    line.addAll(List.of("/bin/sh", "-c", ShellScripts.VIEW, "sh", view));
    OutputTail tail = new OutputTail();
    CommandProcess process =
        CommandProcess.start(
            scratch,
            request.environment(),
            line,
            text -> {
              tail.add(text);
              task.output(text);
            });
    int status = await(process, request);
    if (!Files.exists(scratch.resolve(ShellScripts.STARTED))) {
      throw RunFailure.notStarted(name, tail);
    }
    if (status != 0) {
      throw RunFailure.of(request.title(), status, tail);
    }
  }

  private static int await(CommandProcess process, Request request) {
    try {
      OptionalInt status = process.await(request.timeout());
      return status.orElseThrow(() -> RunFailure.timeout(request.title(), request.timeout()));
    } catch (InterruptedException e) {
      throw SealerException.cancelled(RunFailure.title(request.title()));
    }
  }

  private FileTree changes(
      Request request, Path scratch, @Nullable RootfsSnapshot before, Task task)
      throws IOException {
    // The link is of no more use, and a careless removal of the scratch directory might follow it.
    Files.deleteIfExists(scratch.resolve(ShellScripts.LOWER));
    Cleanup.tree(scratch.resolve(ShellScripts.HOME));
    if (before != null) {
      List<FileTree.Entry> entries = before.changesUntil(RootfsSnapshot.of(request.rootfs()), task);
      return new ChangedFiles(entries, scratch);
    }
    Cleanup.tree(scratch.resolve(ShellScripts.WORK));
    Path upper = scratch.resolve(ShellScripts.UPPER);
    if (!Files.isDirectory(upper, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("the command removed " + upper);
    }
    return new ChangedFiles(new UpperDirectory(upper, request.rootfs(), task).entries(), scratch);
  }
}
