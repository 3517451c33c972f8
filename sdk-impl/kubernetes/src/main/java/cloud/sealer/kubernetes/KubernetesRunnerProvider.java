package cloud.sealer.kubernetes;

import cloud.sealer.kubernetes.flow.DefaultRunner;
import cloud.sealer.kubernetes.flow.UndoAll;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.spi.RunnerProvider;
import java.util.List;

/** Makes the {@link Runner} of this artifact. */
public final class KubernetesRunnerProvider implements RunnerProvider {
  /** Called by {@link java.util.ServiceLoader}. */
  public KubernetesRunnerProvider() {}

  @Override
  public Runner create(Settings settings) {
    return new DefaultRunner(settings, KubernetesRunnerProvider::stages);
  }

  private static List<Stage> stages(Situation situation) {
    return List.of(
        new Stage(
            "undo",
            situation.leaving().stream().<Step>map(view -> new UndoAll(view.host())).toList()));
  }
}
