package cloud.sealer.sdk;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The steps that make a change, in order. A value: two plans of the same change on the same state
 * are equal.
 *
 * @param change the change
 * @param steps what is still to be done; steps of one {@link Step#stage} may happen at once on
 *     different hosts
 */
public record Plan(ClusterChange change, List<Step> steps) {
  /**
   * The name of a step that removes a machine that was made for the cluster, with what is on it, as
   * programs ask before they do that.
   */
  public static final String REMOVE_MACHINE = "remove the machine";

  /** Checks and copies the parts. */
  public Plan {
    Objects.requireNonNull(change, "change");
    steps = List.copyOf(steps);
  }

  /**
   * Whether all is as wanted already.
   *
   * @return true if there is no step
   */
  public boolean nothingToDo() {
    return steps.isEmpty();
  }

  /** Returns one line for each step, or {@code nothing to do}. */
  @Override
  public String toString() {
    if (steps.isEmpty()) {
      return "nothing to do";
    }
    StringBuilder text = new StringBuilder();
    for (Step step : steps) {
      text.append(step).append('\n');
    }
    return text.toString();
  }

  /**
   * One step.
   *
   * @param stage which stage of the run it belongs to, from 1
   * @param name what it does, such as {@code kubeadm init}
   * @param address the host it happens on; null if it is about the whole cluster
   * @param reason why it is to be done, such as {@code layer 3f1a… is not on the host}
   */
  public record Step(int stage, String name, @Nullable HostAddress address, String reason) {
    /** Checks the parts. */
    public Step {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(reason, "reason");
    }

    /**
     * The host it happens on.
     *
     * @return the host; empty if it is about the whole cluster
     */
    public Optional<HostAddress> host() {
      return Optional.ofNullable(address);
    }

    /** Returns {@code 3 10.0.0.1 kubeadm init: not initialised}. */
    @Override
    public String toString() {
      return "%3d  %-15s  %s%s"
          .formatted(
              stage,
              address == null ? "cluster" : address.toString(),
              name,
              reason.isEmpty() ? "" : ": " + reason);
    }
  }
}
