package cloud.sealer.kubernetes.inspect;

import cloud.sealer.sdk.spi.ClusterInspector.RunningImage;
import java.util.ArrayList;
import java.util.List;

/** Reads the lines of {@code workloads.tmpl}. Not thread-safe. */
final class WorkloadReader {
  private final List<RunningImage> images = new ArrayList<>();
  private final List<String> restless = new ArrayList<>();
  private final List<String> identity = new ArrayList<>();
  private String object = "";

  void line(String line) {
    String[] parts = line.split("\t", -1);
    switch (parts[0]) {
      case "" -> {} // the end of the template
      case "workload" -> {
        object = parts[1] + "/" + parts[2] + "/" + parts[3];
        identity.add(line);
      }
      case "count" -> count(parts);
      case "image" -> images.add(new RunningImage(parts[2], "", object, parts[1]));
      default -> throw new IllegalArgumentException("kubectl printed \"" + line + "\"");
    }
  }

  private void count(String[] parts) {
    long wanted = number(parts[3]);
    long there = number(parts[4]);
    if (number(parts[2]) < number(parts[1])) {
      restless.add(object + " was changed, and its controller has not seen it yet");
    } else if (wanted != there) {
      restless.add(object + " has " + there + " of " + wanted + " pods");
    }
  }

  /** What is not there counts as nothing. */
  private static long number(String text) {
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  Snapshot result() {
    return new Snapshot(images, restless, identity);
  }
}
