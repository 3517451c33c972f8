package cloud.sealer.kubernetes.rootfs;

import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Merges data into the documents of a file. Mappings are merged key by key; anything else in the
 * data replaces what the file has.
 *
 * <p>Data that names its {@code kind} goes into the documents of that kind, and of its {@code
 * metadata.name} if it has one; other data goes into all. Where only one document is meant, keys
 * that it does not have are added. Where several are, each takes the keys it has, and a key that
 * none has is a mistake: nobody can say where it belongs.
 */
final class ConfigMerge {
  private ConfigMerge() {}

  /**
   * The documents with the data merged in.
   *
   * @throws IllegalArgumentException if something of the data has no place
   */
  static List<YamlNode> merge(List<YamlNode> file, List<YamlNode> data) {
    List<YamlNode> merged = new ArrayList<>(file);
    for (YamlNode part : data) {
      if (!(part instanceof Mapping mapping)) {
        throw new IllegalArgumentException("spec.data must be a mapping, not " + part.noun());
      }
      merge(merged, mapping);
    }
    return merged;
  }

  private static void merge(List<YamlNode> documents, Mapping data) {
    List<Integer> targets = new ArrayList<>();
    for (int i = 0; i < documents.size(); i++) {
      if (documents.get(i) instanceof Mapping document && meant(document, data)) {
        targets.add(i);
      }
    }
    if (targets.isEmpty()) {
      throw new IllegalArgumentException(
          data.text("kind").isEmpty()
              ? "the file has no document that is a mapping"
              : "the file has no document of the kind " + data.text("kind"));
    }
    if (targets.size() == 1) {
      int only = targets.get(0);
      documents.set(only, set((Mapping) documents.get(only), data));
      return;
    }
    checkPlaces(targets.stream().map(i -> (Mapping) documents.get(i)).toList(), data, "");
    for (int i : targets) {
      documents.set(i, replace((Mapping) documents.get(i), data));
    }
  }

  private static boolean meant(Mapping document, Mapping data) {
    String kind = data.text("kind");
    String name = data.mapping("metadata").text("name");
    return kind.isEmpty()
        || (kind.equals(document.text("kind"))
            && (name.isEmpty() || name.equals(document.mapping("metadata").text("name"))));
  }

  private static Mapping set(Mapping document, Mapping data) {
    Map<String, YamlNode> values = new LinkedHashMap<>(document.values());
    data.values()
        .forEach(
            (key, value) ->
                values.put(
                    key,
                    values.get(key) instanceof Mapping mine && value instanceof Mapping theirs
                        ? set(mine, theirs)
                        : value));
    return Mapping.of(values);
  }

  private static Mapping replace(Mapping document, Mapping data) {
    Map<String, YamlNode> values = new LinkedHashMap<>(document.values());
    values.replaceAll(
        (key, mine) -> {
          YamlNode theirs = data.get(key);
          if (theirs == null) {
            return mine;
          }
          return mine instanceof Mapping inner && theirs instanceof Mapping change
              ? replace(inner, change)
              : theirs;
        });
    return Mapping.of(values);
  }

  private static void checkPlaces(List<Mapping> documents, Mapping data, String path) {
    data.values()
        .forEach(
            (key, value) -> {
              List<YamlNode> there =
                  documents.stream()
                      .filter(document -> document.get(key) != null)
                      .map(document -> document.values().get(key))
                      .toList();
              if (there.isEmpty()) {
                throw new IllegalArgumentException(
                    "none of the file's documents has "
                        + path
                        + key
                        + "; name the kind of the document it belongs to in spec.data");
              }
              if (value instanceof Mapping inner
                  && there.stream().allMatch(Mapping.class::isInstance)) {
                checkPlaces(
                    there.stream().map(Mapping.class::cast).toList(), inner, path + key + ".");
              }
            });
  }
}
