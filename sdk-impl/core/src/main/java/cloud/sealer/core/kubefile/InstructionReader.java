package cloud.sealer.core.kubefile;

import cloud.sealer.core.finding.Diagnostics;
import cloud.sealer.sdk.Instruction;
import cloud.sealer.sdk.SourcePosition;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns logical lines into instructions, and checks each by itself and their order. */
final class InstructionReader {
  private static final Pattern ARG_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern HEREDOC =
      Pattern.compile("(?<!<)<<-?\\s*([\"']?)([A-Za-z_][A-Za-z0-9_]*)\\1");

  private final LineReader lines;
  private final Findings findings;
  private final FromReader fromReader;
  private final CopyReader copyReader;
  private final Set<String> declared = new HashSet<>();
  private boolean fromSeen;
  private boolean orderReported;

  InstructionReader(LineReader lines, Findings findings) {
    this.lines = lines;
    this.findings = findings;
    this.fromReader = new FromReader(findings);
    this.copyReader = new CopyReader(findings);
  }

  /** The instruction of the line; empty if it has a mistake, which is reported. */
  Optional<? extends Instruction> read(Line line) {
    String name = line.word().text().toUpperCase(Locale.ROOT);
    if (!InstructionWords.KNOWN.contains(name)) {
      unknown(line, name);
      return Optional.empty();
    }
    checkOrder(line, name);
    if (line.value().isEmpty()) {
      findings.error(
          line, line.word(), name + " has no value", "write " + InstructionWords.usage(name));
      return Optional.empty();
    }
    if (hasForeignCharacter(line) || hasHeredoc(line, name)) {
      return Optional.empty();
    }
    return switch (name) {
      case "FROM" -> fromReader.read(line, declared);
      case "COPY" -> copyReader.read(line);
      case "ARG" -> arg(line);
      case "RUN" ->
          command(line, name).map(text -> new Instruction.Run(text, line.position(line.word())));
      default ->
          command(line, name).map(text -> new Instruction.Cmd(text, line.position(line.word())));
    };
  }

  /** Reports what only the end of the file shows. */
  void finish(String file) {
    if (!fromSeen && !orderReported) {
      findings.error(
          new SourcePosition(file, 1, 1),
          "",
          "there is no FROM",
          "begin with FROM and a base image, or with FROM scratch");
    }
  }

  private void unknown(Line line, String name) {
    Optional<String> near = InstructionWords.near(name);
    // A misspelt FROM is one mistake, not two.
    fromSeen |= near.filter("FROM"::equals).isPresent();
    findings.error(
        line,
        line.word(),
        "unknown instruction " + Diagnostics.quote(line.word().text()),
        near.map(word -> "did you mean " + word + "?")
            .orElseGet(() -> InstructionWords.advice(name)));
    hasHeredoc(line, name);
  }

  private void checkOrder(Line line, String name) {
    if (name.equals("FROM")) {
      if (fromSeen) {
        findings.error(
            line,
            line.word(),
            "a second FROM",
            "a Kubefile has one base image; remove all but one FROM");
      }
      fromSeen = true;
    } else if (!name.equals("ARG") && !fromSeen && !orderReported) {
      orderReported = true;
      findings.error(
          line,
          line.word(),
          name + " stands before FROM",
          "put FROM first; only ARG may come before it");
    }
  }

  private boolean hasForeignCharacter(Line line) {
    String text = line.value().text();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r' || c == '\0') {
        Word part = new Word(String.valueOf(c), line.value().offset() + i);
        String what = c == '\0' ? "a NUL character" : "a carriage return within the line";
        findings.error(
            line, part, what, "end lines with LF or CR LF and remove control characters");
        return true;
      }
    }
    return false;
  }

  /**
   * Finds a here-document and skips its body. A {@code <<WORD} without a line {@code WORD} further
   * down is none: it may be a shift or a text, and is left to the shell.
   */
  private boolean hasHeredoc(Line line, String name) {
    String text = line.value().text();
    if (name.equals("ARG") || name.equals("FROM") || !text.contains("<<")) {
      return false;
    }
    Matcher matcher = HEREDOC.matcher(text);
    while (matcher.find()) {
      if (lines.hasLoneLater(matcher.group(2))) {
        Word mark = new Word(matcher.group(), line.value().offset() + matcher.start());
        findings.error(
            line,
            mark,
            "here-documents are not supported",
            "put the text into a file of the context, COPY it, and use it from there");
        lines.skipPast(matcher.group(2));
        return true;
      }
    }
    return false;
  }

  private Optional<Instruction.Arg> arg(Line line) {
    Word value = line.value();
    int equals = value.text().indexOf('=');
    String name = (equals < 0 ? value.text() : value.text().substring(0, equals)).strip();
    if (!ARG_NAME.matcher(name).matches()) {
      findings.error(
          line,
          new Word(name, value.offset()),
          "bad argument name " + Diagnostics.quote(name),
          "write "
              + InstructionWords.usage("ARG")
              + " with one name of letters, digits and underscores that starts with no digit");
      return Optional.empty();
    }
    declared.add(name);
    String defaultValue = equals < 0 ? null : value.from(equals + 1).text();
    if (defaultValue != null && endsOpen(line, defaultValue)) {
      return Optional.empty();
    }
    return Optional.of(new Instruction.Arg(name, defaultValue, line.position(line.word())));
  }

  private Optional<String> command(Line line, String name) {
    Word value = line.value();
    if (value.text().startsWith("--")) {
      findings.error(line, value.first(), name + " has no flags", "write the shell command alone");
      return Optional.empty();
    }
    if (value.text().startsWith("[\"")) {
      findings.error(
          line,
          value,
          name + " has no JSON form",
          "write the command as you would type it in a shell");
      return Optional.empty();
    }
    return endsOpen(line, value.text()) ? Optional.empty() : Optional.of(value.text());
  }

  /**
   * Whether the text ends with a single backslash, which would continue it if written on one line.
   */
  private boolean endsOpen(Line line, String text) {
    int slashes = text.length();
    while (slashes > 0 && text.charAt(slashes - 1) == '\\') {
      slashes--;
    }
    if (text.length() - slashes != 1) {
      return false;
    }
    Word value = line.value();
    findings.error(
        line,
        new Word("\\", value.offset() + value.text().length() - 1),
        "a backslash at the end, with nothing to continue",
        "remove the backslash");
    return true;
  }
}
