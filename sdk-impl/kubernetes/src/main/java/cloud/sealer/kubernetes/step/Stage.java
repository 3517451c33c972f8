package cloud.sealer.kubernetes.step;

import java.util.List;
import java.util.Objects;

/**
 * Steps that need everything of the stages before. Different hosts work at once; the steps of one
 * host are executed in the order of the list.
 *
 * @param name what it is about, such as {@code join workers}
 * @param steps the steps
 */
public record Stage(String name, List<Step> steps) {
  /** Checks and copies the parts. */
  public Stage {
    Objects.requireNonNull(name, "name");
    steps = List.copyOf(steps);
  }
}
