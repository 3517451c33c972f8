package cloud.sealer.cli;

import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The options that every command has, and the work around each: open, report, close. */
final class Common {
  private static final AtomicBoolean WORKING = new AtomicBoolean();

  /** How progress is shown. */
  enum ProgressMode {
    /** Bars on a terminal, lines elsewhere. */
    AUTO,
    /** Lines. */
    PLAIN,
    /** One JSON object for each event, on standard output. */
    JSON,
    /** Nothing. */
    NONE
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = "The store of images; by default $$SEALER_STORE, else /var/lib/sealer/store.")
  private @Nullable Path store;

  @Option(
      names = "--names",
      paramLabel = "REGISTRY[/NAMESPACE]",
      defaultValue = "sealer",
      description =
          "What completes short names: sealer (registry.cn-qingdao.aliyuncs.com/sealer-io),"
              + " sealerio (docker.io/sealerio), docker (docker.io/library), or a registry.")
  private String names;

  @Mixin private RegistryFlags registryFlags;

  @Option(
      names = "--progress",
      paramLabel = "MODE",
      defaultValue = "auto",
      description = "auto, plain, json or none.")
  private ProgressMode progress = ProgressMode.AUTO;

  @SuppressWarnings("UnusedVariable") // read from the parse result, also when the command fails
  @Option(names = "--debug", description = "Show where a failure came from.")
  private boolean debug;

  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  private boolean help;

  @SuppressWarnings("NullAway.Init")
  Common() {}

  /** Opens a Sealer and the progress display, works, and closes both. */
  <R> R with(BiFunction<Sealer, EventListener, R> work) {
    return with(builder -> builder, work);
  }

  /** The same with more settings. */
  <R> R with(UnaryOperator<Sealer.Builder> more, BiFunction<Sealer, EventListener, R> work) {
    Settings settings = Settings.ofProcess();
    RegistryOptions.Builder registries =
        RegistryOptions.builder().dockerConfig(settings.dockerConfig());
    registryFlags.applyTo(registries, spec.commandLine());
    WORKING.set(true);
    try (Progress display = display(settings);
        Sealer sealer =
            more.apply(
                    Sealer.builder()
                        .store(store != null ? store : settings.store())
                        .names(names())
                        .registries(registries.build()))
                .build()) {
      return work.apply(sealer, display);
    }
  }

  /** What completes short names. */
  Reference.Defaults names() {
    return switch (names) {
      case "sealer" -> Reference.Defaults.SEALER;
      case "sealerio" -> Reference.Defaults.SEALERIO;
      case "docker" -> Reference.Defaults.DOCKER;
      default -> namesOf(names);
    };
  }

  private Reference.Defaults namesOf(String registry) {
    int slash = registry.indexOf('/');
    try {
      return new Reference.Defaults(
          slash < 0 ? registry : registry.substring(0, slash),
          slash < 0 ? "" : registry.substring(slash + 1));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--names: " + e.getMessage(), e);
    }
  }

  private Progress display(Settings settings) {
    return switch (progress) {
      case AUTO -> settings.hasBars() ? new BarProgress(err()) : new LineProgress(err());
      case PLAIN -> new LineProgress(err());
      case JSON -> new JsonProgress(out());
      case NONE -> Progress.SILENT;
    };
  }

  boolean isJson() {
    return progress == ProgressMode.JSON;
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Whether the command has begun what it must be given time to end. */
  static boolean isWorking() {
    return WORKING.get();
  }

  /** Whether the command that was parsed got {@code --debug}. */
  static boolean debug(ParseResult parsed) {
    return last(parsed).matchedOptionValue("--debug", false);
  }

  /** Whether the command that was parsed is to talk to a program. */
  static boolean isJson(ParseResult parsed) {
    return last(parsed).matchedOptionValue("--progress", ProgressMode.AUTO) == ProgressMode.JSON;
  }

  private static ParseResult last(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return last;
  }
}
