package cloud.sealer.kubernetes.registry;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The password of a guarded registry, where docker and the kubelet of a host look for it: in root's
 * {@code config.json}, under every name that leads to the registry. Other entries stay.
 */
final class RegistryLogin extends HostStep {
  private static final String FILE = "/root/.docker/config.json";

  /** How docker spells docker.io there. */
  private static final String DOCKER = "https://index.docker.io/v1/";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ClusterRegistry registry;

  RegistryLogin(HostView view, ClusterRegistry registry) {
    super("registry login", view.host());
    this.registry = registry;
  }

  @Override
  public String fingerprint() {
    return registry.loginFingerprint(DOCKER);
  }

  @Override
  public String probe() {
    return "grep -qF '\"" + registry.settings().authority() + "\"' " + FILE;
  }

  @Override
  public void run(StepContext context) {
    String existing =
        Commands.exec(
            context.session(),
            HostCommand.builder("if [ -f " + FILE + " ]; then cat " + FILE + "; fi")
                .title("read " + FILE)
                .build());
    context.journal().undo("directory .docker of root", "rmdir /root/.docker 2>/dev/null || true");
    context.journal().write(FILE, 0600, merged(existing, context));
    // The kubelet of a node remembers for five minutes what it has read there.
    context.exec(
        HostCommand.builder("systemctl try-restart kubelet >/dev/null 2>&1 || true")
            .title("let the kubelet read " + FILE)
            .build());
  }

  String merged(String existing, StepContext context) {
    Credentials credentials = registry.settings().credentials().orElseThrow();
    String login = credentials.username() + ":" + credentials.secret();
    String auth = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    try {
      ObjectNode root =
          existing.isBlank() ? MAPPER.createObjectNode() : (ObjectNode) MAPPER.readTree(existing);
      ObjectNode auths = root.withObject("/auths");
      registry.allNames(DOCKER).forEach(name -> auths.putObject(name).put("auth", auth));
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException | ClassCastException | UnsupportedOperationException e) {
      throw SealerException.builder(
              ErrorCode.HOST_IO,
              host().address() + ": " + FILE + " is not what docker writes there")
          .remedy("mend or remove it")
          .detail("host", context.session().host().address())
          .build();
    }
  }
}
