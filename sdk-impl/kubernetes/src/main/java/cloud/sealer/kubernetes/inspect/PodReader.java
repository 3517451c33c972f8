package cloud.sealer.kubernetes.inspect;

import cloud.sealer.sdk.spi.ClusterInspector.RunningImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the lines of {@code pods.tmpl}. Not thread-safe. */
final class PodReader {
  /** What a template prints for what is not there, by itself and quoted. */
  private static final Set<String> NONE = Set.of("<nil>", "%!q(<nil>)");

  private final List<RunningImage> images = new ArrayList<>();
  private final List<String> restless = new ArrayList<>();
  private final List<String> identity = new ArrayList<>();
  private Pod pod = new Pod("", "");

  /** One pod while its lines come. */
  private static final class Pod {
    private final String name;
    private final String phase;
    private final List<String[]> containers = new ArrayList<>();
    private final Map<String, String> digests = new HashMap<>();
    private final List<String> reasons = new ArrayList<>();

    Pod(String name, String phase) {
      this.name = name;
      this.phase = phase;
    }
  }

  void line(String line) {
    String[] parts = line.split("\t", -1);
    switch (parts[0]) {
      case "" -> {} // the end of the template
      case "pod" -> {
        end();
        begin(parts);
      }
      case "going" -> pod.reasons.add("it is being deleted");
      case "waiting" -> pod.reasons.add(reason(parts));
      case "image" -> pod.containers.add(parts);
      case "digest" -> pod.digests.put(parts[1], parts[2]);
      default -> throw new IllegalArgumentException("kubectl printed \"" + line + "\"");
    }
  }

  private void begin(String[] parts) {
    pod = new Pod(parts[1] + "/" + parts[2], parts[4]);
    identity.add("pod " + parts[3] + " " + parts[4]);
    if (!given(parts[5]).isEmpty()) {
      pod.reasons.add(parts[5]);
    }
  }

  /** A container's name, which may be empty for the pod itself, a reason and a quoted message. */
  private static String reason(String[] parts) {
    String message = given(parts[3]).replaceAll("^\"|\"$", "").replace("\\\"", "\"");
    return (parts[1].isEmpty() ? "" : "container " + parts[1] + ": ")
        + given(parts[2])
        + (message.isEmpty() ? "" : ": " + message);
  }

  private static String given(String value) {
    return NONE.contains(value) ? "" : value;
  }

  private void end() {
    if (pod.name.isEmpty()) {
      return;
    }
    boolean over = pod.phase.equals("Succeeded");
    boolean rests = over || (pod.phase.equals("Running") && pod.reasons.isEmpty());
    if (!rests) {
      restless.add(
          "pod "
              + pod.name
              + " is "
              + pod.phase
              + (pod.reasons.isEmpty() ? "" : ": " + String.join("; ", pod.reasons)));
    }
    for (String[] container : pod.containers) {
      String digest = pod.digests.getOrDefault(container[2], "");
      images.add(new RunningImage(container[3], digest(digest), "Pod/" + pod.name, container[1]));
    }
  }

  /** What the runtime says of where an image came from; an identifier alone says nothing. */
  private static String digest(String imageId) {
    String repository = imageId.replaceFirst("^docker-pullable://", "");
    return repository.contains("@") && !repository.contains("://") ? repository : "";
  }

  Snapshot result() {
    end();
    pod = new Pod("", "");
    return new Snapshot(images, restless, identity);
  }
}
