package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.step.StepContext;

/** What Kubernetes will leave on a host, noted before it does. */
final class KubernetesTraces {
  private KubernetesTraces() {}

  /** Notes how to take Kubernetes off the host. */
  static void note(StepContext context) {
    context.journal().undo("Kubernetes on this host", "(\n" + Reset.script() + ")");
  }
}
