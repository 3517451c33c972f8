package cloud.sealer.core.discovery;

import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.RootfsPath;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Where a walk through a document is. The path is written out only when something is found.
 *
 * @param object the Kubernetes object it is in
 * @param parent the place around it; null for the document itself
 * @param key the key it stands under in a mapping; empty for an item of a list
 * @param index the number it has in a list, counted from 0; -1 if it is not in a list
 * @param root whether it is a Kubernetes object itself: a document, or an item of a {@code List}
 */
record Place(KubeObject object, @Nullable Place parent, String key, int index, boolean root) {
  /**
   * A Kubernetes object.
   *
   * @param file the file it is in
   * @param document which document of the file
   * @param kind its kind; empty if it has none
   * @param group the group of its API; empty for the core API and if it has none
   * @param label {@code Kind/name} or {@code Kind/namespace/name}
   */
  record KubeObject(RootfsPath file, int document, String kind, String group, String label) {
    static KubeObject of(RootfsPath file, int document, Node node) {
      if (!(node instanceof Node.Mapping mapping)) {
        return new KubeObject(file, document, "", "", "");
      }
      String kind = mapping.text("kind");
      StringBuilder label = new StringBuilder(kind);
      if (!kind.isEmpty() && mapping.values().get("metadata") instanceof Node.Mapping metadata) {
        String name = metadata.text("name");
        for (String part :
            new String[] {
              metadata.text("namespace"), name.isEmpty() ? metadata.text("generateName") : name
            }) {
          label.append(part.isEmpty() ? "" : "/" + part);
        }
      }
      return new KubeObject(
          file, document, kind, group(mapping.text("apiVersion")), label.toString());
    }

    /**
     * Whether it is of a kind that Kubernetes itself does not know, so that a controller acts on
     * it.
     */
    boolean isCustom() {
      return !kind.isEmpty() && group.indexOf('.') > 0 && !group.endsWith(".k8s.io");
    }

    private static String group(String apiVersion) {
      return apiVersion.substring(0, Math.max(0, apiVersion.indexOf('/')));
    }
  }

  static Place document(RootfsPath file, int document, Node node) {
    return new Place(KubeObject.of(file, document, node), null, "", -1, true);
  }

  Place under(String name) {
    return new Place(object, this, name, -1, false);
  }

  Place item(int number) {
    return new Place(object, this, "", number, false);
  }

  /** An item of this list that is an object of its own. */
  Place objectItem(int number, Node node) {
    return new Place(KubeObject.of(object.file(), object.document(), node), this, "", number, true);
  }

  /** The key of the list that this is an item of; empty if it is none. */
  String listKey() {
    return index >= 0 && parent != null ? parent.key : "";
  }

  ImageOrigin origin(int line, String rule) {
    return new ImageOrigin(object.file(), object.document(), object.label(), path(), line, rule);
  }

  /** The path from the document to here, as reports have it. */
  String path() {
    Deque<Place> steps = new ArrayDeque<>();
    for (Place place = this; place.parent != null; place = place.parent) {
      steps.push(place);
    }
    StringBuilder path = new StringBuilder();
    for (Place step : steps) {
      if (step.index >= 0) {
        path.append('[').append(step.index).append(']');
      } else if (step.key.indexOf('.') >= 0 || step.key.indexOf('[') >= 0) {
        path.append("[\"").append(step.key).append("\"]");
      } else {
        path.append(path.length() == 0 ? "" : ".").append(step.key);
      }
    }
    return path.toString();
  }
}
