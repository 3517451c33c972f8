package cloud.sealer.core.registry;

import cloud.sealer.sdk.SealerException;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** What a registry, a proxy before it, or a hand in the docker configuration may write. */
@Tag("fuzz")
class RegistryAnswersFuzz {
  @TempDir private Path work;

  @FuzzTest(maxDuration = "1m")
  void errorBody(byte[] body) {
    String text = ErrorBody.text(body);
    if (text.length() > 500 || text.chars().anyMatch(Character::isISOControl)) {
      throw new AssertionError("not fit for a message: " + text);
    }
    ErrorBody.codes(body);
  }

  @FuzzTest(maxDuration = "1m")
  void bodyAndHeaders(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    Challenge.parse(List.of(text));
    Tags.next(List.of(text));
    Referrers.parse(bytes);
    try {
      ManifestType.of(bytes, Optional.empty(), "GET fuzz");
    } catch (IOException e) {
      if (!(e instanceof RegistryFailure)) {
        throw new AssertionError(e);
      }
    }
  }

  @FuzzTest(maxDuration = "1m")
  void dockerConfig(byte[] bytes) throws IOException {
    Path file = Files.write(work.resolve("config.json"), bytes);
    try {
      DockerConfigFile config = DockerConfigFile.read(file);
      for (String registry : List.of("docker.io", "127.0.0.1:5000", "registry.example.com")) {
        config.helper(registry); // its name only: no helper is started
        config.credentials(registry);
      }
    } catch (RegistryFailure | SealerException e) {
      if (String.valueOf(e.getMessage()).isBlank()) {
        throw new AssertionError("refused without saying why", e);
      }
    }
  }
}
