package cloud.sealer.core.discovery;

import cloud.sealer.core.discovery.Node.Mapping;
import cloud.sealer.core.discovery.Node.Scalar;
import cloud.sealer.core.discovery.Node.Sequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds the tree of one document from the events of a parser, without recursion.
 *
 * <p>The limits hold for hostile input: how much is kept in memory, how deep a walk recurses, and
 * how many nodes it visits when aliases of aliases multiply.
 */
final class NodeBuilder {
  static final int MAX_NODES = 2_000_000;
  static final int MAX_DEPTH = 512;

  private final Deque<Frame> open = new ArrayDeque<>();
  private final Map<String, Node> anchors = new HashMap<>();
  private int nodes;
  private @Nullable Node root;

  void startMapping(@Nullable String anchor, int line) throws UnreadableException {
    open(new MappingFrame(anchor, line));
  }

  void startSequence(@Nullable String anchor, int line) throws UnreadableException {
    open(new SequenceFrame(anchor, line));
  }

  private void open(Frame frame) throws UnreadableException {
    count();
    if (open.size() >= MAX_DEPTH) {
      throw new UnreadableException("it is nested more than " + MAX_DEPTH + " levels deep");
    }
    open.push(frame);
  }

  void end() throws UnreadableException {
    Frame frame = open.pop();
    Node node = frame.node();
    if (node.size() > MAX_NODES) {
      throw new UnreadableException("its aliases expand to more than " + MAX_NODES + " values");
    }
    if (node.depth() > MAX_DEPTH) {
      throw new UnreadableException("its aliases nest more than " + MAX_DEPTH + " levels deep");
    }
    add(frame.anchor, node);
  }

  void scalar(@Nullable String anchor, Scalar scalar) throws UnreadableException {
    count();
    add(anchor, scalar);
  }

  void alias(String name) throws UnreadableException {
    Node node = anchors.get(name);
    if (node == null) {
      throw new UnreadableException(
          "the alias *" + name + " refers to nothing before it, or to itself");
    }
    count();
    add(null, node);
  }

  /** The finished document; empty text for a document without content. */
  Node root() {
    return root == null ? new Scalar("", false, 1) : root;
  }

  private void count() throws UnreadableException {
    if (++nodes > MAX_NODES) {
      throw new UnreadableException("it has more than " + MAX_NODES + " values");
    }
  }

  private void add(@Nullable String anchor, Node node) {
    if (anchor != null) {
      anchors.put(anchor, node);
    }
    Frame frame = open.peek();
    if (frame == null) {
      root = node;
    } else {
      frame.add(node);
    }
  }

  /** A collection whose end has not come yet. */
  private abstract static class Frame {
    final @Nullable String anchor;
    final int line;
    long size = 1;
    int depth;

    Frame(@Nullable String anchor, int line) {
      this.anchor = anchor;
      this.line = line;
    }

    abstract void add(Node node);

    abstract Node node();

    void measure(Node child) {
      size += child.size();
      depth = Math.max(depth, child.depth());
    }
  }

  private static final class SequenceFrame extends Frame {
    private final List<Node> items = new ArrayList<>();

    SequenceFrame(@Nullable String anchor, int line) {
      super(anchor, line);
    }

    @Override
    void add(Node node) {
      measure(node);
      items.add(node);
    }

    @Override
    Node node() {
      return new Sequence(items, line, size, depth + 1);
    }
  }

  private static final class MappingFrame extends Frame {
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final List<Mapping> merged = new ArrayList<>();
    private String complexKey = "";
    private @Nullable Node key;

    MappingFrame(@Nullable String anchor, int line) {
      super(anchor, line);
    }

    @Override
    void add(Node node) {
      if (key == null) {
        key = node;
        return;
      }
      if (key instanceof Scalar scalar) {
        if (scalar.text().equals("<<") && !scalar.isText()) {
          merge(node);
        } else {
          measure(node);
          values.put(scalar.text(), node);
        }
      } else {
        complexKey =
            key instanceof Mapping mapping ? String.join(", ", mapping.values().keySet()) : "?";
      }
      key = null;
    }

    private void merge(Node node) {
      if (node instanceof Mapping mapping) {
        merged.add(mapping);
      } else if (node instanceof Sequence sequence) {
        sequence.items().forEach(this::merge);
      }
    }

    /** Own keys win over merged ones, and an earlier merge over a later one. */
    @Override
    Node node() {
      for (Mapping source : merged) {
        for (Map.Entry<String, Node> entry : source.values().entrySet()) {
          if (values.putIfAbsent(entry.getKey(), entry.getValue()) == null) {
            measure(entry.getValue());
          }
        }
      }
      return new Mapping(values, complexKey, line, size, depth + 1);
    }
  }
}
