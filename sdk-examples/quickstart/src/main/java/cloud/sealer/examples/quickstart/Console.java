package cloud.sealer.examples.quickstart;

import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.ImageOrigin;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Prints what happens, one short line for each finished step, and results. */
final class Console implements EventListener {
  private final PrintStream out;
  private final Map<Long, Event.Started> running = new HashMap<>();

  Console(PrintStream out) {
    this.out = out;
  }

  void heading(String text) {
    line("%n== %s", text);
  }

  void line(String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
  }

  void text(String lines) {
    lines.lines().forEach(each -> line("  %s", each));
  }

  /** Each task starts once and finishes once; what it is called stands in its start. */
  @Override
  public void onEvent(Event event) {
    if (event instanceof Event.Started started) {
      running.put(started.task(), started);
    } else if (event instanceof Event.Output output) {
      line("  | %s", output.line());
    } else if (event instanceof Event.Notice notice) {
      line("  notice: %s", notice.message());
    } else if (event instanceof Event.Finished finished) {
      Event.Started started = running.remove(finished.task());
      if (started != null && isShown(started.kind())) {
        line("  %-7s %s", lower(finished.outcome()), describe(started));
      }
    }
  }

  private static boolean isShown(Event.TaskKind kind) {
    return switch (kind) {
      case BASE, INSTRUCTION, IMAGE, COLLECTION, PUSH, PULL, VERIFY -> true;
      default -> false;
    };
  }

  private static String describe(Event.Started started) {
    return switch (started.kind()) {
      case INSTRUCTION -> started.name();
      case BASE -> "FROM " + started.name();
      case IMAGE -> "resolve " + started.name();
      case COLLECTION -> "collect " + started.name();
      default -> lower(started.kind()) + " " + started.name();
    };
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  /** Prints every image with every place that names it. */
  void report(DiscoveryReport report) {
    for (DiscoveryReport.Found found : report.found()) {
      line("  %s", found.image());
      for (ImageOrigin origin : found.origins()) {
        line("      %s [%s]", origin, origin.rule());
      }
    }
    line(
        "  %d suspected, %d excluded, %d unresolved",
        report.suspected().size(), report.excluded().size(), report.unresolved().size());
  }

  /** Prints layers, commands and container images. */
  void image(ClusterImage image) {
    for (ClusterImage.PlatformImage platform : image.platforms()) {
      ClusterImage.Metadata metadata = platform.metadata();
      line("  %s, Kubernetes %s", platform.platform(), metadata.kubernetesVersion().orElse("?"));
      metadata.commands().forEach(command -> line("  CMD %s", command));
      for (ContainerImage container : metadata.containerImages()) {
        line("  image %s %s", container.reference(), shorten(container.digest()));
      }
      for (Descriptor layer : platform.layers()) {
        String blob = layer.annotations().get("cloud.sealer.blob");
        line(
            "  layer %s %9s%s",
            shorten(layer.digest()),
            bytes(layer.size()),
            blob == null ? "" : "  holds " + shorten(Digest.parse(blob)));
      }
    }
  }

  static String shorten(Digest digest) {
    return digest.hex().substring(0, 12);
  }

  static String bytes(long count) {
    return count < 1000 ? count + " B" : String.format(Locale.ROOT, "%.1f kB", count / 1000.0);
  }
}
