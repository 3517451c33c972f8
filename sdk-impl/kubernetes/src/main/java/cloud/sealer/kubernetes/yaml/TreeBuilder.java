package cloud.sealer.kubernetes.yaml;

import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Place;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlNode.Sequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds the tree of one document from the events of a parser. The limits hold for hostile input:
 * how deep a walk recurses, and how many values it visits when aliases of aliases multiply.
 */
final class TreeBuilder {
  private static final int MAX_VALUES = 1_000_000;
  private static final int MAX_DEPTH = 100;

  private final Deque<Frame> open = new ArrayDeque<>();
  private final Map<String, YamlNode> anchors = new HashMap<>();
  private final IdentityHashMap<YamlNode, Size> sizes = new IdentityHashMap<>();
  private @Nullable YamlNode root;

  private record Size(long values, int depth) {
    static final Size ONE = new Size(1, 1);
  }

  void startMapping(@Nullable String anchor, Place place) throws YamlException {
    open(new MappingFrame(anchor, place));
  }

  void startSequence(@Nullable String anchor, Place place) throws YamlException {
    open(new SequenceFrame(anchor, place));
  }

  private void open(Frame frame) throws YamlException {
    if (open.size() >= MAX_DEPTH) {
      throw new YamlException("it is nested more than " + MAX_DEPTH + " levels deep", frame.place);
    }
    open.push(frame);
  }

  void end() throws YamlException {
    Frame frame = open.pop();
    YamlNode node = frame.node();
    Size size = new Size(frame.count, frame.depth + 1);
    if (size.values > MAX_VALUES || size.depth > MAX_DEPTH) {
      throw new YamlException("its aliases make too much of it", frame.place);
    }
    sizes.put(node, size);
    add(frame.anchor, node);
  }

  void scalar(@Nullable String anchor, Scalar scalar) throws YamlException {
    add(anchor, scalar);
  }

  void alias(String name, Place place) throws YamlException {
    YamlNode node = anchors.get(name);
    if (node == null) {
      throw new YamlException("an alias refers to nothing before it, or to itself", place);
    }
    add(null, node);
  }

  YamlNode root() {
    return root == null ? Scalar.NULL : root;
  }

  private void add(@Nullable String anchor, YamlNode node) throws YamlException {
    if (anchor != null) {
      anchors.put(anchor, node);
    }
    Frame frame = open.peek();
    if (frame == null) {
      root = node;
      return;
    }
    Size size = sizes.getOrDefault(node, Size.ONE);
    frame.count += size.values;
    frame.depth = Math.max(frame.depth, size.depth);
    frame.add(node);
  }

  /** A collection whose end has not come yet. */
  private abstract static class Frame {
    final @Nullable String anchor;
    final Place place;
    long count = 1;
    int depth;

    Frame(@Nullable String anchor, Place place) {
      this.anchor = anchor;
      this.place = place;
    }

    abstract void add(YamlNode node) throws YamlException;

    abstract YamlNode node();
  }

  private static final class SequenceFrame extends Frame {
    private final List<YamlNode> items = new ArrayList<>();

    SequenceFrame(@Nullable String anchor, Place place) {
      super(anchor, place);
    }

    @Override
    void add(YamlNode node) {
      items.add(node);
    }

    @Override
    YamlNode node() {
      return new Sequence(items, place);
    }
  }

  private static final class MappingFrame extends Frame {
    private final Map<String, YamlNode> values = new LinkedHashMap<>();
    private final Map<String, Place> keys = new HashMap<>();
    private final List<Mapping> merged = new ArrayList<>();
    private @Nullable Scalar key;

    MappingFrame(@Nullable String anchor, Place place) {
      super(anchor, place);
    }

    @Override
    void add(YamlNode node) throws YamlException {
      if (key == null) {
        if (!(node instanceof Scalar scalar)) {
          throw new YamlException("a key must be a text, not " + node.noun(), node.place());
        }
        key = scalar;
        return;
      }
      if (key.text().equals("<<") && key.plain()) {
        merge(node);
      } else if (values.putIfAbsent(key.text(), node) != null) {
        throw new YamlException("a key stands twice", key.place());
      } else {
        keys.put(key.text(), key.place());
      }
      key = null;
    }

    private void merge(YamlNode node) throws YamlException {
      if (node instanceof Mapping mapping) {
        merged.add(mapping);
      } else if (node instanceof Sequence sequence) {
        for (YamlNode item : sequence.items()) {
          merge(item);
        }
      } else {
        throw new YamlException("<< takes a mapping, not " + node.noun(), node.place());
      }
    }

    /** Own keys win over merged ones, and an earlier merge over a later one. */
    @Override
    YamlNode node() {
      for (Mapping source : merged) {
        source
            .values()
            .forEach(
                (name, value) -> {
                  if (values.putIfAbsent(name, value) == null) {
                    keys.put(name, source.placeOf(name));
                  }
                });
      }
      return new Mapping(values, keys, place);
    }
  }
}
