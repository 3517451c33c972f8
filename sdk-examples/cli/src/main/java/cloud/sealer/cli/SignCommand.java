package cloud.sealer.cli;

import cloud.sealer.sdk.Referrer;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.SignOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sealer sign}. */
@Command(
    name = "sign",
    description = "Sign an image in the store as cosign does; push sends the signatures too.",
    sortOptions = false)
final class SignCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Common common;

  @Parameters(index = "0", paramLabel = "NAME", description = "The name of the image.")
  private String name;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      required = true,
      description = "A private key in PEM, or cosign.key.")
  private Path key;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "What the key is encrypted with; else $$COSIGN_PASSWORD.")
  private @Nullable Path passphrase;

  @Option(
      names = {"-a", "--annotation"},
      paramLabel = "NAME=VALUE",
      description = "What the signature shall say; may be repeated.")
  private Map<String, String> annotations = Map.of();

  @Option(names = "--json", description = "Print what was attached as JSON.")
  private boolean json;

  @SuppressWarnings("NullAway.Init")
  SignCommand() {}

  @Override
  public Integer call() {
    SignOptions.Builder options = SignOptions.key(key);
    annotations.forEach(options::annotation);
    if (passphrase != null) {
      options.passphrase(read(passphrase));
    } else {
      Settings.ofProcess().keyPassphrase().ifPresent(options::passphrase);
    }
    List<Referrer> signed =
        common.with((sealer, listener) -> sealer.trust().sign(name, options.build(), listener));
    if (json) {
      common.out().println(Json.text(Json.referrers(signed)));
    } else {
      signed.forEach(one -> common.out().println("signed " + one.subject()));
    }
    return 0;
  }

  private Secret read(Path file) {
    try {
      return Secret.of(Files.readString(file).stripTrailing());
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), "--passphrase-file: cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
