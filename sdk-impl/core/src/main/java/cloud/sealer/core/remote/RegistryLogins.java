package cloud.sealer.core.remote;

import cloud.sealer.core.store.StoreFailure;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.RegistryOptions;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The logins of the caller as a docker configuration for the machine: those that stand in the
 * caller's own file, and what the caller's provider of credentials says of the registries that have
 * settings, and of those of the image and its base. Programs that keep logins are not on the
 * machine.
 */
final class RegistryLogins {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String AUTHS = "auths";

  private RegistryLogins() {}

  /** The text of the file; empty if there is no login. */
  static Optional<String> of(RegistryOptions registries, RemoteBuilder.Job job) {
    ObjectNode config = MAPPER.createObjectNode();
    ObjectNode auths = config.putObject(AUTHS);
    registries.dockerConfig().ifPresent(file -> copy(file, auths));
    Set<String> asked = new TreeSet<>(registries.hosts().keySet());
    asked.add(job.target().registry());
    job.base().ifPresent(base -> asked.add(base.reference().registry()));
    for (String registry : asked) {
      registries
          .credentials()
          .credentials(registry)
          .ifPresent(who -> put(auths.putObject(registry), who));
    }
    return auths.isEmpty() ? Optional.empty() : Optional.of(config.toString());
  }

  private static void copy(Path file, ObjectNode auths) {
    if (!Files.isReadable(file)) {
      return;
    }
    try {
      JsonNode known = MAPPER.readTree(Files.readAllBytes(file)).path(AUTHS);
      known
          .properties()
          .forEach(
              entry -> {
                if (!entry.getValue().isEmpty()) {
                  auths.set(entry.getKey(), entry.getValue());
                }
              });
    } catch (JsonProcessingException e) {
      return; // the caller's own requests tell of it, with its place
    } catch (IOException e) {
      throw StoreFailure.of("read", file, e);
    }
  }

  private static void put(ObjectNode entry, Credentials who) {
    if (who.isIdentityToken()) {
      entry.put("identitytoken", who.secret());
      return;
    }
    String login = who.username() + ":" + who.secret();
    entry.put("auth", Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
  }
}
