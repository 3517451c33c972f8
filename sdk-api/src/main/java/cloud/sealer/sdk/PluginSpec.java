package cloud.sealer.sdk;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * Work on hosts or on the cluster at given moments of a run: the {@code Plugin} document of a
 * Clusterfile or of an image's {@code plugins} directory.
 *
 * @param name the name of the document; one of a Clusterfile replaces one of the image
 * @param type which plugin does it, upper case: {@code SHELL}, {@code LABEL}, {@code TAINT}, {@code
 *     HOSTNAME}, {@code ETCD}, {@code CLUSTERCHECK}, or one of a provider
 * @param phases when it is done
 * @param on the hosts it is done on, in the type's own words; empty for the type's default
 * @param data what to do, in the type's own form
 */
public record PluginSpec(String name, String type, Set<Phase> phases, String on, String data) {
  /** A moment of a run. */
  public enum Phase {
    /** Before anything is sent to a host. */
    ORIGINALLY("Originally"),
    /** The rootfs is there and {@code init.sh} is done; {@code kubeadm init} is not. */
    PRE_INIT("PreInit"),
    /** The hosts are ready for Kubernetes; the same moment as {@link #PRE_INIT}, after it. */
    PRE_INSTALL("PreInstall"),
    /** All nodes have joined; the commands of the image are not executed yet. */
    PRE_GUEST("PreGuest"),
    /** The commands of the image are executed. */
    POST_INSTALL("PostInstall"),
    /** A host is ready to join. */
    PRE_JOIN("PreJoin"),
    /** A host has joined. */
    POST_JOIN("PostJoin"),
    /** A host or the cluster is about to be removed. */
    PRE_CLEAN("PreClean"),
    /** Kubernetes is gone from the host; the rootfs is still there. */
    POST_CLEAN("PostClean");

    private final String text;

    Phase(String text) {
      this.text = text;
    }

    /**
     * The word of Clusterfiles.
     *
     * @return the word, such as {@code PreInit}
     */
    public String text() {
      return text;
    }
  }

  /** Checks and copies the parts. */
  public PluginSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(on, "on");
    Objects.requireNonNull(data, "data");
    if (phases.isEmpty()) {
      throw new IllegalArgumentException("the plugin " + name + " has no phase");
    }
    phases = Collections.unmodifiableSet(EnumSet.copyOf(phases));
  }
}
