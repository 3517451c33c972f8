package cloud.sealer.kubernetes.step;

import cloud.sealer.kubernetes.record.HostRecord;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;

/**
 * One thing that must hold on a host, and how to make it so. Immutable; its methods are called from
 * the threads of the engine, those of one host one after the other.
 *
 * <p>The engine executes a step that does not hold: it notes on the host that the step begins,
 * calls {@link #run}, then {@link #verify}, and only then records that it holds, with its {@link
 * #fingerprint}. A step that was cut short is therefore executed again from its beginning, with
 * {@link StepContext#begunBefore} set: {@link #run} must cope with what it left.
 */
public interface Step {
  /**
   * What it does, such as {@code kubeadm init}: what a plan shows and the key of its record. Unique
   * among the steps of a host, and the same in every run and version.
   *
   * @return a few words
   */
  String name();

  /**
   * The host it is executed on.
   *
   * @return the host
   */
  Host host();

  /**
   * Whether it is about the whole cluster and merely executed on this host.
   *
   * @return true for steps like {@code kubeadm init} and the commands of the image
   */
  default boolean wholeCluster() {
    return false;
  }

  /**
   * Whether the cluster cannot live without it: then its failure stops the run even when the caller
   * wants to go on without single hosts.
   *
   * @return true for steps of the whole cluster
   */
  default boolean essential() {
    return wholeCluster();
  }

  /**
   * Whether that it holds is recorded on the host. A step that takes something away is not
   * recorded: it is part of a plan because of what the workflow saw.
   *
   * @return false for steps that remove
   */
  default boolean recorded() {
    return true;
  }

  /**
   * What the record of the host says once it was executed, beside that it holds.
   *
   * @param record the record so far
   * @return the record to be
   */
  default HostRecord after(HostRecord record) {
    return record;
  }

  /**
   * Everything its result depends on, as any text: if it is another than that of the record, the
   * step is executed again. Computed without a look at the host; no secrets, since a hash of it is
   * kept.
   *
   * @return the text
   */
  String fingerprint();

  /**
   * A shell text that looks whether the result is there, without changing anything: status 0 if so.
   * All probes of a host are executed in one go, each in a shell of its own, as root.
   *
   * @return the text; empty if the record alone tells
   */
  default String probe() {
    return "";
  }

  /**
   * Whether it has to be executed.
   *
   * @param host what is known of the host
   * @param probed whether {@link #probe} ended with status 0, or is empty
   * @return the answer, with the reason that the plan shows
   */
  default Verdict check(HostView host, boolean probed) {
    return Verdict.of(this, host.record(), probed);
  }

  /**
   * Makes it so.
   *
   * @param context where it works
   * @throws SealerException that says what failed
   */
  void run(StepContext context);

  /**
   * Makes sure that the result is there. By default executes the probe.
   *
   * @param context where it works
   * @throws SealerException if it is not
   */
  default void verify(StepContext context) {
    if (!probe().isEmpty()) {
      context.exec(
          HostCommand.builder(probe()).title("check that \"" + name() + "\" worked").build());
    }
  }

  /**
   * Takes back what {@link #run} did elsewhere than on its host, such as the entry of a node in the
   * API server. Called before the host's journal is replayed. Does nothing by default.
   *
   * @param context where it works
   */
  default void undo(StepContext context) {}
}
