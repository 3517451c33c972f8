package cloud.sealer.examples.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Lets contenders do the same work in turns, so that all of them see the same noise of the machine.
 * Before each run everything is written to the disk, so that nobody waits for what others left.
 */
final class Race {
  private final Shell shell;
  private final int runs;
  private final double patience;

  /**
   * A race.
   *
   * @param shell where the commands run
   * @param runs how often each contender runs
   * @param patience after how many seconds in all a contender runs no more
   */
  Race(Shell shell, int runs, double patience) {
    this.shell = shell;
    this.runs = runs;
    this.patience = patience;
  }

  List<Result> run(List<Contender> contenders) {
    Map<Contender, List<Shell.Run>> done = new HashMap<>();
    Map<Contender, String> problems = new HashMap<>();
    for (int round = 0; round < runs; round++) {
      for (Contender contender : contenders) {
        List<Shell.Run> earlier = done.computeIfAbsent(contender, c -> new ArrayList<>());
        boolean tired = earlier.stream().mapToDouble(Shell.Run::seconds).sum() > patience;
        if (tired
            || problems.containsKey(contender)
            || Tools.missing(contender.needs()).isPresent()) {
          continue;
        }
        shell.prepare(contender.prepare(), contender.environment());
        shell.prepare("sync");
        Shell.Run run = shell.run(contender.command(), contender.environment());
        if (run.status() == 0) {
          earlier.add(run);
        } else if (contender.needs().isEmpty()) {
          throw new IllegalStateException(contender.name() + " failed: " + run.output());
        } else {
          problems.put(contender, "failed: " + lastLine(run.output()));
        }
      }
    }
    return contenders.stream()
        .map(c -> result(c, done.getOrDefault(c, List.of()), Optional.ofNullable(problems.get(c))))
        .toList();
  }

  private static Result result(
      Contender contender, List<Shell.Run> runs, Optional<String> problem) {
    Optional<String> missing = Tools.missing(contender.needs());
    if (missing.isPresent()) {
      return Result.absent(contender.name(), missing.get());
    }
    return new Result(
        contender.name(),
        problem.isPresent() ? List.of() : runs.stream().map(Shell.Run::seconds).toList(),
        runs.stream().allMatch(run -> run.peakBytes().isPresent()) && !runs.isEmpty()
            ? OptionalLong.of(
                runs.stream().mapToLong(run -> run.peakBytes().orElse(0)).max().orElse(0))
            : OptionalLong.empty(),
        problem);
  }

  private static String lastLine(String output) {
    return output.substring(output.lastIndexOf('\n') + 1);
  }
}
