package cloud.sealer.core.kubefile;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.Instruction;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for any Kubefile and any text. */
class KubefilePropertyTest {
  private static final String[] PIECES = {
    "FROM",
    "COPY",
    "ARG",
    "RUN",
    "CMD",
    "form",
    "ADD",
    " ",
    " ",
    "\t",
    "\n",
    "\n",
    "\r",
    "\\",
    "\\\n",
    "#",
    "$",
    "${",
    "}",
    ":-",
    ":?",
    "\"",
    "'",
    "[",
    "]",
    "[\"",
    "\"]",
    ",",
    "--checksum=",
    "--platform=",
    "sha256:",
    "<<EOF",
    "\nEOF\n",
    "..",
    "/",
    "a",
    "b.c",
    "http://h/x",
    "=",
    "\uFEFF",
    "é",
    "\uD83D\uDE00",
    "\uD83D",
    "\u2028",
    "\u2003",
    "\0",
    "\u000B",
    "scratch",
    "(",
    ")",
    "`"
  };

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anyKubefileSurvivesItsText(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      Kubefile kubefile = kubefile(random);
      Kubefile parsed = KubefileParserTest.parse(kubefile.toString());
      assertThat(parsed).isEqualTo(kubefile);
      assertThat(withoutPositions(parsed)).isEqualTo(withoutPositions(kubefile));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anyTextParsesOrHasMistakesWithinIt(long seed) {
    Random random = new Random(seed);
    int parsed = 0;
    for (int i = 0; i < 5000; i++) {
      parsed += check((random.nextBoolean() ? "FROM a\n" : "") + text(random, 30)) ? 1 : 0;
    }
    assertThat(parsed).isBetween(100, 4900);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void anyTextCanHaveItsVariablesReplaced(long seed) {
    Random random = new Random(seed);
    Instruction run = new Instruction.Run("x", SourcePosition.NONE);
    Variables none = Variables.of(Map.of("a", "1"));
    Variables some = none.after(new Instruction.Arg("a", null, SourcePosition.NONE));
    for (int i = 0; i < 5000; i++) {
      String text = text(random, 20);
      assertThat(none.substitute(text, run).text()).isEqualTo(text);
      assertThat(some.substitute(text, run).text().isEmpty()).isEqualTo(text.isEmpty());
    }
  }

  /** Checks one text, and returns whether it is a Kubefile. */
  static boolean check(String text) {
    try {
      Kubefile kubefile = KubefileParserTest.parse(text);
      assertThat(KubefileParserTest.parse(kubefile.toString())).isEqualTo(kubefile);
      return true;
    } catch (SealerException e) {
      String[] lines = (text.startsWith("\uFEFF") ? text.substring(1) : text).split("\n", -1);
      assertThat(e.diagnostics()).isNotEmpty();
      for (Diagnostic finding : e.diagnostics()) {
        int line = finding.position().line();
        assertThat(line).isBetween(1, lines.length);
        String place = lines[line - 1];
        assertThat(finding.position().column())
            .isBetween(1, place.codePointCount(0, place.length()) + 1);
        assertThat(finding.toString()).doesNotContain("\n");
      }
      return false;
    }
  }

  private static List<Instruction> withoutPositions(Kubefile kubefile) {
    return kubefile.instructions().stream()
        .map(
            instruction ->
                instruction.accept(
                    new Instruction.Visitor<Instruction>() {
                      @Override
                      public Instruction from(Instruction.From from) {
                        return new Instruction.From(
                            from.image(), from.platform(), SourcePosition.NONE);
                      }

                      @Override
                      public Instruction copy(Instruction.Copy copy) {
                        return new Instruction.Copy(
                            copy.sources(),
                            copy.destination(),
                            copy.checksum(),
                            SourcePosition.NONE);
                      }

                      @Override
                      public Instruction arg(Instruction.Arg arg) {
                        return new Instruction.Arg(
                            arg.name(), arg.defaultValue(), SourcePosition.NONE);
                      }

                      @Override
                      public Instruction run(Instruction.Run run) {
                        return new Instruction.Run(run.command(), SourcePosition.NONE);
                      }

                      @Override
                      public Instruction cmd(Instruction.Cmd cmd) {
                        return new Instruction.Cmd(cmd.command(), SourcePosition.NONE);
                      }
                    }))
        .toList();
  }

  private static Kubefile kubefile(Random random) {
    List<Instruction> instructions = new ArrayList<>();
    SourcePosition none = SourcePosition.NONE;
    instructions.add(new Instruction.Arg("v", null, none));
    instructions.add(
        legal(
            () ->
                new Instruction.From(
                    random.nextInt(3) == 0 ? "a:${v:-" + random.nextInt(9) + "}" : text(random, 2),
                    random.nextInt(3) == 0 ? text(random, 2) : null,
                    none)));
    for (int i = random.nextInt(5); i > 0; i--) {
      int kind = random.nextInt(4);
      instructions.add(
          legal(
              () ->
                  switch (kind) {
                    case 0 -> new Instruction.Run(text(random, 8), none);
                    case 1 -> new Instruction.Cmd(text(random, 8), none);
                    case 2 ->
                        new Instruction.Arg(
                            "v" + random.nextInt(9),
                            random.nextBoolean() ? null : text(random, 4),
                            none);
                    default -> copy(random);
                  }));
    }
    return Kubefile.of(instructions);
  }

  private static Instruction copy(Random random) {
    List<String> sources = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      sources.add(text(random, 4));
    }
    String checksum = random.nextInt(4) == 0 ? "sha256:" + "0a".repeat(32) : null;
    return new Instruction.Copy(sources, text(random, 4), checksum, SourcePosition.NONE);
  }

  /** Tries until the constructor takes what it is given. */
  private static Instruction legal(Supplier<Instruction> attempt) {
    Instruction result = null;
    while (result == null) {
      try {
        Instruction made = attempt.get();
        boolean isFreeFrom =
            made instanceof Instruction.From from
                && (from.image() + from.platform()).replaceAll("\\$\\{v:-\\d}", "").contains("$");
        result = isFreeFrom ? null : made;
      } catch (IllegalArgumentException e) {
        // The next text may do.
      }
    }
    return result;
  }

  private static String text(Random random, int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(pieces + 1); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }
}
