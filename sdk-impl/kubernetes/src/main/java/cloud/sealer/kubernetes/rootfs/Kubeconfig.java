package cloud.sealer.kubernetes.rootfs;

import cloud.sealer.kubernetes.yaml.YamlException;
import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Place;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlNode.Sequence;
import cloud.sealer.kubernetes.yaml.YamlReader;
import cloud.sealer.kubernetes.yaml.YamlWriter;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file of a user's clusters, {@code ~/.kube/config}, in which our cluster has a context, a
 * cluster and a user of its own name. All others stay.
 */
public final class Kubeconfig {
  private static final String CURRENT = "current-context";
  private static final List<String> LISTS = List.of("clusters", "users", "contexts");

  private Kubeconfig() {}

  /**
   * Adds a cluster, or replaces what it had before. It becomes the current context if there is
   * none.
   *
   * @param existing the file; empty if there is none
   * @param admin the file {@code /etc/kubernetes/admin.conf} of the cluster
   * @param cluster the name of the cluster
   * @return the new file; it holds private keys
   * @throws SealerException with {@link ErrorCode#INVALID_REQUEST} if one of the files is none
   */
  public static String with(String existing, String admin, String cluster) {
    Mapping source = read(admin, "admin.conf of the cluster");
    Mapping target = read(existing, "the kubeconfig");
    if (target.values().isEmpty()) {
      target =
          Mapping.EMPTY
              .with("apiVersion", Scalar.text("v1"))
              .with("kind", Scalar.text("Config"))
              .with("preferences", Mapping.EMPTY);
    }
    Mapping context = entry(source, "contexts", source.text(CURRENT)).mapping("context");
    Mapping server = entry(source, "clusters", context.text("cluster"));
    Mapping user = entry(source, "users", context.text("user"));
    Scalar name = Scalar.text(cluster);
    target = put(target, "clusters", server.with("name", name));
    target = put(target, "users", user.with("name", Scalar.text(user(cluster))));
    Mapping own = context.with("cluster", name).with("user", Scalar.text(user(cluster)));
    target = put(target, "contexts", Mapping.EMPTY.with("context", own).with("name", name));
    if (target.text(CURRENT).isEmpty()) {
      target = target.with(CURRENT, name);
    }
    return new YamlWriter().write(target);
  }

  /**
   * A kubeconfig of nothing but a cluster.
   *
   * @param admin the file {@code /etc/kubernetes/admin.conf} of the cluster
   * @param cluster the name of the cluster
   * @param server where its API server is to be asked
   * @return the file; it holds a private key
   * @throws SealerException with {@link ErrorCode#INVALID_REQUEST} if the file is none
   */
  public static String of(String admin, String cluster, String server) {
    Mapping own = read(with("", admin, cluster), "the kubeconfig");
    Mapping entry = entry(own, "clusters", cluster);
    Mapping leading =
        entry.with("cluster", entry.mapping("cluster").with("server", Scalar.text(server)));
    return new YamlWriter().write(put(own, "clusters", leading));
  }

  /**
   * Takes a cluster away: its context, and its cluster and user unless another context uses them.
   *
   * @param existing the file
   * @param cluster the name of the cluster
   * @return the new file, in which it is not the current context; the same text if it was not there
   * @throws SealerException with {@link ErrorCode#INVALID_REQUEST} if the file is none
   */
  public static String without(String existing, String cluster) {
    Mapping before = read(existing, "the kubeconfig");
    Mapping target = remove(before, "contexts", cluster);
    if (!used(target, "cluster", cluster)) {
      target = remove(target, "clusters", cluster);
    }
    if (!used(target, "user", user(cluster))) {
      target = remove(target, "users", user(cluster));
    }
    if (target.text(CURRENT).equals(cluster)) {
      target = target.with(CURRENT, Scalar.text(""));
    }
    return target.equals(before) ? existing : new YamlWriter().write(target);
  }

  /**
   * Whether clusters are left.
   *
   * @param existing the file
   * @return true if it has no cluster, user or context any more
   */
  public static boolean isEmpty(String existing) {
    Mapping config = read(existing, "the kubeconfig");
    return LISTS.stream().allMatch(list -> items(config, list).isEmpty());
  }

  private static String user(String cluster) {
    return cluster + "-admin";
  }

  private static Mapping read(String text, String what) {
    try {
      YamlNode node = YamlReader.read(text, 1);
      if (node instanceof Mapping mapping) {
        return mapping;
      }
      if (node.isNull()) {
        return Mapping.EMPTY;
      }
      throw unreadable(what, "it is " + node.noun(), null);
    } catch (YamlException e) {
      throw unreadable(what, "line " + e.place().line() + ": " + e.getMessage(), e);
    }
  }

  private static SealerException unreadable(String what, String reason, @Nullable Exception cause) {
    return SealerException.builder(ErrorCode.INVALID_REQUEST, what + " cannot be read: " + reason)
        .remedy("mend it or move it away; it is not overwritten")
        .cause(cause)
        .build();
  }

  private static List<YamlNode> items(Mapping config, String list) {
    return config.get(list) instanceof Sequence sequence ? sequence.items() : List.of();
  }

  private static boolean isNamed(YamlNode item, String name) {
    return item instanceof Mapping mapping && mapping.text("name").equals(name);
  }

  private static Mapping entry(Mapping config, String list, String name) {
    return items(config, list).stream()
        .filter(item -> isNamed(item, name))
        .map(Mapping.class::cast)
        .findFirst()
        .orElseThrow(
            () ->
                unreadable(
                    "admin.conf of the cluster", "its " + list + " lack \"" + name + "\"", null));
  }

  private static Mapping put(Mapping config, String list, Mapping entry) {
    List<YamlNode> items = new ArrayList<>(items(config, list));
    items.removeIf(item -> isNamed(item, entry.text("name")));
    items.add(entry);
    return config.with(list, new Sequence(items, Place.NONE));
  }

  private static Mapping remove(Mapping config, String list, String name) {
    List<YamlNode> items = new ArrayList<>(items(config, list));
    return items.removeIf(item -> isNamed(item, name))
        ? config.with(list, new Sequence(items, Place.NONE))
        : config;
  }

  private static boolean used(Mapping config, String field, String name) {
    return items(config, "contexts").stream()
        .anyMatch(
            item ->
                item instanceof Mapping mapping
                    && mapping.mapping("context").text(field).equals(name));
  }
}
