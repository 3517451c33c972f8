package cloud.sealer.core.remote;

import cloud.sealer.core.build.RequestedBase;
import cloud.sealer.core.context.Contexts;
import cloud.sealer.core.event.EventRelay;
import cloud.sealer.core.image.Names;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryHost;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.Task;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One build on one machine: what is sent there, what is executed, what comes of it. */
final class RemoteBuild {
  private static final int PRIVATE = 0600;

  private final RemoteTools tools;
  private final RemoteBuilder.Job job;
  private final HostSession machine;
  private final Contexts contexts;

  RemoteBuild(RemoteTools tools, RemoteBuilder.Job job, HostSession machine) {
    this.tools = tools;
    this.job = job;
    this.machine = machine;
    this.contexts = new Contexts(tools.build().clock());
  }

  /**
   * What the worker tells of its build.
   *
   * @param image the index or manifest
   * @param report the container images
   * @param executed how many instructions were executed
   * @param cached how many were taken from the cache
   * @param downloadedBytes how many bytes of container images came over the network
   * @param missing what was left out
   */
  record Result(
      Descriptor image,
      DiscoveryReport report,
      int executed,
      int cached,
      long downloadedBytes,
      List<BuildResult.MissingImage> missing) {}

  /** Sends the worker, the base image, and the build. */
  void send() {
    Path scratch = job.session().scratch();
    try (FileTree worker = contexts.openFetched(job.worker())) {
      send("worker", RemotePaths.WORKER, worker);
    }
    checkWorker();
    if (job.base().isPresent()) {
      Names.Found base = job.base().get();
      // As the worker will read the name that the Kubefile has.
      String name =
          Reference.parse(fromName(), Reference.Defaults.SEALER)
              .familiar(Reference.Defaults.SEALER);
      StoreTree store = new StoreTree(tools.build().store(), name, base.image());
      send("base image", RemotePaths.STORE, store);
    }
    try (FileTree context = contexts.open(job.request().context(), scratch.resolve("remote"))) {
      send("build context", RemotePaths.CONTEXT, context);
      Contexts.imageListWithAuth(job.request().context(), () -> context)
          .ifPresent(
              content ->
                  machine.upload(
                      RemotePaths.CONTEXT + "/" + Contexts.IMAGE_LIST_WITH_AUTH.value(),
                      PRIVATE,
                      content));
    }
    text(RemotePaths.KUBEFILE, job.request().kubefile().toString());
    job.request().lock().ifPresent(lock -> text(RemotePaths.LOCK, lock.toString()));
    tools
        .registries()
        .certificates()
        .ifPresent(
            directory -> {
              try (FileTree certificates = contexts.openFetched(directory)) {
                send("certificates", RemotePaths.CERTIFICATES, certificates);
              }
            });
    tools.registries().hosts().values().forEach(this::sendAuthorities);
    RegistryLogins.of(tools.registries(), job)
        .ifPresent(config -> text(RemotePaths.DOCKER + "/config.json", config));
  }

  /** Those of one registry, as its directory among the certificates has them. */
  private void sendAuthorities(RegistryHost registry) {
    List<Path> files = registry.authorities();
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      machine.upload(
          RemotePaths.CERTIFICATES + "/" + registry.host() + "/authority-" + i + ".crt",
          PRIVATE,
          () -> Files.newInputStream(file));
    }
  }

  private String fromName() {
    return new RequestedBase(job.request()).name();
  }

  private void send(String what, String directory, FileTree tree) {
    long size = tree.entries().stream().mapToLong(FileTree.Entry::size).sum();
    try (Task task = job.task().start(Event.TaskKind.TRANSFER, what, size)) {
      machine.upload(directory, tree, task);
      task.done("");
    }
  }

  private void text(String path, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    machine.upload(path, PRIVATE, () -> new ByteArrayInputStream(bytes));
  }

  private void checkWorker() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    HostOutput all =
        new HostOutput() {
          @Override
          public void stdout(byte[] bytes, int offset, int length) {
            printed.write(bytes, offset, length);
          }

          @Override
          public void stderr(byte[] bytes, int offset, int length) {
            printed.write(bytes, offset, length);
          }
        };
    HostSession.ExitStatus status =
        machine.exec(HostCommand.of(RemotePaths.PROGRAM + " version"), all);
    if (!status.ok()) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST,
              "the worker "
                  + job.worker()
                  + " does not start on "
                  + machine.host().address()
                  + ": "
                  + printed.toString(StandardCharsets.UTF_8).strip())
          .remedy("give one that was packed for Linux and the processor of the machines")
          .build();
    }
  }

  /** Builds. */
  Result execute() {
    JsonNode result =
        execute(
            "the build",
            WorkerArguments.build(
                job.request(), job.target(), tools.registries(), job.base().isPresent()));
    try {
      JsonNode image = result.path("image").path("descriptor");
      return new Result(
          new Descriptor(
              new MediaType(image.path("mediaType").asText()),
              Digest.parse(image.path("digest").asText()),
              image.path("size").asLong()),
          ReportJson.read(result.path("discovery")),
          result.path("executed").asInt(),
          result.path("cached").asInt(),
          result.path("downloadedBytes").asLong(),
          ReportJson.missing(result.path("missing")));
    } catch (IllegalArgumentException e) {
      throw SealerException.builder(
              ErrorCode.COMMAND_FAILED, "the worker printed another result: " + e.getMessage())
          .remedy("use a worker of this version of the library")
          .cause(e)
          .build();
    }
  }

  /** Pushes the image that was built. */
  void push() {
    execute("the push", WorkerArguments.push(job.target(), tools.registries()));
  }

  private JsonNode execute(String title, WorkerArguments arguments) {
    text(RemotePaths.ARGUMENTS, arguments.text());
    try (EventRelay relay = new EventRelay(job.task())) {
      WorkerOutput output = new WorkerOutput(relay, job.task());
      HostSession.ExitStatus status =
          machine.exec(
              HostCommand.builder(RemotePaths.PROGRAM + " @" + RemotePaths.ARGUMENTS)
                  .title(title)
                  .environment("DOCKER_CONFIG", RemotePaths.DOCKER)
                  .timeout(job.request().remote().timeout())
                  .build(),
              output);
      return output.result(machine, status);
    }
  }
}
