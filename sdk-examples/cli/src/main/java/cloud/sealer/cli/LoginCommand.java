package cloud.sealer.cli;

import cloud.sealer.sdk.Credentials;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code sealer login}. The password is never an argument, where every user of the machine could
 * see it.
 */
@Command(
    name = "login",
    description = "Check credentials at a registry and keep them in docker's configuration.",
    sortOptions = false)
final class LoginCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Common common;

  @Option(
      names = {"-u", "--username"},
      paramLabel = "NAME",
      required = true,
      description = "Who to be.")
  private String username;

  @Option(names = "--password-stdin", description = "Read the password from standard input.")
  private boolean passwordStdin;

  @Parameters(index = "0", paramLabel = "REGISTRY", description = "The registry's host.")
  private String registry;

  @SuppressWarnings("NullAway.Init")
  LoginCommand() {}

  @Override
  public Integer call() {
    String password = password();
    common.with(
        (sealer, listener) -> {
          sealer.login(registry, Credentials.basic(username, password));
          return registry;
        });
    common.out().println("logged in at " + registry);
    return 0;
  }

  @SuppressWarnings("SystemConsoleNull") // the launcher sets jdk.console=java.base
  private String password() {
    Console console = System.console();
    if (!passwordStdin && console != null) {
      char[] typed = console.readPassword("Password for %s at %s: ", username, registry);
      if (typed != null) {
        return new String(typed);
      }
    }
    if (!passwordStdin) {
      throw new ParameterException(
          spec.commandLine(),
          "there is no terminal to ask for the password: give --password-stdin");
    }
    try {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String line = in.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the password from standard input", e);
    }
  }
}
