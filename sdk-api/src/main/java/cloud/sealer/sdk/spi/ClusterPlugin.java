package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.PluginSpec;
import java.util.List;

/**
 * A type of plugin: work at given moments of a run that a {@link PluginSpec} of its type asks for.
 * Thread-safe; one instance does the work of all documents of its type.
 */
public interface ClusterPlugin {
  /**
   * The word by which documents choose it.
   *
   * @return the type, in upper case; none of those that are built in
   */
  String type();

  /**
   * Checks a document before anything is done. Does nothing by default.
   *
   * @param spec a document of this type
   * @return what is wrong, one sentence each; empty if it can be used
   */
  default List<String> validate(PluginSpec spec) {
    return List.of();
  }

  /**
   * Does the work. Called once for each document and each of its phases, and again if a run goes on
   * after it was stopped in between; so what is done already must do no harm.
   *
   * @param context what to do it with
   * @throws cloud.sealer.sdk.SealerException with {@link cloud.sealer.sdk.ErrorCode#PLUGIN_FAILED}
   *     to stop the run
   */
  void run(Context context);

  /** What a plugin works with. Thread-safe. */
  interface Context {
    /**
     * What is wanted.
     *
     * @return the document
     */
    PluginSpec spec();

    /**
     * Which of the document's phases it is.
     *
     * @return the phase
     */
    PluginSpec.Phase phase();

    /**
     * The directory of the rootfs on hosts.
     *
     * @return an absolute path; there is nothing in it yet in {@link PluginSpec.Phase#ORIGINALLY}
     */
    String rootfs();

    /**
     * The hosts that the change is about: all of a new cluster, those that join, or those that are
     * removed.
     *
     * @return the hosts, control planes first
     */
    List<Host> hosts();

    /**
     * The hosts that a text selects, as {@code on} of a plugin of type {@code SHELL} does.
     *
     * @param on roles, {@code master0}, addresses and ranges with commas between, or a label
     *     selector; empty for all
     * @return at least one host
     * @throws cloud.sealer.sdk.SealerException if it selects none
     */
    List<Host> select(String on);

    /**
     * A connection to a host.
     *
     * @param host the host
     * @return a session, which stays open when the plugin is done
     */
    HostSession session(Host host);

    /**
     * Executes {@code kubectl} on a control plane.
     *
     * @param arguments what follows {@code kubectl}, each a word of its own
     * @return what it printed
     * @throws cloud.sealer.sdk.SealerException with {@link
     *     cloud.sealer.sdk.ErrorCode#COMMAND_FAILED}, or if there is no API server in this phase
     */
    String kubectl(List<String> arguments);

    /**
     * Where to report progress.
     *
     * @return the task of this plugin, which its caller ends
     */
    Task task();
  }
}
