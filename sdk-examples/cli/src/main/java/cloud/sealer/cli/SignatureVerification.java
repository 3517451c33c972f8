package cloud.sealer.cli;

import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SignatureCheck;
import cloud.sealer.sdk.SignatureReport;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@code verify} that are about signatures, and what they came to. */
final class SignatureVerification {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description =
          "First check that the owner of this public key signed the image; one of several will do.")
  private List<Path> keys = List.of();

  @Option(
      names = {"-a", "--annotation"},
      paramLabel = "NAME=VALUE",
      description = "What the signature must say; may be repeated.")
  private Map<String, String> annotations = Map.of();

  @Option(
      names = "--remote",
      description = "Check only the signatures, at the registry of the image's name.")
  private boolean remote;

  private @Nullable SignatureReport report;

  @SuppressWarnings("NullAway.Init")
  SignatureVerification() {}

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

  /** Whether only signatures at a registry are to be checked. */
  boolean isRemote() {
    return remote;
  }

  /** Checks what was asked for; fails if the image is not trusted. */
  void require(Sealer sealer, String image, EventListener listener) {
    Optional<SignatureCheck> check = check(keys, annotations);
    if (check.isEmpty() && (remote || !annotations.isEmpty())) {
      throw new ParameterException(
          spec.commandLine(), "--remote and --annotation need the --key of who signs");
    }
    if (check.isPresent()) {
      SignatureReport found =
          remote
              ? sealer.trust().verifyRemote(image, check.get(), listener)
              : sealer.trust().verify(image, check.get());
      found.requireTrusted();
      report = found;
    }
  }

  /** Adds what was found to the JSON of a command. */
  ObjectNode addTo(ObjectNode node) {
    if (report != null) {
      node.set("signatures", Json.signatures(report));
    }
    return node;
  }

  /** Prints what was found. */
  void print(PrintWriter out) {
    if (report != null) {
      for (SignatureReport.Signature signature : report.signatures()) {
        out.println(
            "signed "
                + report.digest()
                + " for "
                + signature.identity()
                + (signature.annotations().isEmpty() ? "" : " " + signature.annotations()));
      }
    }
  }
}
