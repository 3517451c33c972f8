package cloud.sealer.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What exists in an {@link EmbeddedCloud}. Guarded by its own monitor. */
final class CloudState {
  private final Map<String, CloudResource> resources = new LinkedHashMap<>();
  private int last;

  /** Adds a resource with the tags of a request. */
  synchronized CloudResource add(String kind, String id, Map<String, String> request) {
    CloudResource resource =
        new CloudResource(kind, id.isEmpty() ? kind + "-" + String.format("%08x", ++last) : id);
    tag(resource, request);
    resources.put(resource.id, resource);
    return resource;
  }

  static void tag(CloudResource resource, Map<String, String> request) {
    for (int i = 1; request.containsKey("Tag." + i + ".Key"); i++) {
      resource.tags.put(
          request.get("Tag." + i + ".Key"), request.getOrDefault("Tag." + i + ".Value", ""));
    }
  }

  synchronized List<CloudResource> all() {
    return List.copyOf(resources.values());
  }

  synchronized List<CloudResource> all(String kind, Predicate<CloudResource> filter) {
    return resources.values().stream()
        .filter(each -> each.kind.equals(kind))
        .filter(filter)
        .toList();
  }

  /** The resource of an identifier. */
  synchronized CloudResource get(String kind, String id, String error) {
    CloudResource found = resources.get(id);
    if (found == null || !found.kind.equals(kind)) {
      throw CloudError.notFound(error, id);
    }
    return found;
  }

  synchronized void remove(CloudResource resource) {
    resources.remove(resource.id);
  }

  /** A page of what a request lists. */
  synchronized List<CloudResource> list(String kind, Map<String, String> request) {
    return all(kind, each -> fits(each, request));
  }

  private static boolean fits(CloudResource resource, Map<String, String> request) {
    for (int i = 1; request.containsKey("Tag." + i + ".Key"); i++) {
      String key = request.getOrDefault("Tag." + i + ".Key", "");
      String value = request.get("Tag." + i + ".Value");
      if (!resource.tags.containsKey(key)
          || (value != null && !value.equals(resource.tags.get(key)))) {
        return false;
      }
    }
    String name = request.get("EipName");
    return name == null || resource.has("Name", name);
  }

  /** The answer to a request for a list. */
  static Map<String, Object> answer(
      String outer,
      String inner,
      List<CloudResource> found,
      Map<String, String> request,
      String tagPrefix) {
    int size = Integer.parseInt(request.getOrDefault("PageSize", "10"));
    int page = Integer.parseInt(request.getOrDefault("PageNumber", "1"));
    if (size < 1 || size > 50 || page < 1) {
      throw CloudError.wrong("InvalidParameter", "PageSize is from 1 to 50");
    }
    List<Object> told = new ArrayList<>();
    found.stream()
        .skip((long) size * (page - 1))
        .limit(size)
        .forEach(
            each -> {
              Map<String, Object> fields = new TreeMap<>(each.fields);
              List<Object> tags = new ArrayList<>();
              each.tags.forEach(
                  (key, value) ->
                      tags.add(Map.of(tagPrefix + "Key", key, tagPrefix + "Value", value)));
              fields.put("Tags", Map.of("Tag", tags));
              told.add(fields);
            });
    Map<String, Object> answer = new TreeMap<>();
    answer.put("TotalCount", found.size());
    answer.put("PageNumber", page);
    answer.put("PageSize", size);
    answer.put(outer, Map.of(inner, told));
    return answer;
  }
}
