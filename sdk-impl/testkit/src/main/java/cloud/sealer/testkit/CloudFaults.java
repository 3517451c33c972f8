package cloud.sealer.testkit;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets an {@link EmbeddedCloud} misbehave.
 *
 * <pre>{@code
 * cloud.faults().throttle("DescribeInstances", 3);
 * cloud.faults().noStock("ecs.c7.large");
 * cloud.faults().fail("DeleteVpc", "DependencyViolation.VSwitch", 2);
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class CloudFaults {
  private final List<Answer> answers = new CopyOnWriteArrayList<>();
  private final Set<String> soldOut = ConcurrentHashMap.newKeySet();
  private final Set<String> lying = ConcurrentHashMap.newKeySet();
  private volatile int startPolls = 1;
  private volatile int endPolls = 1;

  CloudFaults() {}

  /** An error in place of an answer, or a lost answer. */
  record Answer(String action, int status, String code, AtomicInteger left, boolean lost) {}

  /**
   * Answers calls with an error of the kind that a client makes.
   *
   * @param action the call, such as {@code DeleteVpc}
   * @param code the error code
   * @param times how often
   */
  public void fail(String action, String code, int times) {
    answers.add(new Answer(action, 400, code, new AtomicInteger(times), false));
  }

  /**
   * Answers calls with {@code Throttling.User}, and asks to wait for no time.
   *
   * @param action the call
   * @param times how often
   */
  public void throttle(String action, int times) {
    answers.add(new Answer(action, 429, "Throttling.User", new AtomicInteger(times), false));
  }

  /**
   * Answers calls as a server that is ill.
   *
   * @param action the call
   * @param times how often
   */
  public void unavailable(String action, int times) {
    answers.add(new Answer(action, 503, "ServiceUnavailable", new AtomicInteger(times), false));
  }

  /**
   * Does what a call asks for, and breaks the connection before the answer.
   *
   * @param action the call
   * @param times how often
   */
  public void loseAnswer(String action, int times) {
    answers.add(new Answer(action, 0, "", new AtomicInteger(times), true));
  }

  /**
   * Sells no machines of a type any more, and says so.
   *
   * @param type the type
   */
  public void noStock(String type) {
    soldOut.add(type);
  }

  /**
   * Has no machines of a type any more, but lists them as in stock, as happens when the last one
   * goes in between.
   *
   * @param type the type
   */
  public void noStockUnannounced(String type) {
    lying.add(type);
  }

  /**
   * Lets machines start slowly.
   *
   * @param polls how often a client sees one that does not run yet
   */
  public void slowStart(int polls) {
    startPolls = polls;
  }

  /**
   * Lets machines end slowly.
   *
   * @param polls how often a client sees one that is deleted
   */
  public void slowEnd(int polls) {
    endPolls = polls;
  }

  /** Ends all faults. */
  public void clear() {
    answers.clear();
    soldOut.clear();
    lying.clear();
    startPolls = 1;
    endPolls = 1;
  }

  Optional<Answer> take(String action) {
    for (Iterator<Answer> all = answers.iterator(); all.hasNext(); ) {
      Answer each = all.next();
      if (each.action().equals(action) && each.left().getAndDecrement() > 0) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  boolean inStock(String type) {
    return !soldOut.contains(type);
  }

  boolean sells(String type) {
    return inStock(type) && !lying.contains(type);
  }

  int startPolls() {
    return startPolls;
  }

  int endPolls() {
    return endPolls;
  }
}
