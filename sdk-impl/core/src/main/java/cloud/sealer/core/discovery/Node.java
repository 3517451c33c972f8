package cloud.sealer.core.discovery;

import java.util.List;
import java.util.Map;

/**
 * A value in a YAML or JSON document, with aliases and merge keys already replaced by what they
 * stand for.
 *
 * <p>A node that is referred to by aliases is shared, so the nodes form a graph without cycles.
 */
sealed interface Node {
  /** The line in the file where the value starts, counted from 1. */
  int line();

  /** How many nodes a walk over this one visits, itself included; aliases count each time. */
  long size();

  /** How many levels a walk goes down, at least 1. */
  int depth();

  /**
   * A text, number, truth value or null.
   *
   * @param text the value as written, without quotes
   * @param isText whether its type is text
   * @param line where it starts
   */
  record Scalar(String text, boolean isText, int line) implements Node {
    @Override
    public long size() {
      return 1;
    }

    @Override
    public int depth() {
      return 1;
    }

    /** Whether the value is null or stands for nothing. */
    boolean isEmpty() {
      return text.isBlank() || (!isText && (text.equals("~") || text.equalsIgnoreCase("null")));
    }
  }

  /**
   * Values by key, in the order of the document; of equal keys the last one counts, as in kubectl.
   *
   * @param values the values
   * @param complexKey what the key holds that is itself a mapping or sequence, as in an unquoted
   *     <code>{{ .Values.image }}</code>; empty if all keys are plain, as they should be
   * @param line where it starts
   * @param size the nodes a walk visits
   * @param depth the levels a walk goes down
   */
  record Mapping(Map<String, Node> values, String complexKey, int line, long size, int depth)
      implements Node {
    /** The text under a key; empty if there is none or it is of another type. */
    String text(String key) {
      return values.get(key) instanceof Scalar scalar && scalar.isText()
          ? scalar.text().strip()
          : "";
    }
  }

  /**
   * A list of values.
   *
   * @param items the values
   * @param line where it starts
   * @param size the nodes a walk visits
   * @param depth the levels a walk goes down
   */
  record Sequence(List<Node> items, int line, long size, int depth) implements Node {}
}
