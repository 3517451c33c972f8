package cloud.sealer.core.remote;

import cloud.sealer.core.build.RequestedBase;
import cloud.sealer.core.event.TaskTree;
import cloud.sealer.core.image.ImageReader;
import cloud.sealer.core.image.Names;
import cloud.sealer.core.machines.Leftovers;
import cloud.sealer.core.machines.MachineRecord;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.Builder;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.InfrastructureProvider.Leftover;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Machine;
import cloud.sealer.sdk.spi.MachineOwner;
import cloud.sealer.sdk.spi.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Builds on machines that are made for the build and removed after it, however it ends.
 * Thread-safe.
 */
public final class RemoteBuilder implements Builder {
  /** The name of an image whose request has none; it never leaves the machine. */
  private static final Reference UNNAMED = Reference.parse("build.local/unnamed:latest");

  private final RemoteTools tools;

  /** A builder that uses the given parts. */
  public RemoteBuilder(RemoteTools tools) {
    this.tools = tools;
  }

  @Override
  public BuildResult build(BuildRequest request) {
    Optional<Reference> name = name(request);
    Path worker = worker(request);
    try (TaskTree tasks = new TaskTree(request.listener(), tools.build().clock());
        Task task = tasks.start(Event.TaskKind.BUILD, request.name(), -1);
        LayerStore.Session session = tools.build().store().session()) {
      InfrastructureSpec spec = request.remote().infrastructure();
      tools.provider().check(spec, task);
      Optional<Names.Found> base = new RequestedBase(request).require(tools.build(), session, task);
      BuildResult result = onMachines(new Job(request, name, worker, base, session, task));
      task.done(result.image().digest().toString());
      return result;
    }
  }

  /**
   * One build.
   *
   * @param request what to build
   * @param name the name of the image, if it gets one
   * @param worker the program that builds
   * @param base the base image; empty for scratch
   * @param session keeps what came back until it has a name
   * @param task where to report
   */
  record Job(
      BuildRequest request,
      Optional<Reference> name,
      Path worker,
      Optional<Names.Found> base,
      LayerStore.Session session,
      Task task) {
    /** What the image is called on the machine. */
    Reference target() {
      return name.orElse(UNNAMED);
    }
  }

  private BuildResult onMachines(Job job) {
    try (MachineRecord record =
        tools.records().begin(MachineOwner.Purpose.BUILD, tools.provider().name())) {
      BuildResult result;
      try {
        result = withMachines(job, record);
      } catch (RuntimeException | Error e) {
        try {
          remove(record, job.task());
        } catch (SealerException left) {
          e.addSuppressed(left);
          if (e instanceof SealerException failure) {
            throw Leftovers.both(failure, left);
          }
        }
        throw e;
      }
      remove(record, job.task());
      return result;
    }
  }

  /** Removes everything, also if the build was cancelled. */
  private void remove(MachineRecord record, Task task) {
    boolean interrupted = Thread.interrupted();
    try {
      List<Leftover> left = tools.provider().remove(record.owner(), record, task);
      if (!left.isEmpty()) {
        throw Leftovers.of(record.owner().name(), left);
      }
      record.delete();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private BuildResult withMachines(Job job, MachineRecord record) {
    List<Machine> machines =
        tools
            .provider()
            .provide(record.owner(), job.request().remote().infrastructure(), record, job.task());
    try (HostConnector connector = tools.provider().connector(machines, record)) {
      if (job.base().isPresent()) {
        new BuildCluster(tools, record).start(job, machines, connector);
      }
      try (HostSession first = connector.connect(machines.get(0).host(), job.task())) {
        return onMachine(job, first);
      }
    }
  }

  private BuildResult onMachine(Job job, HostSession machine) {
    RemoteBuild build = new RemoteBuild(tools, job, machine);
    build.send();
    RemoteBuild.Result result = build.execute();
    boolean push = job.request().remote().push();
    if (push) {
      build.push();
    }
    LayerStore store = tools.build().store();
    new ResultImage(store, job.session(), machine).fetch(result.image(), !push, job.task());
    if (!push) {
      job.name()
          .ifPresent(name -> store.putName(tools.build().names().stored(name), result.image()));
    }
    Reference reference =
        job.name().orElseGet(() -> Reference.parse("unnamed").withDigest(result.image().digest()));
    return new BuildResult(
        new ImageReader(store).read(reference, result.image()),
        result.report(),
        result.executed(),
        result.cached(),
        result.downloadedBytes(),
        result.missing());
  }

  private Optional<Reference> name(BuildRequest request) {
    if (request.name().isEmpty()) {
      if (request.remote().push()) {
        throw invalid("an image without a name cannot be pushed", "name it");
      }
      return Optional.empty();
    }
    Reference reference = tools.build().names().parse(request.name());
    if (reference.digest().isPresent()) {
      throw invalid(
          "\"" + request.name() + "\" has a digest, which no new image can be given",
          "give a repository and a tag");
    }
    return Optional.of(reference);
  }

  private static Path worker(BuildRequest request) {
    Path worker =
        request
            .remote()
            .worker()
            .orElseThrow(
                () ->
                    invalid(
                        "a build on machines needs the program that builds there",
                        "set RemoteOptions.worker to the directory that the artifact sealer-cli"
                            + " packs (--worker)"));
    if (!Files.isRegularFile(worker.resolve("bin/sealer"))) {
      throw invalid(
          "the worker " + worker + " has no bin/sealer",
          "give the directory that the artifact sealer-cli packs");
    }
    return worker;
  }

  private static SealerException invalid(String message, String remedy) {
    return SealerException.builder(ErrorCode.INVALID_REQUEST, message).remedy(remedy).build();
  }

  @Override
  public DiscoveryReport discover(BuildRequest request) {
    throw invalid(
        "machines are made for a build only, not to look for images",
        "discover in lite mode, or in local mode beside a running cluster");
  }
}
