package cloud.sealer.kubernetes.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A value of a YAML document: immutable, its aliases and merges resolved. */
public sealed interface YamlNode {
  /** Where the value starts. */
  Place place();

  /** Whether it is null, or nothing at all. */
  default boolean isNull() {
    return this instanceof Scalar scalar
        && scalar.plain()
        && Set.of("", "~", "null", "Null", "NULL").contains(scalar.text());
  }

  /** Whether it is null, or a text, mapping or sequence without content. */
  default boolean isEmpty() {
    if (this instanceof Mapping mapping) {
      return mapping.values().isEmpty();
    }
    if (this instanceof Sequence sequence) {
      return sequence.items().isEmpty();
    }
    return isNull() || (this instanceof Scalar scalar && scalar.text().isEmpty());
  }

  /** What it is, for messages. */
  default String noun() {
    if (this instanceof Mapping) {
      return "a mapping";
    }
    if (this instanceof Sequence) {
      return "a list";
    }
    return isNull() ? "nothing" : "a text";
  }

  /**
   * A place in a text.
   *
   * @param line the line, from 1; 0 for what was made by code
   * @param column the column in characters, from 1; 0 for what was made by code
   */
  record Place(int line, int column) {
    /** The place of what was made by code. */
    public static final Place NONE = new Place(0, 0);
  }

  /** How a scalar is written. */
  enum Style {
    /** As it is. */
    PLAIN,
    /** In quotes, or with a tag that makes it a text. */
    QUOTED,
    /** On lines of its own after {@code |} or {@code >}. */
    BLOCK
  }

  /**
   * A text, number, truth value or null.
   *
   * @param text its text, as it stands but for quotes and escapes
   * @param style how it stands there
   */
  record Scalar(String text, Style style, Place place) implements YamlNode {
    /** A document without content. */
    public static final Scalar NULL = new Scalar("", Style.PLAIN, Place.NONE);

    /** A text. */
    public static Scalar text(String text) {
      return new Scalar(text, Style.QUOTED, Place.NONE);
    }

    /** A number. */
    public static Scalar number(long number) {
      return new Scalar(Long.toString(number), Style.PLAIN, Place.NONE);
    }

    /** A truth value. */
    public static Scalar bool(boolean value) {
      return new Scalar(Boolean.toString(value), Style.PLAIN, Place.NONE);
    }

    /** Whether it stands there without quotes and tag, so that {@code 1} is a number. */
    public boolean plain() {
      return style == Style.PLAIN;
    }

    /**
     * Where one of its lines stands.
     *
     * @param line the number of the line within the text, from 0
     */
    public Place placeOf(int line) {
      return style == Style.BLOCK ? new Place(place.line() + 1 + line, 1) : place;
    }
  }

  /** A list. */
  record Sequence(List<YamlNode> items, Place place) implements YamlNode {
    /** Copies the items. */
    public Sequence {
      items = List.copyOf(items);
    }

    /** A list of texts. */
    public static Sequence texts(Iterable<String> texts) {
      List<YamlNode> items = new ArrayList<>();
      texts.forEach(text -> items.add(Scalar.text(text)));
      return new Sequence(items, Place.NONE);
    }
  }

  /**
   * Keys and values.
   *
   * @param values in the order of the text
   * @param keys where each key stands
   */
  record Mapping(Map<String, YamlNode> values, Map<String, Place> keys, Place place)
      implements YamlNode {
    /** No keys. */
    public static final Mapping EMPTY = of(Map.of());

    /** Copies the maps. */
    public Mapping {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
      keys = Map.copyOf(keys);
    }

    /** A mapping made by code. */
    public static Mapping of(Map<String, ? extends YamlNode> values) {
      return new Mapping(Collections.unmodifiableMap(values), Map.of(), Place.NONE);
    }

    /** The value of a key; null if it has none. */
    public @Nullable YamlNode get(String key) {
      return values.get(key);
    }

    /** The mapping at a key; an empty one if there is none. */
    public Mapping mapping(String key) {
      return values.get(key) instanceof Mapping mapping ? mapping : EMPTY;
    }

    /** The text at a key; empty if there is none. */
    public String text(String key) {
      return values.get(key) instanceof Scalar scalar && !scalar.isNull() ? scalar.text() : "";
    }

    /** Where a key stands. */
    public Place placeOf(String key) {
      return keys.getOrDefault(key, place);
    }

    /** The same with one more value, or another. */
    public Mapping with(String key, YamlNode value) {
      Map<String, YamlNode> changed = new LinkedHashMap<>(values);
      changed.put(key, value);
      return new Mapping(changed, keys, place);
    }

    /** The same without a key. */
    public Mapping without(String key) {
      Map<String, YamlNode> changed = new LinkedHashMap<>(values);
      changed.remove(key);
      return new Mapping(changed, keys, place);
    }

    /** The same with the mapping at a key changed; an empty one if there is none. */
    public Mapping change(String key, UnaryOperator<Mapping> change) {
      return with(key, change.apply(mapping(key)));
    }
  }
}
