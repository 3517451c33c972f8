package cloud.sealer.core.context;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules of a {@code .kubefileignore} or {@code .dockerignore}, by the <a
 * href="https://docs.docker.com/build/concepts/context/#dockerignore-files">rules of Docker</a>.
 *
 * <p>The last rule that matches a path, or a directory above it, decides. So {@code !keep/this}
 * takes back a file of a directory that an earlier rule left out. Not thread-safe.
 */
final class IgnoreFile {
  /** The names looked for, best first. */
  static final List<String> NAMES = List.of(".kubefileignore", ".dockerignore");

  /** Leaves nothing out. */
  static final IgnoreFile NONE = new IgnoreFile(List.of());

  private static final int MAX_BYTES = 4 << 20;

  private final List<Rule> rules;
  private final boolean exceptions;
  private final Map<RootfsPath, BitSet> directories = new HashMap<>();

  /** One line: where it stands, what it says. */
  record Rule(String file, int line, String text, boolean exception, Glob glob) {
    @Override
    public String toString() {
      return "line " + line + " of " + file + " (" + text + ")";
    }
  }

  private IgnoreFile(List<Rule> rules) {
    this.rules = rules;
    this.exceptions = rules.stream().anyMatch(Rule::exception);
  }

  static IgnoreFile read(String name, FileTree.Content content) {
    try (InputStream in = content.open()) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("it is longer than 4 MiB");
      }
      return parse(name, new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_CONTEXT, "cannot read " + name + ": " + e.getMessage())
          .cause(e)
          .build();
    }
  }

  static IgnoreFile parse(String name, String text) {
    List<Rule> rules = new ArrayList<>();
    String[] lines =
        text.startsWith("\uFEFF") ? text.substring(1).split("\n", -1) : text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].strip();
      // only a # in the very first column starts a comment
      if (!lines[i].startsWith("#") && !line.isEmpty()) {
        rules.add(rule(name, i + 1, line));
      }
    }
    return rules.isEmpty() ? NONE : new IgnoreFile(List.copyOf(rules));
  }

  private static Rule rule(String file, int number, String line) {
    boolean exception = line.startsWith("!");
    String pattern = exception ? line.substring(1).strip() : line;
    try {
      if (pattern.isEmpty()) {
        throw new IllegalArgumentException("bad pattern \"!\": nothing follows the \"!\"");
      }
      return new Rule(file, number, line, exception, Glob.compile(clean(pattern)));
    } catch (IllegalArgumentException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_CONTEXT, file + ":" + number + ": " + e.getMessage())
          .cause(e)
          .remedy("Mend the pattern, or put a backslash before a character that is meant as it is.")
          .build();
    }
  }

  /** What Go's {@code filepath.Clean} makes of a pattern, without the leading slash. */
  private static String clean(String pattern) {
    boolean rooted = pattern.startsWith("/");
    Deque<String> names = new ArrayDeque<>();
    for (String name : pattern.split("/")) {
      if (name.equals("..")) {
        boolean nothingToLeave = names.isEmpty() || names.getLast().equals("..");
        if (!nothingToLeave) {
          names.removeLast();
        } else if (!rooted) {
          names.addLast(name);
        }
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.addLast(name);
      }
    }
    // "." and "/" match nothing, as with Docker
    return names.isEmpty() ? "." : String.join("/", names);
  }

  /** The rule that leaves the path out, if one does. */
  Optional<Rule> match(RootfsPath path) {
    if (rules.isEmpty() || path.isRoot()) {
      return Optional.empty();
    }
    BitSet matching = matching(path, false);
    Rule decided = null;
    for (int i = matching.nextSetBit(0); i >= 0; i = matching.nextSetBit(i + 1)) {
      Rule rule = rules.get(i);
      if (rule.exception() == (decided != null)) {
        decided = rule.exception() ? null : rule;
      }
    }
    return Optional.ofNullable(decided);
  }

  /** Whether the path and everything that could lie below it is left out. */
  boolean prunes(RootfsPath path) {
    return !exceptions && match(path).isPresent();
  }

  /** The rules that match the path or a directory above it; remembered for directories. */
  private BitSet matching(RootfsPath path, boolean directory) {
    BitSet known = directories.get(path);
    if (known != null) {
      return known;
    }
    RootfsPath parent = path.parent();
    BitSet bits = parent.isRoot() ? new BitSet() : (BitSet) matching(parent, true).clone();
    for (int i = 0; i < rules.size(); i++) {
      if (!bits.get(i) && rules.get(i).glob().matches(path.value())) {
        bits.set(i);
      }
    }
    if (directory) {
      directories.put(path, bits);
    }
    return bits;
  }
}
