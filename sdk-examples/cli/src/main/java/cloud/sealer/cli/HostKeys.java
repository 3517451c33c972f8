package cloud.sealer.cli;

import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.SshOptions;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.ssh.HostKeyPolicy;
import cloud.sealer.ssh.SshHostConnector;
import java.io.Console;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say how hosts are reached and what vouches for them. */
final class HostKeys {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--known-hosts",
      paramLabel = "FILE",
      description = "The keys of known hosts; by default ~/.ssh/known_hosts.")
  private @Nullable Path knownHosts;

  @Option(
      names = "--accept-new-host-keys",
      description = "Accept the key of a host that is not known yet, and remember it.")
  private boolean acceptNew;

  @Option(
      names = "--accept-all-host-keys",
      description = "Accept every key. Whoever is between you and a host then reads everything.")
  private boolean acceptAll;

  @Option(
      names = "--host-key",
      paramLabel = "HOST=FINGERPRINT",
      description = "Accept only this key of a host, such as SHA256:...; may be repeated.")
  private List<String> pinned = List.of();

  @Option(
      names = {"-J", "--jump"},
      split = ",",
      paramLabel = "[USER@]HOST[:PORT]",
      description = "Reach hosts through this one; several are gone through in order.")
  private List<String> jumps = List.of();

  @SuppressWarnings("NullAway.Init")
  HostKeys() {}

  HostConnector connector(Settings settings, SshLogin login) {
    SshHostConnector.Builder builder =
        SshHostConnector.builder(policy(settings)).secrets(login.secrets(settings));
    settings.sshAgent().ifPresent(builder::agent);
    try {
      jumps.forEach(jump -> builder.jump(jump(jump, login.options(settings))));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--jump: " + e.getMessage(), e);
    }
    return builder.build();
  }

  private static Host jump(String text, SshOptions login) {
    int at = text.indexOf('@');
    SshOptions.Builder user = SshOptions.builder();
    if (at > 0) {
      user.user(text.substring(0, at));
    }
    Host host = Host.at(HostAddress.parse(text.substring(at + 1)));
    return new Host(host.address(), host.roles(), user.build().orElse(login), host.env());
  }

  @SuppressWarnings("SystemConsoleNull") // the launcher sets jdk.console=java.base
  private HostKeyPolicy policy(Settings settings) {
    if (!pinned.isEmpty()) {
      return HostKeyPolicy.pinned(pins());
    }
    if (acceptAll) {
      return HostKeyPolicy.acceptAll();
    }
    Path file = knownHosts != null ? knownHosts : settings.knownHosts();
    if (acceptNew) {
      return HostKeyPolicy.acceptNew(file);
    }
    Console console = System.console();
    return console == null || !settings.isInteractive()
        ? HostKeyPolicy.knownHosts(file)
        : HostKeyPolicy.ask(file, (host, key) -> asked(console, file, host, key));
  }

  private static boolean asked(Console console, Path file, String host, String key) {
    String answer =
        console.readLine(
            "%nNothing is known of %s yet. Its key is %s.%nIs it right, to be kept in %s? [y/N] ",
            host, key, file);
    return answer != null && answer.strip().matches("(?i)y(es)?");
  }

  private Map<HostAddress, Set<String>> pins() {
    Map<HostAddress, Set<String>> pins = new HashMap<>();
    for (String pin : pinned) {
      int equals = pin.indexOf('=');
      if (equals <= 0) {
        throw new ParameterException(
            spec.commandLine(), "--host-key must be HOST=FINGERPRINT, got \"" + pin + "\"");
      }
      pins.computeIfAbsent(HostAddress.parse(pin.substring(0, equals)), address -> new HashSet<>())
          .add(pin.substring(equals + 1));
    }
    return pins;
  }
}
