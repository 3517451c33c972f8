package cloud.sealer.core.registry;

import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.ErrorCode;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Asks the programs {@code docker-credential-NAME}, by the <a
 * href="https://github.com/docker/docker-credential-helpers">protocol</a> docker speaks with them:
 * the question on standard input, the answer as JSON on standard output.
 */
final class CredentialHelper {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int MAX_OUTPUT = 64 * 1024;
  private static final String NOT_FOUND = "credentials not found";
  private static final String TOKEN_USER = "<token>";

  private final UnaryOperator<String> programs;
  private final Duration limit;

  CredentialHelper() {
    this(name -> "docker-credential-" + name, LIMIT);
  }

  /** With the program to each name, and how long it may take. */
  CredentialHelper(UnaryOperator<String> programs, Duration limit) {
    this.programs = programs;
    this.limit = limit;
  }

  /** What the helper keeps for a server; empty if nothing. */
  Optional<Credentials> get(String name, String server) throws IOException, InterruptedException {
    Output output = run(name, "get", server);
    if (output.status() != 0) {
      if (output.text().contains(NOT_FOUND)) {
        return Optional.empty();
      }
      throw failed(name, "failed: " + ErrorBody.clean(output.text()));
    }
    try {
      JsonNode json = JSON.readTree(output.text());
      String user = json.path("Username").asText("");
      String secret = json.path("Secret").asText("");
      if (user.isEmpty() && secret.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          user.equals(TOKEN_USER)
              ? Credentials.identityToken(secret)
              : Credentials.basic(user, secret));
    } catch (JsonProcessingException e) {
      // Without the cause: it would quote the answer, which holds a secret.
      throw failed(name, "does not answer with JSON");
    }
  }

  /** Lets the helper keep credentials. */
  void store(String name, String server, Credentials credentials)
      throws IOException, InterruptedException {
    String user = credentials.isIdentityToken() ? TOKEN_USER : credentials.username();
    Map<String, String> entry =
        Map.of("ServerURL", server, "Username", user, "Secret", credentials.secret());
    Output output = run(name, "store", JSON.writeValueAsString(entry));
    if (output.status() != 0) {
      throw failed(name, "failed: " + ErrorBody.clean(output.text()));
    }
  }

  private record Output(int status, String text) {}

  private Output run(String name, String action, String input)
      throws IOException, InterruptedException {
    if (!NAME.matcher(name).matches()) {
      throw failed(name, "has a name that is none");
    }
    Process process;
    try {
      process =
          new ProcessBuilder(programs.apply(name), action)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw failed(name, "cannot be started: " + e.getMessage()).because(e);
    }
    // Reading waits for the end of the output, which a hanging program never gives.
    FutureTask<String> output =
        new FutureTask<>(
            () ->
                new String(
                    process.getInputStream().readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8));
    Thread reader = new Thread(output, "sealer-credential-helper");
    reader.setDaemon(true);
    reader.start();
    try {
      send(process, input);
      String text = output.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TimeoutException();
      }
      return new Output(process.exitValue(), text);
    } catch (TimeoutException e) {
      throw failed(name, "does not answer within " + limit.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw failed(name, "cannot be read").because(e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static void send(Process process, String input) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It has ended without reading; its output and status say why.
    }
  }

  private RegistryFailure failed(String name, String what) {
    return RegistryFailure.of(
            ErrorCode.UNAUTHORIZED,
            "the credential helper docker-credential-" + ErrorBody.clean(name) + " " + what)
        .remedy(
            "install or mend it, or remove it from credsStore and credHelpers of the docker"
                + " configuration");
  }
}
