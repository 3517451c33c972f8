package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.OutputStream;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The etcd of a control plane, asked with the {@code etcdctl} of its own image. */
public final class Etcd {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Duration A_MOMENT = Duration.ofSeconds(20);

  /** A path that the container and its host share. */
  private static final String SNAPSHOT = "/var/lib/etcd/.sealer-snapshot.db";

  private static final String MANIFEST = "/etc/kubernetes/manifests/etcd.yaml";

  private final Kubectl kubectl;
  private final String pod;

  private Etcd(Kubectl kubectl, String pod) {
    this.kubectl = kubectl;
    this.pod = pod;
  }

  /**
   * The member of etcd on a host; empty if it has none. The API server is not asked whether there
   * is one: it forgets the pod for a moment when the kubelet starts again.
   */
  static Optional<Etcd> on(HostSession controlPlane) {
    return on(controlPlane, PATIENCE);
  }

  private static Optional<Etcd> on(HostSession controlPlane, Duration patience) {
    if (!controlPlane.exec(HostCommand.of("test -f " + MANIFEST), HostOutput.NONE).ok()) {
      return Optional.empty();
    }
    String name = Commands.exec(controlPlane, HostCommand.of("hostname | tr A-Z a-z")).strip();
    String pod = "etcd-" + name;
    ApiServer.await(
        controlPlane,
        "test \"$(kubectl --kubeconfig "
            + Kubectl.CONFIG
            + " --request-timeout=5s -n kube-system get pod "
            + ShellText.quote(pod)
            + " -o 'jsonpath={.status.containerStatuses[0].ready}')\" = true",
        "wait until the pod " + pod + " is ready",
        patience);
    return Optional.of(new Etcd(new Kubectl(controlPlane), pod));
  }

  /**
   * Writes a snapshot.
   *
   * @param controlPlane a host with a member
   * @param target where its bytes go
   */
  public static void snapshot(HostSession controlPlane, OutputStream target) {
    Etcd etcd =
        on(controlPlane)
            .orElseThrow(
                () ->
                    SealerException.builder(
                            ErrorCode.PLUGIN_FAILED,
                            controlPlane.host().address() + " has no member of etcd")
                        .remedy("etcd runs elsewhere: take the snapshot there")
                        .build());
    try {
      etcd.run("snapshot", "save", SNAPSHOT);
      controlPlane.download(SNAPSHOT, target);
    } finally {
      controlPlane.exec(
          HostCommand.of("rm -f " + SNAPSHOT + " " + SNAPSHOT + ".part"), HostOutput.NONE);
    }
  }

  /**
   * The members that are not healthy, asked through one of them.
   *
   * @param controlPlane a host of the control plane
   * @return why, by the URL of the member; none if the host has no member
   */
  public static Map<String, String> unhealthy(HostSession controlPlane) {
    Optional<Etcd> etcd = on(controlPlane, A_MOMENT);
    if (etcd.isEmpty()) {
      return Map.of();
    }
    Map<String, String> unhealthy = new TreeMap<>();
    // Its status is another than 0 when a member is not healthy, but it tells of all.
    String json = etcd.get().health();
    try {
      for (JsonNode member : MAPPER.readTree(json)) {
        if (!member.path("health").asBoolean()) {
          unhealthy.put(member.path("endpoint").asText(), member.path("error").asText());
        }
      }
    } catch (JsonProcessingException e) {
      throw notJson(etcd.get().pod, e);
    }
    return unhealthy;
  }

  private String health() {
    return kubectl.runWhateverTheStatus(
        arguments("endpoint", "health", "--cluster", "-w", "json").toArray(String[]::new));
  }

  private static SealerException notJson(String pod, JsonProcessingException cause) {
    return SealerException.builder(
            ErrorCode.COMMAND_FAILED, "etcdctl in " + pod + " printed something other than JSON")
        .cause(cause)
        .build();
  }

  /** Takes out the member at an address, if there is one. */
  void remove(String address) {
    String host = "//" + ApiEndpoint.hostPort(address, 2380);
    try {
      for (JsonNode member : MAPPER.readTree(run("member", "list", "-w", "json")).path("members")) {
        if (member.path("peerURLs").toString().contains(host + "\"")) {
          // JSON has the number in decimal, the command wants it in hexadecimal.
          run("member", "remove", new BigInteger(member.path("ID").asText()).toString(16));
        }
      }
    } catch (JsonProcessingException e) {
      throw notJson(pod, e);
    }
  }

  private String run(String... arguments) {
    return kubectl.run(TIMEOUT, arguments(arguments).toArray(String[]::new));
  }

  private List<String> arguments(String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "-n",
                "kube-system",
                "exec",
                pod,
                "--",
                "etcdctl",
                "--endpoints=https://127.0.0.1:2379",
                "--cacert=/etc/kubernetes/pki/etcd/ca.crt",
                "--cert=/etc/kubernetes/pki/etcd/healthcheck-client.crt",
                "--key=/etc/kubernetes/pki/etcd/healthcheck-client.key"));
    all.addAll(List.of(arguments));
    return all;
  }
}
