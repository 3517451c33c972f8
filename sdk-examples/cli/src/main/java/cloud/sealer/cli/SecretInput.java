package cloud.sealer.cli;

import cloud.sealer.sdk.Secret;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Where secrets come from: an option, a file, standard input, or somebody at the terminal. */
final class SecretInput {
  private final CommandLine command;
  private @Nullable BufferedReader standardInput;

  SecretInput(CommandLine command) {
    this.command = command;
  }

  /**
   * The secret of two options of which one may be given.
   *
   * @param option the option for the secret itself
   * @param given its value: empty to be asked for, {@code -} for the next line of standard input;
   *     null if it is not given
   * @param fileOption the option for a file
   * @param file the file whose first line it is; null if it is not given
   * @param question what to ask
   */
  Optional<Secret> read(
      String option,
      @Nullable String given,
      String fileOption,
      @Nullable Path file,
      String question) {
    if (file != null && given != null) {
      throw new ParameterException(command, option + " and " + fileOption + " exclude each other");
    }
    if (file != null) {
      return Optional.of(firstLine(file));
    }
    if (given == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (given) {
          case "" -> asked(option, question);
          case "-" -> fromStandardInput(option);
          default -> Secret.of(given);
        });
  }

  @SuppressWarnings("SystemConsoleNull") // the launcher sets jdk.console=java.base
  private Secret asked(String option, String question) {
    Console console = System.console();
    char[] typed = console == null ? null : console.readPassword(question);
    if (typed == null) {
      throw new ParameterException(
          command, "there is no terminal to ask on: give " + option + " - instead");
    }
    return Secret.of(new String(typed));
  }

  private Secret fromStandardInput(String option) {
    BufferedReader reader = standardInput;
    if (reader == null) {
      reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      standardInput = reader;
    }
    try {
      String line = reader.readLine();
      return Secret.of(line == null ? "" : line);
    } catch (IOException e) {
      throw new ParameterException(
          command, option + ": cannot read standard input: " + e.getMessage(), e);
    }
  }

  /** The first line of a file. */
  Secret firstLine(Path file) {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      String line = reader.readLine();
      return Secret.of(line == null ? "" : line);
    } catch (IOException e) {
      throw new ParameterException(command, "cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
