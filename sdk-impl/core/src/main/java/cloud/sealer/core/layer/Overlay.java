package cloud.sealer.core.layer;

import cloud.sealer.sdk.RootfsPath;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What layers have at paths, told one entry after the other, lowest layer first: the later layer
 * wins, and its deletions are applied to the layers below it.
 *
 * @param <T> what is known of an entry
 */
public final class Overlay<T> {
  private final NavigableMap<RootfsPath, Found<T>> found = new TreeMap<>();

  private record Found<T>(T what, int layer) {}

  /** Hears that a layer deletes a path, and all below it, of the layers below. */
  public void whiteout(RootfsPath path, int layer) {
    removeLower(path, layer, true);
  }

  /** Hears that a layer deletes all below a path of the layers below. */
  public void opaque(RootfsPath path, int layer) {
    removeLower(path, layer, false);
  }

  /** Makes place for an entry that is no directory: nothing is at its path or below it. */
  public void clear(RootfsPath path) {
    removeLower(path, Integer.MAX_VALUE, true);
  }

  /** Keeps what a layer has at a path, in place of what was there; what is below it stays. */
  public void put(RootfsPath path, int layer, T what) {
    found.put(path, new Found<>(what, layer));
  }

  /** Forgets what is at a path itself, if it is such; what is below it stays. */
  public void removeIf(RootfsPath path, Predicate<T> such) {
    Found<T> there = found.get(path);
    if (there != null && such.test(there.what())) {
      found.remove(path);
    }
  }

  /** Keeps only what is at some paths. */
  public void retain(Predicate<RootfsPath> wanted) {
    found.keySet().removeIf(path -> !wanted.test(path));
  }

  /** What is at a path. */
  public Optional<T> at(RootfsPath path) {
    return Optional.ofNullable(found.get(path)).map(Found::what);
  }

  /** What is left, sorted by path. */
  public List<T> all() {
    return found.values().stream().map(Found::what).toList();
  }

  private void removeLower(RootfsPath path, int layer, boolean itself) {
    Iterator<Map.Entry<RootfsPath, Found<T>>> below =
        found.tailMap(path, itself).entrySet().iterator();
    while (below.hasNext()) {
      Map.Entry<RootfsPath, Found<T>> next = below.next();
      if (!next.getKey().startsWith(path)) {
        return;
      }
      if (next.getValue().layer() < layer) {
        below.remove();
      }
    }
  }
}
