package cloud.sealer.core.kubefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Instruction;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scope and replacement of build arguments. */
class VariablesTest {
  private static final Instruction RUN = new Instruction.Run("x", new SourcePosition("K", 7, 1));
  private static final Instruction COPY =
      new Instruction.Copy(List.of("x"), "y", null, SourcePosition.NONE);

  /** Declares a (value 1), e (empty) and u (unset). */
  private static Variables declared() {
    return at(KubefileParserTest.parse("FROM s\nARG a=1\nARG e=\nARG u\nARG b_2=B"), Map.of());
  }

  private static Variables at(Kubefile kubefile, Map<String, String> buildArgs) {
    Variables variables = Variables.of(buildArgs);
    for (Instruction instruction : kubefile.instructions()) {
      variables = variables.after(instruction);
    }
    return variables;
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '^',
      textBlock =
          """
          $a,                 1
          x${a}y,             x1y
          $a$a,               11
          $b_2.x,             B.x
          ${a}_$e_$u|,        1_$e_|
          $ab,                $ab
          ${a:-d},            1
          ${e:-d},            d
          ${u:-d e},          d e
          ${u:-$a},           1
          ${u:-${e:-${a}x}y}z,  1xyz
          ${u:-$HOME},        $HOME
          ${a:-${u:?no}},     1
          ${u:-},             ^^
          ${a:+x},            x
          ${a:+<$b_2>},       <B>
          ${e:+x}|,           |
          ${u:+x}|,           |
          ${a:?must},         1
          ${u:-\\}},          \\}
          """)
  void replacesDeclaredNames(String text, String expected) {
    assertThat(declared().substitute(text, RUN).text()).isEqualTo(expected);
    assertThat(declared().substitute(text, COPY).text()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$HOME",
        "${HOME}",
        "$1",
        "$@",
        "$?",
        "$#",
        "$",
        "a$",
        "$$",
        "$$a",
        "$(date)",
        "${a%x}",
        "${a-d}",
        "${a?m}",
        "${a:1:2}",
        "${a/x/y}",
        "${#a}",
        "${!a}",
        "${a",
        "${a:-",
        "${",
        "${}",
        "${a:}",
        "${ a}",
        "\\$a",
        "\\${a}",
        "\\\\\\$a",
        "${HOME:-x}",
        "\"x  y\"",
        "a\\b",
        "`date`",
        "$'a'"
      })
  void leavesTheRestToTheShell(String text) {
    assertThat(declared().substitute(text, RUN))
        .isEqualTo(new Substitution(text, new java.util.TreeSet<>()));
    assertThat(declared().substitute(text, COPY).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '^',
      textBlock =
          """
          echo '$a' $a,                          echo '$a' 1
          echo "it's $a",                        echo "it's 1"
          echo "'$a'" '"$a"',                    echo "'1'" '"$a"'
          echo \\'$a\\',                         echo \\'1\\'
          echo "\\"$a",                          echo "\\"1"
          echo "$(awk '{print $a}' $a)" $a,      echo "$(awk '{print $a}' 1)" 1
          echo $(echo ")" '$a' $(echo $a)) $a,   echo $(echo ")" '$a' $(echo 1)) 1
          echo `echo '$a' "$a"`,                 echo `echo '$a' "1"`
          echo ${u:-'}'$a},                      echo '}'1
          echo "${u:-it's $a}",                  echo "it's 1"
          echo 'open $a,                         echo 'open $a
          echo ${HOME:-$a},                      echo ${HOME:-1}
          echo ${a%$a} \\\\$a,                   echo ${a%1} \\\\1
          """)
  void respectsQuotesOfTheShell(String text, String expected) {
    assertThat(declared().substitute(text, RUN).text()).isEqualTo(expected);
  }

  @Test
  void knowsNoQuotesOutsideTheShell() {
    assertThat(declared().substitute("'$a'\"$a", COPY).text()).isEqualTo("'1'\"1");
  }

  @Test
  void doesNotSearchValuesAgain() {
    Variables variables = at(KubefileParserTest.parse("FROM s\nARG a=$b\nARG b=2"), Map.of());
    assertThat(variables.substitute("$a ${a}", RUN).text()).isEqualTo("$b $b");
  }

  @Test
  void tellsWhatItUsed() {
    assertThat(declared().substitute("$a ${e:-$b_2} '$u' $HOME", RUN).used())
        .containsExactly("a", "b_2", "e");
    assertThat(declared().substitute("${a:-$b_2}", RUN).used()).containsExactly("a");
  }

  @Test
  void demandsWhatMustBeSet() {
    for (String name : List.of("u", "e")) {
      SealerException e =
          catchThrowableOfType(
              SealerException.class,
              () -> declared().substitute("${" + name + ":?say which}", RUN));
      assertThat(e.code()).isEqualTo(ErrorCode.INVALID_KUBEFILE);
      assertThat(e)
          .hasMessageStartingWith("K:7:1: argument \"" + name + "\" must be set: say which; give");
      assertThat(e.diagnostics()).hasSize(1);
    }
  }

  @Test
  void countsFromItsLineOn() {
    Kubefile kubefile =
        KubefileParserTest.parse(
            "ARG a=1\nFROM s:$a\nRUN $a\nARG a=2\nARG b=$a\nRUN $a\nARG a\nRUN $a");
    Variables variables = Variables.of(Map.of("b", "given"));
    List<String> seen = new ArrayList<>();
    for (Instruction instruction : kubefile.instructions()) {
      seen.add(variables.substitute("$a$b", instruction).text());
      variables = variables.after(instruction);
    }
    assertThat(seen)
        .containsExactly("$a$b", "1$b", "1$b", "1$b", "2$b", "2given", "2given", "2given");
  }

  @Test
  void prefersWhatTheBuildGives() {
    Kubefile kubefile = KubefileParserTest.parse("FROM s\nARG a=1\nARG u\nARG c=3");
    Variables variables = at(kubefile, Map.of("a", "s3cret", "u", "", "other", "x"));
    assertThat(variables.substitute("$a $u $c $other", RUN).text()).isEqualTo("s3cret  3 $other");
    assertThat(variables.declaredDefaults()).isEqualTo(Map.of("a", "1", "c", "3"));
    assertThat(variables.declared()).containsExactly("a", "c", "u");
    assertThat(variables.value("other")).isEmpty();
    assertThat(variables + " " + variables.substitute("$a", RUN)).doesNotContain("s3cret");
  }

  @Test
  void warnsOfArgumentsThatNothingDeclares() {
    Kubefile kubefile = KubefileParserTest.parse("FROM s\nARG a");
    assertThat(Variables.undeclared(kubefile, Set.of("a", "z", "b")))
        .extracting(Diagnostic::toString)
        .containsExactly(
            "Kubefile: warning: build argument \"b\" matches no ARG and has no effect; add a line ARG b, or do not give it",
            "Kubefile: warning: build argument \"z\" matches no ARG and has no effect; add a line ARG z, or do not give it");
  }

  @Test
  void standsAnyDepth() {
    int depth = 200_000;
    String nested = "${u:-".repeat(depth);
    assertThat(declared().substitute(nested + "x" + "}".repeat(depth), RUN).text()).isEqualTo("x");
    assertThat(declared().substitute(nested, RUN).text()).isEqualTo(nested);
  }
}
