package cloud.sealer.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A path inside a rootfs, an image or a build context: relative to its root, with {@code /} between
 * names, and never leaving it.
 *
 * <p>The root itself is the empty path. A leading {@code /} or {@code ./}, a trailing {@code /} and
 * {@code .} elements are dropped; {@code ..} is refused rather than resolved.
 *
 * @param value the normalised path; empty for the root
 */
public record RootfsPath(String value) implements Comparable<RootfsPath> {
  /** The root. */
  public static final RootfsPath ROOT = new RootfsPath("");

  /**
   * Normalises the path.
   *
   * @throws IllegalArgumentException if the path has a {@code ..} element or a NUL character
   */
  public RootfsPath {
    Objects.requireNonNull(value, "value");
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("path must not contain NUL: \"" + value + "\"");
    }
    if (!isNormal(value)) {
      List<String> names = new ArrayList<>();
      for (String name : value.split("/", -1)) {
        if (name.equals("..")) {
          throw new IllegalArgumentException("path must not contain \"..\": \"" + value + "\"");
        }
        if (!name.isEmpty() && !name.equals(".")) {
          names.add(name);
        }
      }
      value = String.join("/", names);
    }
  }

  private static boolean isNormal(String path) {
    int start = 0;
    for (int i = 0; i <= path.length(); i++) {
      if (i == path.length() || path.charAt(i) == '/') {
        int length = i - start;
        boolean dots =
            path.startsWith(".", start)
                && (length == 1 || (length == 2 && path.startsWith("..", start)));
        if (dots || (length == 0 && !path.isEmpty())) {
          return false;
        }
        start = i + 1;
      }
    }
    return true;
  }

  /**
   * A path in the rootfs.
   *
   * @param path the path, absolute or relative to the root
   * @return the normalised path
   * @throws IllegalArgumentException if it has a {@code ..} element
   */
  public static RootfsPath of(String path) {
    return path.isEmpty() ? ROOT : new RootfsPath(path);
  }

  /**
   * Whether this is the root.
   *
   * @return true for the empty path
   */
  public boolean isRoot() {
    return value.isEmpty();
  }

  /**
   * The last element.
   *
   * @return the name of the file, or empty for the root
   */
  public String name() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  /**
   * The directory that holds this path.
   *
   * @return the parent; the root is its own parent
   */
  public RootfsPath parent() {
    int slash = value.lastIndexOf('/');
    return slash < 0 ? ROOT : new RootfsPath(value.substring(0, slash));
  }

  /**
   * A path below this one.
   *
   * @param child the path relative to this one
   * @return the joined path
   */
  public RootfsPath resolve(RootfsPath child) {
    if (child.isRoot()) {
      return this;
    }
    return isRoot() ? child : new RootfsPath(value + "/" + child.value);
  }

  /**
   * A path below this one.
   *
   * @param child the path relative to this one
   * @return the joined path
   * @throws IllegalArgumentException if the child has a {@code ..} element
   */
  public RootfsPath resolve(String child) {
    return resolve(of(child));
  }

  /**
   * Whether this path is the given one or lies below it.
   *
   * @param ancestor the other path
   * @return true if every element of the other path leads this one
   */
  public boolean startsWith(RootfsPath ancestor) {
    return ancestor.isRoot()
        || value.equals(ancestor.value)
        || (value.startsWith(ancestor.value) && value.charAt(ancestor.value.length()) == '/');
  }

  /**
   * The rest of this path after an ancestor.
   *
   * @param ancestor a path this one starts with
   * @return the part below the ancestor
   * @throws IllegalArgumentException if this path is not below the ancestor
   */
  public RootfsPath relativeTo(RootfsPath ancestor) {
    if (!startsWith(ancestor)) {
      throw new IllegalArgumentException(
          "\"" + value + "\" is not below \"" + ancestor.value + "\"");
    }
    if (ancestor.isRoot()) {
      return this;
    }
    return value.equals(ancestor.value)
        ? ROOT
        : new RootfsPath(value.substring(ancestor.value.length() + 1));
  }

  /** Orders by the elements' characters, a directory before what it holds. */
  @Override
  public int compareTo(RootfsPath other) {
    int length = Math.min(value.length(), other.value.length());
    for (int i = 0; i < length; i++) {
      int mine = rank(value.charAt(i));
      int theirs = rank(other.value.charAt(i));
      if (mine != theirs) {
        return mine - theirs;
      }
    }
    return value.length() - other.value.length();
  }

  private static int rank(char c) {
    return c == '/' ? 0 : c + 1;
  }

  @Override
  public String toString() {
    return value;
  }
}
