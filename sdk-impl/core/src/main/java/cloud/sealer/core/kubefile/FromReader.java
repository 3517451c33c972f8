package cloud.sealer.core.kubefile;

import cloud.sealer.core.finding.Diagnostics;
import cloud.sealer.sdk.Instruction;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code FROM}. */
final class FromReader {
  private static final String SCRATCH = "scratch";

  private final Findings findings;

  FromReader(Findings findings) {
    this.findings = findings;
  }

  Optional<Instruction.From> read(Line line, Set<String> declared) {
    Operands operands = Operands.read(line, "platform", "--platform=linux/arm64", findings);
    List<Word> words = operands.rest().split();
    if (words.isEmpty()) {
      findings.error(
          line, line.word(), "FROM names no image", "write " + InstructionWords.usage("FROM"));
      return Optional.empty();
    }
    if (words.size() > 1) {
      findings.error(
          line, words.get(1), "FROM takes one image", remedyForMore(words.get(1).text()));
      return Optional.empty();
    }
    Word image = words.get(0);
    boolean good = checkImage(line, image, declared);
    good &= operands.flag() == null || checkPlatform(line, operands.flag(), declared);
    return good
        ? Optional.of(
            new Instruction.From(image.text(), text(operands.flag()), line.position(line.word())))
        : Optional.empty();
  }

  private static @Nullable String text(@Nullable Word word) {
    return word == null ? null : word.text();
  }

  private static String remedyForMore(String word) {
    if (word.toUpperCase(Locale.ROOT).equals("AS")) {
      return "a Kubefile has one stage, which has no name; remove AS and the name";
    }
    if (word.startsWith("#")) {
      return "put the comment on a line of its own";
    }
    return word.startsWith("--") ? "put flags before the image" : "remove what follows the image";
  }

  private boolean checkImage(Line line, Word image, Set<String> declared) {
    if (image.text().indexOf('$') >= 0) {
      return checkVariables(line, image, declared);
    }
    if (image.text().equals(SCRATCH)) {
      return true;
    }
    try {
      Reference.parse(image.text(), Reference.Defaults.SEALER);
      return true;
    } catch (IllegalArgumentException e) {
      findings.error(
          line,
          image,
          String.valueOf(e.getMessage()),
          "write the image as [REGISTRY/]NAME[:TAG][@DIGEST]");
      return false;
    }
  }

  private boolean checkPlatform(Line line, Word platform, Set<String> declared) {
    if (platform.text().indexOf('$') >= 0) {
      return checkVariables(line, platform, declared);
    }
    try {
      Platform.parse(platform.text());
      return true;
    } catch (IllegalArgumentException e) {
      findings.error(
          line, platform, String.valueOf(e.getMessage()), "write such as --platform=linux/arm64");
      return false;
    }
  }

  /**
   * There is no shell to leave a {@code $} to, so each must begin a variable that is declared by
   * now.
   */
  private boolean checkVariables(Line line, Word word, Set<String> declared) {
    String text = word.text();
    Map<Integer, VariableSyntax.Variable> variables = VariableSyntax.find(text, false);
    if (text.indexOf('\\') >= 0) {
      findings.error(
          line, word, "a backslash in " + Diagnostics.quote(text), "remove the backslash");
      return false;
    }
    boolean good = true;
    for (int i = text.indexOf('$'); i >= 0; i = text.indexOf('$', i + 1)) {
      VariableSyntax.Variable variable = variables.get(i);
      Word part = new Word(text.substring(i), word.offset() + i);
      if (variable == null) {
        findings.error(
            line, part, "no variable begins at this $", "write ${NAME}, and ARG NAME before FROM");
        return false;
      }
      if (!declared.contains(variable.name())) {
        findings.error(
            line,
            part,
            "no ARG before FROM declares " + Diagnostics.quote(variable.name()),
            "add a line ARG NAME[=DEFAULT] before FROM");
        good = false;
      }
    }
    return good;
  }
}
