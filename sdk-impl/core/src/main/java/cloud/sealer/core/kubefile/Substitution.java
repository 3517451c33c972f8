package cloud.sealer.core.kubefile;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A text with its variables replaced.
 *
 * <p>The result holds values of build arguments, which may be secrets: it belongs into what is
 * executed or hashed, not into messages.
 *
 * @param text the result
 * @param used the names of the arguments whose values decided the result; with these values, what a
 *     cache key needs
 */
public record Substitution(String text, SortedSet<String> used) {
  /** Copies the names. */
  public Substitution {
    used = Collections.unmodifiableSortedSet(new TreeSet<>(used));
  }

  /** Returns the names only. */
  @Override
  public String toString() {
    return "Substitution" + used;
  }
}
