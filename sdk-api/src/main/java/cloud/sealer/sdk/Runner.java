package cloud.sealer.sdk;

import java.nio.file.Path;
import java.util.List;

/**
 * Turns cluster images into running clusters, and changes and removes those.
 *
 * <p>Thread-safe; two changes of one cluster at once are refused with {@link
 * ErrorCode#CLUSTER_BUSY}, also across processes and machines. What is there is recorded on each
 * host and in the {@linkplain Sealer.Builder#clusters directory of clusters} after it is seen to
 * hold, so the same call again goes on where the last one stopped, and does nothing when all is as
 * wanted.
 */
public interface Runner {
  /**
   * Works out how to make a change. Looks at the hosts, and changes nothing on any of them.
   *
   * @param change the change
   * @param options how to make it
   * @return the steps that are still to be done; two plans without a change between them are equal
   * @throws SealerException with {@link ErrorCode#PREFLIGHT_FAILED} and every finding on every
   *     host, with {@link ErrorCode#CLUSTER_NOT_FOUND}, and what reaching hosts throws
   */
  Plan plan(ClusterChange change, RunOptions options);

  /**
   * Makes the change of a plan.
   *
   * @param plan the plan
   * @param options how to make it
   * @return what was done on each host
   * @throws SealerException with {@link ErrorCode#PLAN_STALE}, with nothing done, if the steps
   *     would be others by now
   * @throws PartialFailureException with the result of each host if a step failed
   */
  RunResult execute(Plan plan, RunOptions options);

  /**
   * Plans a change and makes it.
   *
   * @param change the change
   * @param options how to make it
   * @return what was done on each host
   * @throws PartialFailureException with the result of each host if a step failed
   */
  default RunResult run(ClusterChange change, RunOptions options) {
    return execute(plan(change, options), options);
  }

  /**
   * Executes a command on hosts of a cluster, on all at once.
   *
   * @param cluster the name of the cluster
   * @param selection which hosts, in the words of {@code on} of plugins: roles, addresses and
   *     ranges with commas between; empty for all
   * @param command a text for the shell; its current directory is the rootfs
   * @param options how to do it; what the command prints goes to the listener, a task for each host
   * @return how it ended on each host
   */
  List<HostResult> exec(String cluster, String selection, String command, RunOptions options);

  /**
   * Checks the hosts of a spec as a change would before it begins. Where they are a cluster
   * already, its health is checked too: nodes and the pods of the control plane ready, all members
   * of etcd healthy, the registry serving, and no certificate near its end.
   *
   * @param spec the cluster
   * @param options how to reach the hosts, and {@linkplain RunOptions#checks what to look at}
   * @return everything found; empty if all is well
   */
  List<HostFinding> check(ClusterSpec spec, RunOptions options);

  /**
   * The kubeconfig of the administrator of a cluster, fetched from a host of its control plane. Its
   * context, cluster and user are named after the cluster, and it leads to the address of that
   * host, so that it works from outside the cluster. It is nowhere but in what is returned.
   *
   * @param cluster the name of the cluster
   * @param options how to reach the host
   * @return the YAML document, which holds a private key
   * @throws SealerException with {@link ErrorCode#CLUSTER_NOT_FOUND}, or with {@link
   *     ErrorCode#HOST_IO} if the cluster has none yet
   */
  Secret kubeconfig(String cluster, RunOptions options);

  /**
   * Writes the {@linkplain #kubeconfig kubeconfig} of a cluster into a file for its owner only,
   * mode 0600. Other clusters that the file knows stay in it; that of the cluster becomes its
   * current context if it has none.
   *
   * @param cluster the name of the cluster
   * @param file the file, made if missing; replaced as a whole or not at all
   * @param options how to reach a host
   * @throws SealerException with {@link ErrorCode#INVALID_REQUEST} if the file is no kubeconfig or
   *     cannot be written, and what {@link #kubeconfig} throws
   */
  void mergeKubeconfig(String cluster, Path file, RunOptions options);

  /**
   * Takes a cluster, and nothing else, out of a kubeconfig. Needs no host.
   *
   * @param cluster the name of the cluster
   * @param file the file, which need not exist
   * @throws SealerException with {@link ErrorCode#INVALID_REQUEST} if the file is no kubeconfig or
   *     cannot be written
   */
  void removeFromKubeconfig(String cluster, Path file);

  /**
   * The clusters that are recorded here.
   *
   * @return the records, sorted by name
   */
  List<ClusterState> clusters();
}
