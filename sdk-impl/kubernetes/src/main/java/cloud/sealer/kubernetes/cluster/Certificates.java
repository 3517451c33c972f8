package cloud.sealer.kubernetes.cluster;

import cloud.sealer.kubernetes.runtime.ExtendCertificate;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.sdk.ClusterChange;
import java.util.ArrayList;
import java.util.List;

/** More names for the certificates of the API servers, one server after the other. */
final class Certificates {
  private Certificates() {}

  static List<Stage> stages(Situation situation, ClusterChange.ExtendCertificate change) {
    List<Stage> stages = new ArrayList<>();
    for (HostView view : situation.controlPlanes()) {
      stages.add(
          new Stage(
              "certificate of " + view.address(),
              List.of(new ExtendCertificate(view, change.names()))));
    }
    return stages;
  }
}
