package cloud.sealer.core.discovery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Kubernetes objects with pod specs at random depth, and the places of their images. */
final class RandomObjects {
  private RandomObjects() {}

  /** Makes an object and adds {@code "DOCUMENT Kind/name path" → image} for each of its images. */
  static Map<String, Object> object(Random random, int document, Map<String, String> expected) {
    String kind = random.nextBoolean() ? "Deployment" : "Widget";
    String name = "n" + random.nextInt(100);
    Map<String, Object> spec = new LinkedHashMap<>();
    StringBuilder path = new StringBuilder("spec");
    Map<String, Object> at = spec;
    for (int depth = random.nextInt(5); depth > 0; depth--) {
      Map<String, Object> below = new LinkedHashMap<>();
      String key = "level" + depth;
      if (random.nextBoolean()) {
        at.put(key, below);
        path.append('.').append(key);
      } else {
        at.put(key, List.of("other", below));
        path.append('.').append(key).append("[1]");
      }
      at = below;
    }
    for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
      List<Object> containers = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        String image = image(random);
        String place = path + "." + list + "[" + containers.size() + "].image";
        expected.put(document + " " + kind + "/" + name + " " + place, image);
        containers.add(Map.of("name", "c", "image", image, "env", List.of(Map.of("value", "no"))));
      }
      at.put(list, containers);
    }
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("spec", spec);
    object.put("metadata", Map.of("name", name, "labels", Map.of("image", "label")));
    object.put("kind", kind);
    return object;
  }

  private static String image(Random random) {
    String registry = random.nextBoolean() ? "" : "registry.example:5000/";
    String digest = random.nextInt(4) > 0 ? "" : "@sha256:" + "0a".repeat(32);
    return registry
        + "team"
        + random.nextInt(9)
        + "/app-"
        + random.nextInt(99)
        + ":v1."
        + random.nextInt(20)
        + digest;
  }
}
