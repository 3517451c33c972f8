package cloud.sealer.cli;

import cloud.sealer.sdk.SignatureCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say whose signatures count. */
final class KeyOptions {
  @Option(
      names = "--key",
      paramLabel = "FILE",
      description =
          "Check that the owner of this public key signed the image; one of several will do.")
  private List<Path> keys = List.of();

  @Option(
      names = {"-a", "--annotation"},
      paramLabel = "NAME=VALUE",
      description = "What the signature must say; may be repeated.")
  private Map<String, String> annotations = Map.of();

  @SuppressWarnings("NullAway.Init")
  KeyOptions() {}

  /** The check that was asked for. */
  Optional<SignatureCheck> check() {
    return check(keys, annotations);
  }

  /** A check with some keys; empty if there are none. */
  static Optional<SignatureCheck> check(List<Path> keys, Map<String, String> annotations) {
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    SignatureCheck.Builder check = SignatureCheck.key(keys.get(0));
    keys.subList(1, keys.size()).forEach(check::orKey);
    annotations.forEach(check::annotation);
    return Optional.of(check.build());
  }
}
