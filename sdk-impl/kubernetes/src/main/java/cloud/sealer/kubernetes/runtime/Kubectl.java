package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostSession;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Questions to the API server and changes of its objects, through {@code kubectl} on a host of the
 * control plane. What an object holds goes over standard input, never into an argument.
 */
public final class Kubectl {
  /** Where kubeadm puts the configuration of the administrator. */
  public static final String CONFIG = "/etc/kubernetes/admin.conf";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What passes: a server that starts, or an etcd that chooses its leader. */
  private static final Pattern PASSING =
      Pattern.compile(
          "Unable to connect to the server|connection refused|connection reset|TLS handshake"
              + " timeout|i/o timeout|unexpected EOF|http2: |etcdserver: (?:request timed"
              + " out|leader changed)|server is currently unable|ServiceUnavailable|apiserver not"
              + " ready|context deadline exceeded|was refused - did you specify");

  private final HostSession controlPlane;
  private final Duration pause;

  /**
   * Asks through a host of the control plane. While the API server does not answer, as shortly
   * after a member of etcd left, it is asked again for two minutes.
   */
  public Kubectl(HostSession controlPlane) {
    this(controlPlane, Duration.ofSeconds(2));
  }

  Kubectl(HostSession controlPlane, Duration pause) {
    this.controlPlane = controlPlane;
    this.pause = pause;
  }

  /**
   * Executes kubectl.
   *
   * @param arguments its arguments, without secrets
   * @return what it printed
   * @throws SealerException with {@link ErrorCode#COMMAND_FAILED}
   */
  public String run(String... arguments) {
    return run(TIMEOUT, arguments);
  }

  /** Executes kubectl, for longer. */
  public String run(Duration timeout, String... arguments) {
    return patiently(command(arguments).timeout(timeout).build());
  }

  private String patiently(HostCommand command) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return Commands.exec(controlPlane, command);
      } catch (SealerException e) {
        if (e.code() != ErrorCode.COMMAND_FAILED
            || !PASSING.matcher(String.valueOf(e.getMessage())).find()
            || System.nanoTime() > end) {
          throw e;
        }
      }
      try {
        Thread.sleep(pause.toMillis());
      } catch (InterruptedException e) {
        throw SealerException.cancelled(command.title());
      }
    }
  }

  /** Whether an object is there. */
  boolean has(String namespace, String object) {
    return !run("-n", namespace, "get", object, "--ignore-not-found", "-o", "name").isBlank();
  }

  /** What kubectl printed to standard output, also if it ended badly. */
  public String runWhateverTheStatus(String... arguments) {
    HostCommand command = command(arguments).build();
    return Commands.exec(
        controlPlane,
        HostCommand.builder(command.text() + " || true").title(command.title()).build());
  }

  /** What kubectl prints as JSON. */
  public JsonNode json(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("-o");
    all.add("json");
    String printed = run(all.toArray(String[]::new));
    try {
      return MAPPER.readTree(printed);
    } catch (JsonProcessingException e) {
      throw SealerException.builder(
              ErrorCode.COMMAND_FAILED,
              controlPlane.host().address() + ": kubectl printed something other than JSON")
          .cause(e)
          .build();
    }
  }

  /**
   * Makes objects as a text says, whether they are there already or not.
   *
   * @param manifest YAML or JSON; may hold secrets
   */
  public void apply(String manifest) {
    byte[] bytes = manifest.getBytes(StandardCharsets.UTF_8);
    patiently(command("apply", "-f", "-").stdin(() -> new ByteArrayInputStream(bytes)).build());
  }

  /** All nodes. */
  public List<Node> nodes() {
    List<Node> nodes = new ArrayList<>();
    json("get", "nodes").path("items").forEach(item -> nodes.add(Node.of(item)));
    return nodes;
  }

  /** The internal addresses of the nodes that have some labels. */
  public List<String> addressesWithLabels(String selector) {
    List<String> addresses = new ArrayList<>();
    json("get", "nodes", "-l", selector)
        .path("items")
        .forEach(item -> addresses.addAll(Node.of(item).addresses()));
    return addresses;
  }

  /** The node at an address. */
  public Optional<Node> node(String address) {
    return nodes().stream().filter(node -> node.addresses().contains(address)).findFirst();
  }

  private static HostCommand.Builder command(String... arguments) {
    String text =
        List.of(arguments).stream().map(ShellText::quote).collect(Collectors.joining(" "));
    return HostCommand.builder("kubectl --kubeconfig " + CONFIG + " --request-timeout=60s " + text)
        .title("kubectl " + String.join(" ", arguments))
        .timeout(TIMEOUT);
  }
}
