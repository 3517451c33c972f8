package cloud.sealer.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The Markdown of a run: a table of targets first, then one of each race. */
final class Report {
  private final StringBuilder races = new StringBuilder();
  private final List<String> targets = new ArrayList<>();

  /**
   * Adds a race.
   *
   * @param title what work it is
   * @param limit how many of the results, from the first on, add up to the limit
   * @param results in the order of the table; those whose name begins with {@code sealer-sdk} are
   *     ours
   */
  void race(String title, int limit, List<Result> results) {
    OptionalDouble least = sum(results.subList(0, limit));
    races
        .append("\n**")
        .append(title)
        .append("**\n\n| who | median s | ratio to the limit | peak MB | runs |\n")
        .append("|---|---:|---:|---:|---:|\n");
    for (Result result : results) {
      races.append(line(result, least)).append('\n');
    }
  }

  private static OptionalDouble sum(List<Result> parts) {
    return parts.stream().allMatch(part -> part.median().isPresent()) && !parts.isEmpty()
        ? OptionalDouble.of(parts.stream().mapToDouble(part -> part.median().orElse(0)).sum())
        : OptionalDouble.empty();
  }

  private static String line(Result result, OptionalDouble limit) {
    String name = result.name().startsWith("sealer-sdk") ? bold(result.name()) : result.name();
    if (result.median().isEmpty()) {
      return "| " + name + " | " + result.problem().orElse("–") + " | – | – | 0 |";
    }
    double median = result.median().getAsDouble();
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %s | %s | %d |",
        name,
        median,
        limit.isPresent() ? String.format(Locale.ROOT, "%.1f", median / limit.getAsDouble()) : "–",
        result.peakBytes().isPresent()
            ? Long.toString(Math.round(result.peakBytes().getAsLong() / 1e6))
            : "–",
        result.seconds().size());
  }

  private static String bold(String text) {
    return "**" + text + "**";
  }

  /** Compares seconds, or anything else of which less is better, with a limit. */
  void atMost(String work, OptionalDouble measured, double limit, String unit) {
    target(
        work,
        "≤ " + number(limit) + " " + unit,
        measured.isPresent() ? number(measured.getAsDouble()) + " " + unit : "–",
        measured.isEmpty() ? Verdict.UNKNOWN : Verdict.of(measured.getAsDouble() <= limit));
  }

  /** Compares how many times faster ours is than a peer. */
  void ahead(String work, Result peer, Result ours, double factor) {
    ratio(
        work,
        "≥ " + number(factor) + " × ahead of " + peer.name(),
        peer.median(),
        ours.median(),
        factor,
        false);
  }

  /** Compares how many times longer ours takes than a limit. */
  void within(String work, String limitName, OptionalDouble limit, Result ours, double factor) {
    ratio(work, "≤ " + number(factor) + " × " + limitName, ours.median(), limit, factor, true);
  }

  private void ratio(
      String work,
      String target,
      OptionalDouble above,
      OptionalDouble below,
      double factor,
      boolean most) {
    if (above.isEmpty() || below.isEmpty()) {
      target(work, target, "–", Verdict.UNKNOWN);
      return;
    }
    double ratio = above.getAsDouble() / below.getAsDouble();
    target(
        work, target, number(ratio) + " ×", Verdict.of(most ? ratio <= factor : ratio >= factor));
  }

  /** Adds a target. */
  void target(String work, String target, String measured, Verdict verdict) {
    targets.add("| " + work + " | " + target + " | " + measured + " | " + verdict.text() + " |");
  }

  /** How a target compares with what was measured. */
  enum Verdict {
    MET,
    MISSED,
    UNKNOWN;

    static Verdict of(boolean met) {
      return met ? MET : MISSED;
    }

    private String text() {
      return switch (this) {
        case MET -> "met";
        case MISSED -> "**missed**";
        case UNKNOWN -> "not measured";
      };
    }
  }

  private static String number(double value) {
    String format = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }

  /** The whole report. */
  String markdown(String machine) {
    return machine
        + "\n\n| work | target | measured | |\n|---|---|---:|---|\n"
        + String.join("\n", targets)
        + "\n"
        + races;
  }
}
