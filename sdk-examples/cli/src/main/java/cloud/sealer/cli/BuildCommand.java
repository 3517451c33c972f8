package cloud.sealer.cli;

import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.ImageLock;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.PlatformPolicy;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.Sealer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sealer build}. */
@Command(
    name = "build",
    description = "Build a cluster image from a Kubefile and a context.",
    sortOptions = false)
final class BuildCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Common common;

  @Mixin private KubefileOption kubefile;

  @Option(
      names = {"-t", "--tag", "--imageName"},
      paramLabel = "NAME",
      required = true,
      description = "The name of the image.")
  private String name;

  @Option(
      names = {"-m", "--mode"},
      paramLabel = "MODE",
      defaultValue = "lite",
      description = "lite, local, cloud or container.")
  private BuildMode mode;

  @Option(
      names = "--build-arg",
      paramLabel = "NAME=VALUE",
      description = "The value of a build argument; may be repeated.")
  private List<String> args = List.of();

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH",
      split = ",",
      description = "A platform to build for; may be repeated, or be a list with commas.")
  private List<String> platforms = List.of();

  @Option(
      names = "--missing-platform",
      paramLabel = "ACTION",
      defaultValue = "fail",
      description = "For a container image that lacks a platform: fail, warn or skip.")
  private PlatformPolicy missing;

  @Option(names = "--no-cache", description = "Execute every instruction.")
  private boolean noCache;

  @Option(
      names = "--base",
      arity = "0..1",
      paramLabel = "BOOLEAN",
      defaultValue = "true",
      fallbackValue = "true",
      description = "Whether the image contains its base; --base=false for an application image.")
  private boolean base;

  @Option(
      names = "--signatures",
      arity = "0..1",
      paramLabel = "BOOLEAN",
      defaultValue = "true",
      fallbackValue = "true",
      description = "Whether to collect the signatures of the container images too.")
  private boolean signatures;

  @Option(names = "--pull", description = "Ask for the base image even if the store has one.")
  private boolean pull;

  @Option(
      names = "--compression",
      paramLabel = "KIND",
      defaultValue = "gzip",
      description = "gzip, which every tool reads; zstd, which is faster and smaller; or none.")
  private Compression compression;

  @Option(
      names = "--run-executor",
      paramLabel = "NAME",
      description = "How RUN is executed: overlay, overlay-userns or copy; by default what works.")
  private @Nullable String executor;

  @Option(
      names = "--run-timeout",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description = "How long one RUN may take.")
  private long timeout;

  @Option(
      names = "--source-date-epoch",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "The time that files of the image carry, in seconds since 1970.")
  private long epoch;

  @Mixin private ClusterOptions cluster;
  @Mixin private MachineFlags machines;
  @Mixin private DockerFlags docker;
  @Mixin private CloudFlags cloud;

  @Option(
      names = "--lock-in",
      paramLabel = "FILE",
      description = "Fail if a tag means another image than this lock file says.")
  private @Nullable Path lockIn;

  @Option(
      names = "--lock-out",
      paramLabel = "FILE",
      description = "Write what tags meant to this build into a lock file.")
  private @Nullable Path lockOut;

  @Mixin private DiscoveryOptions discovery;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PATH",
      defaultValue = ".",
      description = "The context: a directory or an archive.")
  private String context;

  @SuppressWarnings("NullAway.Init")
  BuildCommand() {}

  @Override
  public Integer call() {
    BuildRequest.Builder request = BuildRequest.builder();
    arguments().forEach(request::arg);
    if (name.isBlank()) {
      throw new ParameterException(spec.commandLine(), "-t must be a name, got nothing");
    }
    if (discovery.hasProgram() && (mode == BuildMode.CONTAINER || mode == BuildMode.CLOUD)) {
      throw new ParameterException(
          spec.commandLine(), "--helm is a program of this machine, for lite and local builds");
    }
    if (timeout <= 0) {
      throw new ParameterException(spec.commandLine(), "--run-timeout must be more than zero");
    }
    if (epoch < 0) {
      throw new ParameterException(spec.commandLine(), "--source-date-epoch must not be negative");
    }
    Settings settings = Settings.ofProcess();
    request
        .sourceDateEpoch(epoch)
        .cluster(cluster.access(settings, spec.commandLine()))
        .remote(machines.remote(spec.commandLine()))
        .name(name)
        .platforms(platforms())
        .missingPlatforms(missing)
        .cache(!noCache)
        .includeBase(base)
        .pullBase(pull)
        .signatures(signatures)
        .compression(compression)
        .runExecutor(executor)
        .runTimeout(Duration.ofSeconds(timeout))
        .lock(lockIn == null ? null : ImageLock.parse(lockIn))
        .discovery(discovery.policy(spec.commandLine()));
    Source source = kubefile.find(spec.commandLine(), context);
    request.kubefile(source.kubefile()).context(source.context());
    BuildResult result =
        common.with(
            builder -> machines(builder, settings),
            (sealer, listener) -> build(sealer, request.listener(listener).build()));
    if (lockOut != null) {
      result.lock().write(lockOut);
    }
    print(result);
    return 0;
  }

  private BuildResult build(Sealer sealer, BuildRequest request) {
    BuildResult result = sealer.builder(mode).build(request);
    if (machines.isPushed() && (mode == BuildMode.LITE || mode == BuildMode.LOCAL)) {
      sealer.images().push(name, request.listener());
    }
    return result;
  }

  private Sealer.Builder machines(Sealer.Builder builder, Settings settings) {
    docker.applyTo(builder, settings, spec.commandLine());
    discovery.applyTo(builder, spec.commandLine());
    return mode == BuildMode.CLOUD
        ? cloud.applyTo(builder, settings, true, spec.commandLine())
        : builder;
  }

  private void print(BuildResult result) {
    if (common.isJson()) {
      var node = Json.object();
      node.put("event", "result");
      node.set("image", Json.image(result.image()));
      node.set("discovery", Json.report(result.discovery()));
      node.put("executed", result.executed());
      node.put("cached", result.cached());
      node.put("downloadedBytes", result.downloadedBytes());
      node.set("missing", Json.missing(result.missing()));
      common.out().println(node);
      return;
    }
    common
        .out()
        .printf(
            "%s %s%n%d instructions executed, %d cached; %d container images, %s downloaded%n",
            result.image().reference().familiar(common.names()),
            result.image().digest(),
            result.executed(),
            result.cached(),
            result.discovery().found().size(),
            Progress.bytes(result.downloadedBytes()));
    for (DiscoveryReport.Found found : result.discovery().onlyInCluster()) {
      common
          .out()
          .println(
              "only in the cluster: "
                  + found.image().familiar(Reference.Defaults.DOCKER)
                  + " ("
                  + found.origins().get(0).object()
                  + ")");
    }
    result
        .missing()
        .forEach(
            image -> common.out().println("left out: " + image.image() + " " + image.platform()));
  }

  private Map<String, String> arguments() {
    Map<String, String> values = new LinkedHashMap<>();
    for (String arg : args) {
      int equals = arg.indexOf('=');
      if (equals <= 0) {
        throw new ParameterException(
            spec.commandLine(), "--build-arg must be NAME=VALUE, got \"" + arg + "\"");
      }
      values.put(arg.substring(0, equals), arg.substring(equals + 1));
    }
    return values;
  }

  private List<Platform> platforms() {
    try {
      return platforms.stream().map(String::strip).map(Platform::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--platform: " + e.getMessage(), e);
    }
  }
}
