package cloud.sealer.kubernetes.inspect;

import cloud.sealer.sdk.spi.ClusterInspector.RunningImage;
import java.util.ArrayList;
import java.util.List;

/**
 * What a cluster was at one moment.
 *
 * @param images the images of its pods and workloads
 * @param restless what is not at rest and why, a line for each
 * @param identity a line for each pod and workload, so that two moments can be compared
 */
record Snapshot(List<RunningImage> images, List<String> restless, List<String> identity) {
  Snapshot {
    images = List.copyOf(images);
    restless = List.copyOf(restless);
    identity = List.copyOf(identity);
  }

  /** What both tell. */
  Snapshot and(Snapshot other) {
    return new Snapshot(
        both(images, other.images), both(restless, other.restless), both(identity, other.identity));
  }

  private static <T> List<T> both(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
