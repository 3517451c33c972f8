package cloud.sealer.cli;

import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.SecretProvider;
import cloud.sealer.sdk.SshOptions;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say how to log in to hosts. Secrets never become part of a spec. */
final class SshLogin {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-u", "--user"},
      paramLabel = "NAME",
      description = "The user on the hosts; one other than root works through sudo.")
  private @Nullable String user;

  @Option(
      names = {"-p", "--passwd"},
      paramLabel = "PASSWORD",
      arity = "0..1",
      fallbackValue = "",
      description =
          "The user's password; - reads a line of standard input, nothing asks for it. Other users"
              + " of this machine can see a password that stands here: $$SEALER_SSH_PASSWORD and"
              + " --passwd-file are better ways.")
  private @Nullable String password;

  @Option(
      names = "--passwd-file",
      paramLabel = "FILE",
      description = "The file whose first line is the password.")
  private @Nullable Path passwordFile;

  @Option(names = "--port", paramLabel = "PORT", description = "The port of the SSH servers.")
  private int port;

  @Option(
      names = {"--pk", "--private-key"},
      paramLabel = "FILE",
      description = "The user's private key; by default ~/.ssh/id_ed25519, id_ecdsa or id_rsa.")
  private @Nullable Path privateKey;

  @Option(
      names = "--pk-passwd",
      paramLabel = "PASSPHRASE",
      arity = "0..1",
      fallbackValue = "",
      description =
          "The private key's passphrase; - reads a line of standard input, after that of -p -;"
              + " nothing asks for it. Others can see one that stands here, as with -p.")
  private @Nullable String passphrase;

  @Option(
      names = "--pk-passwd-file",
      paramLabel = "FILE",
      description = "The file whose first line is the private key's passphrase.")
  private @Nullable Path passphraseFile;

  @Option(
      names = "--registry-passwd-file",
      paramLabel = "FILE",
      description = "The file whose first line is the password of the cluster's own registry.")
  private @Nullable Path registryPasswordFile;

  private @Nullable SecretProvider secrets;

  @SuppressWarnings("NullAway.Init")
  SshLogin() {}

  /** What may stand in a spec. */
  SshOptions options(Settings settings) {
    SshOptions.Builder options = SshOptions.builder();
    if (user != null) {
      options.user(user);
    }
    if (port != 0) {
      try {
        options.port(port);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "--port: " + e.getMessage(), e);
      }
    }
    Optional.ofNullable(privateKey).or(settings::privateKey).ifPresent(options::privateKey);
    return options.build();
  }

  /** The secrets, asked for once and now, so that none is asked for in the middle of the work. */
  SecretProvider secrets(Settings settings) {
    SecretProvider known = secrets;
    if (known == null) {
      known = read(settings);
      secrets = known;
    }
    return known;
  }

  private SecretProvider read(Settings settings) {
    SecretInput input = new SecretInput(spec.commandLine());
    Optional<Secret> ssh =
        input
            .read("-p", password, "--passwd-file", passwordFile, "Password of the hosts: ")
            .or(settings::sshPassword);
    Optional<Secret> ofKey =
        input.read(
            "--pk-passwd",
            passphrase,
            "--pk-passwd-file",
            passphraseFile,
            "Passphrase of the key: ");
    Optional<Secret> registry = Optional.ofNullable(registryPasswordFile).map(input::firstLine);
    return (kind, host, name) ->
        switch (kind) {
          case SSH_PASSWORD, SUDO_PASSWORD -> ssh;
          case SSH_KEY_PASSPHRASE -> ofKey;
          case REGISTRY_PASSWORD -> registry;
        };
  }
}
