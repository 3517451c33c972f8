package cloud.sealer.core.registry;

import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Docker's {@code config.json}: who to be at which registry, and which programs know more. A file
 * that does not exist is an empty one.
 */
public final class DockerConfigFile {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final int MAX = 4 * 1024 * 1024;
  private static final String DOCKER_HUB = "docker.io";
  private static final String DOCKER_HUB_KEY = "https://index.docker.io/v1/";
  private static final List<String> DOCKER_HUB_HOSTS =
      List.of("index.docker.io", "registry-1.docker.io");
  private static final List<String> SECRETS =
      List.of("auth", "username", "password", "identitytoken", "registrytoken");

  private final Path file;
  private final ObjectNode root;

  private DockerConfigFile(Path file, ObjectNode root) {
    this.file = file;
    this.root = root;
  }

  static DockerConfigFile read(Path file) throws RegistryFailure {
    byte[] bytes;
    try {
      if (Files.size(file) > MAX) {
        throw malformed(file, "is too large to be one");
      }
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return new DockerConfigFile(file, JSON.createObjectNode());
    } catch (RegistryFailure e) {
      throw e;
    } catch (IOException e) {
      throw RegistryFailure.of(
              ErrorCode.INVALID_REQUEST, "cannot read the docker configuration " + file + ": " + e)
          .because(e);
    }
    try {
      JsonNode json = JSON.readTree(bytes);
      if (json == null || json.isMissingNode()) {
        return new DockerConfigFile(file, JSON.createObjectNode());
      }
      if (json instanceof ObjectNode object) {
        return new DockerConfigFile(file, object);
      }
      throw malformed(file, "is not a JSON object");
    } catch (JsonProcessingException e) {
      // Without the cause: it would quote the file, which holds secrets.
      throw malformed(
          file,
          "is not valid JSON at line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr());
    } catch (IOException e) {
      throw malformed(file, "cannot be parsed");
    }
  }

  /** The name under which docker keeps a registry. */
  static String serverAddress(String registry) {
    return registry.equals(DOCKER_HUB) ? DOCKER_HUB_KEY : registry;
  }

  /** The name of the helper that knows the registry, if one is configured. */
  Optional<String> helper(String registry) {
    for (Map.Entry<String, JsonNode> entry : root.path("credHelpers").properties()) {
      if (host(entry.getKey()).equals(registry.toLowerCase(Locale.ROOT))) {
        return Optional.of(entry.getValue().asText("")).filter(name -> !name.isEmpty());
      }
    }
    return Optional.of(root.path("credsStore").asText("")).filter(name -> !name.isEmpty());
  }

  /** What the file itself has for the registry. */
  Optional<Credentials> credentials(String registry) throws RegistryFailure {
    JsonNode auths = root.path("auths");
    Optional<Credentials> exact =
        credentials(serverAddress(registry), auths.path(serverAddress(registry)));
    if (exact.isPresent()) {
      return exact;
    }
    for (Map.Entry<String, JsonNode> entry : auths.properties()) {
      if (host(entry.getKey()).equals(registry.toLowerCase(Locale.ROOT))) {
        Optional<Credentials> found = credentials(entry.getKey(), entry.getValue());
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Credentials> credentials(String key, JsonNode entry) throws RegistryFailure {
    String identity = entry.path("identitytoken").asText("");
    if (!identity.isEmpty()) {
      return Optional.of(Credentials.identityToken(identity));
    }
    String auth = entry.path("auth").asText("");
    if (auth.isEmpty()) {
      String user = entry.path("username").asText("");
      return user.isEmpty()
          ? Optional.empty()
          : Optional.of(Credentials.basic(user, entry.path("password").asText("")));
    }
    String pair;
    try {
      pair = new String(Base64.getDecoder().decode(auth.strip()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed(
          file, "has an \"auth\" of \"" + ErrorBody.clean(key) + "\" that is not base64");
    }
    // Only the first colon ends the name: passwords may hold more.
    int colon = pair.indexOf(':');
    if (colon <= 0) {
      throw malformed(
          file, "has an \"auth\" of \"" + ErrorBody.clean(key) + "\" without name and password");
    }
    String password = pair.substring(colon + 1).replaceAll("\u0000+$", "");
    return Optional.of(Credentials.basic(pair.substring(0, colon), password));
  }

  /** The registry a key means: {@code https://host/v1/} and {@code host} are the same. */
  private static String host(String key) {
    String rest = key.toLowerCase(Locale.ROOT).replaceFirst("^https?://", "");
    int slash = rest.indexOf('/');
    String host = slash < 0 ? rest : rest.substring(0, slash);
    return DOCKER_HUB_HOSTS.contains(host) ? DOCKER_HUB : host;
  }

  /**
   * Keeps credentials for a registry: in the helper the file names for it, else in the file, of
   * which all other content stays. The file is replaced as a whole, readable by its owner only.
   *
   * @param file the configuration, made if there is none
   * @param registry host, with port if there is one
   * @param credentials who to be there
   * @throws SealerException with {@link ErrorCode#INVALID_REQUEST} if the file cannot be read or
   *     written
   */
  public static void store(Path file, String registry, Credentials credentials) {
    store(file, registry, credentials, new CredentialHelper());
  }

  static void store(Path file, String registry, Credentials credentials, CredentialHelper helper) {
    String what = "login to " + registry;
    try {
      DockerConfigFile config = read(file);
      Optional<String> program = config.helper(registry);
      if (program.isPresent()) {
        helper.store(program.get(), serverAddress(registry), credentials);
      } else {
        config.put(registry, credentials);
        config.write();
      }
    } catch (InterruptedException e) {
      throw SealerException.cancelled(what);
    } catch (RegistryFailure e) {
      throw e.toSealerException(what, 1);
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST, "cannot write the docker configuration " + file + ": " + e)
          .cause(e)
          .build();
    }
  }

  private void put(String registry, Credentials credentials) throws RegistryFailure {
    ObjectNode auths = object(root, "auths");
    // Other spellings of the same registry would be found by other tools.
    for (Iterator<String> keys = auths.fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      if (!key.equals(serverAddress(registry))
          && host(key).equals(registry.toLowerCase(Locale.ROOT))) {
        keys.remove();
      }
    }
    ObjectNode entry = object(auths, serverAddress(registry));
    entry.remove(SECRETS);
    if (credentials.isIdentityToken()) {
      entry.put("identitytoken", credentials.secret());
    } else {
      String pair = credentials.username() + ":" + credentials.secret();
      entry.put("auth", Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private ObjectNode object(ObjectNode parent, String name) throws RegistryFailure {
    JsonNode child = parent.path(name);
    if (child.isMissingNode() || child.isNull()) {
      return parent.putObject(name);
    }
    if (child instanceof ObjectNode object) {
      return object;
    }
    throw malformed(file, "has a \"" + ErrorBody.clean(name) + "\" that is not an object");
  }

  private void write() throws IOException {
    // A link stays a link: what it points to is replaced.
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path directory = target.resolveSibling("");
    Files.createDirectories(directory);
    // Temporary files are made for their owner only.
    Path temporary = Files.createTempFile(directory, ".config", ".json");
    try {
      Files.write(temporary, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static RegistryFailure malformed(Path file, String problem) {
    return RegistryFailure.of(
            ErrorCode.INVALID_REQUEST, "the docker configuration " + file + " " + problem)
        .remedy("mend the file, or name another one in RegistryOptions.dockerConfig");
  }
}
