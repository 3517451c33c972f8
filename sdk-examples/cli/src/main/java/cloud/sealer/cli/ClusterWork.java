package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.Distribution;
import cloud.sealer.sdk.HostResult;
import cloud.sealer.sdk.ImagePolicy;
import cloud.sealer.sdk.PartialFailureException;
import cloud.sealer.sdk.Plan;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.RunResult;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.Sealer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of commands that work on clusters, and the work around each change. */
final class ClusterWork {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private Common common;
  @Mixin private SshLogin login;
  @Mixin private HostKeys hostKeys;
  @Mixin private DockerFlags docker;
  @Mixin private CloudFlags cloud;

  @Option(
      names = "--clusters",
      paramLabel = "DIR",
      description = "Where clusters are recorded; by default ~/.sealer.")
  private @Nullable Path clusters;

  @Option(
      names = "--on-failure",
      paramLabel = "POLICY",
      defaultValue = "stop",
      description = "What to do when a step fails on a host: stop, continue or roll-back.")
  private String onFailure;

  @Option(
      names = "--ignore",
      split = ",",
      paramLabel = "CHECK",
      description = "Go on although this check finds something, such as swap; may be repeated.")
  private Set<String> ignored = Set.of();

  @Option(
      names = "--parallel",
      paramLabel = "HOSTS",
      defaultValue = "16",
      description = "On how many hosts to work at once.")
  private int parallel;

  @Option(
      names = "--distribution",
      paramLabel = "WAY",
      description =
          "How layers get to hosts: send, pull (hosts fetch them from the image's registry), or"
              + " pull=REGISTRY[/REPOSITORY] for another one; by default as the Clusterfile says,"
              + " else send.")
  private @Nullable String distribution;

  @Option(
      names = "--verify-key",
      paramLabel = "FILE",
      description =
          "Run only an image that the owner of this public key signed; one of several will do.")
  private List<Path> keys = List.of();

  private final List<Path> archives = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  ClusterWork() {}

  Common common() {
    return common;
  }

  /** Lets the work see the images of an archive. */
  void archive(Path archive) {
    archives.add(archive);
  }

  SshLogin login() {
    return login;
  }

  /** Reads a Clusterfile; what is given on the command line counts where the file says nothing. */
  ClusterSpec read(Path file) {
    return withLogin(ClusterSpec.parse(file));
  }

  /** A spec with the login of the command line where it says nothing. */
  ClusterSpec withLogin(ClusterSpec read) {
    return read.toBuilder().ssh(read.ssh().orElse(login.options(Settings.ofProcess()))).build();
  }

  /** Opens a runner with its options, works, and closes. */
  <R> R with(BiFunction<Runner, RunOptions, R> work) {
    return withSealer((sealer, options) -> work.apply(sealer.runner(), options));
  }

  /** Opens a Sealer with the options of its runner, works, and closes. */
  <R> R withSealer(BiFunction<Sealer, RunOptions, R> work) {
    Settings settings = Settings.ofProcess();
    RunOptions.Builder options =
        RunOptions.builder()
            .onFailure(policy())
            .ignoredFindings(ignored)
            .secrets(login.secrets(settings));
    try {
      options.parallelHosts(parallel);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--parallel: " + e.getMessage(), e);
    }
    if (distribution != null) {
      try {
        options.distribution(Distribution.parse(distribution));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "--distribution: " + e.getMessage(), e);
      }
    }
    return common.with(
        builder -> {
          archives.forEach(builder::archive);
          docker.applyTo(builder, settings, spec.commandLine());
          cloud.applyTo(builder, settings, false, spec.commandLine());
          return builder
              .clusters(clusters != null ? clusters : settings.clusters())
              .hostConnector(hostKeys.connector(settings, login));
        },
        (sealer, listener) -> {
          SignatureVerification.check(keys, Map.of())
              .ifPresent(check -> options.imagePolicy(ImagePolicy.signed(sealer.trust(), check)));
          return work.apply(sealer, options.listener(listener).build());
        });
  }

  private RunOptions.OnFailure policy() {
    return switch (onFailure) {
      case "stop" -> RunOptions.OnFailure.STOP;
      case "continue" -> RunOptions.OnFailure.CONTINUE;
      case "roll-back", "rollback" -> RunOptions.OnFailure.ROLL_BACK;
      default ->
          throw new ParameterException(
              spec.commandLine(),
              "--on-failure is stop, continue or roll-back, got \"" + onFailure + "\"");
    };
  }

  /** What is left to do here when a change is made. */
  interface Afterwards {
    void done(Runner runner, ClusterChange change, RunOptions options);
  }

  /** Plans a change and makes it, or only shows the plan. */
  int change(BiFunction<Runner, RunOptions, ClusterChange> change, boolean dryRun) {
    return change(change, dryRun, (runner, done, options) -> {});
  }

  /** The same with something to do here afterwards. */
  int change(
      BiFunction<Runner, RunOptions, ClusterChange> change, boolean dryRun, Afterwards afterwards) {
    return with(
        (runner, options) -> {
          ClusterChange wanted = change.apply(runner, options);
          if (dryRun) {
            print(runner.plan(wanted, options));
            return 0;
          }
          try {
            print(runner.run(wanted, options));
            afterwards.done(runner, wanted, options);
            return 0;
          } catch (PartialFailureException e) {
            e.results().forEach(this::print);
            throw e;
          }
        });
  }

  private void print(Plan plan) {
    if (common.isJson()) {
      common.out().println(Json.plan(plan));
    } else {
      common.out().println(plan.toString().stripTrailing());
    }
  }

  private void print(RunResult result) {
    if (common.isJson()) {
      common.out().println(Json.result(result));
      return;
    }
    if (result.plan().nothingToDo()) {
      common.out().println(result.plan().change().cluster() + ": nothing to do");
      return;
    }
    common
        .out()
        .printf(
            "%s: %d steps done on %d hosts%n",
            result.plan().change().cluster(),
            result.plan().steps().size(),
            result.hosts().stream()
                .filter(host -> host.outcome() == HostResult.Outcome.DONE)
                .count());
    result.hosts().stream().filter(host -> host.failure().isPresent()).forEach(this::print);
  }

  /** How it ended on one host. */
  void print(HostResult host) {
    if (common.isJson()) {
      common.out().println(Json.host(host));
      return;
    }
    String text =
        switch (host.outcome()) {
          case DONE -> "done";
          case UNCHANGED -> "nothing to do";
          case NOT_DONE -> "not done";
          case FAILED -> "failed";
        };
    common
        .err()
        .println(
            host.address()
                + ": "
                + text
                + host.failure().map(failure -> ": " + failure.getMessage()).orElse(""));
  }
}
