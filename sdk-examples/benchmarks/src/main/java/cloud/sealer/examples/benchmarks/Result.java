package cloud.sealer.examples.benchmarks;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What was measured of a contender.
 *
 * @param name the contender
 * @param seconds the duration of each run; empty if it did not run
 * @param peakBytes the most memory one of its processes had; empty if unknown
 * @param problem why it did not run
 */
record Result(String name, List<Double> seconds, OptionalLong peakBytes, Optional<String> problem) {
  static Result absent(String name, String program) {
    return new Result(name, List.of(), OptionalLong.empty(), Optional.of(program + " is absent"));
  }

  /** The one of some results that a contender of this name has. */
  static Result of(String name, List<Result> results) {
    return results.stream()
        .filter(result -> result.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no " + name));
  }

  OptionalDouble median() {
    if (seconds.isEmpty()) {
      return OptionalDouble.empty();
    }
    List<Double> sorted = seconds.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return OptionalDouble.of(
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2);
  }
}
