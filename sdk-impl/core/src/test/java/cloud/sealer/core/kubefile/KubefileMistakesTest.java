package cloud.sealer.core.kubefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mistake is reported where it stands, with what to do. */
class KubefileMistakesTest {
  private static final String HEX = "0123456789abcdef".repeat(4);

  static SealerException mistakes(String text) {
    SealerException e =
        catchThrowableOfType(
            SealerException.class, () -> new DefaultKubefileParser().parse(text, "K"));
    assertThat(e).as(text).isNotNull();
    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_KUBEFILE);
    return e;
  }

  static List<Arguments> single() {
    return List.of(
        Arguments.of(
            "", "K:1:1: there is no FROM; begin with FROM and a base image, or with FROM scratch"),
        Arguments.of("# only\n\n", "K:1:1: there is no FROM"),
        Arguments.of("ARG a", "K:1:1: there is no FROM"),
        Arguments.of("FORM a", "K:1:1: unknown instruction \"FORM\"; did you mean FROM?"),
        Arguments.of("FROM a\n RUNN b", "K:2:2: unknown instruction \"RUNN\"; did you mean RUN?"),
        Arguments.of("FROM a\ncpy b", "K:2:1: unknown instruction \"cpy\"; did you mean COPY?"),
        Arguments.of("FROM a\nCOPYY b", "K:2:1: unknown instruction \"COPYY\"; did you mean COPY?"),
        Arguments.of("FROM a\nAGR b", "K:2:1: unknown instruction \"AGR\"; did you mean ARG?"),
        Arguments.of("FROM a\nHELLO b", "use one of FROM, COPY, ARG, RUN, CMD"),
        Arguments.of("FROM a\nADD b .", "K:2:1: unknown instruction \"ADD\"; use COPY"),
        Arguments.of("FROM a\nENV A=b", "declare an ARG"),
        Arguments.of("FROM a\nLABEL A=b", "remove it"),
        Arguments.of("FROM a\nWORKDIR /x", "write RUN cd DIRECTORY && COMMAND"),
        Arguments.of("FROM a\nENTRYPOINT x", "use CMD"),
        Arguments.of("FROM a\nEXPOSE 1", "ports"),
        Arguments.of(
            "FROM a\nUSER 1", "runs as the user who builds".replace("runs", "commands run")),
        Arguments.of("FROM a\nVOLUME 1", "volumes"),
        Arguments.of("FROM a\nLAUNCH x", "start them with CMD"),
        Arguments.of("FROM", "K:1:1: FROM has no value; write FROM [--platform=OS/ARCH] IMAGE"),
        Arguments.of("FROM a\nRUN \\", "K:2:1: RUN has no value; write RUN COMMAND"),
        Arguments.of("FROM a\nCMD", "K:2:1: CMD has no value"),
        Arguments.of("FROM a\nARG\t", "K:2:1: ARG has no value; write ARG NAME[=DEFAULT]"),
        Arguments.of("FROM a\nCOPY", "K:2:1: COPY has no value"),
        Arguments.of("RUN x\nCMD y\nFROM a", "K:1:1: RUN stands before FROM; put FROM first"),
        Arguments.of("COPY a b", "K:1:1: COPY stands before FROM"),
        Arguments.of("FROM a\nRUN x\nFROM b", "K:3:1: a second FROM"),
        Arguments.of("FROM a AS b", "K:1:8: FROM takes one image; a Kubefile has one stage"),
        Arguments.of(
            "FROM a # b", "K:1:8: FROM takes one image; put the comment on a line of its own"),
        Arguments.of(
            "FROM a --platform=linux/arm64", "K:1:8: FROM takes one image; put flags before"),
        Arguments.of("FROM --platform=linux/arm64", "K:1:1: FROM names no image"),
        Arguments.of(
            "FROM --platfrom=x a",
            "K:1:6: unknown flag \"--platfrom\"; the only flag is --platform="),
        Arguments.of("FROM --platform a", "K:1:6: --platform has no value"),
        Arguments.of("FROM --platform= a", "K:1:6: --platform has no value"),
        Arguments.of("FROM --platform=a/b --platform=a/b a", "K:1:21: --platform is given twice"),
        Arguments.of("FROM --platform=linux a", "K:1:17: platform must be os/architecture"),
        Arguments.of("FROM  A:b:c", "K:1:7: bad"),
        Arguments.of("FROM kubernetes:", "K:1:6: bad tag \"\""),
        Arguments.of("FROM Kubernetes", "K:1:6: bad repository part \"Kubernetes\""),
        Arguments.of("FROM a@sha256:12", "K:1:6: sha256 digest needs 64"),
        Arguments.of("FROM " + "a.".repeat(5000) + "/x", "K:1:6: image name is longer than 1024"),
        Arguments.of("FROM a:$V\nARG V", "K:1:8: no ARG before FROM declares \"V\""),
        Arguments.of("ARG V\nFROM a:${V:-${W}}", "K:2:13: no ARG before FROM declares \"W\""),
        Arguments.of("ARG V\nFROM a:${V%x}", "K:2:8: no variable begins at this $"),
        Arguments.of("ARG V\nFROM a:${V", "K:2:8: no variable begins at this $"),
        Arguments.of("FROM a:$", "K:1:8: no variable begins at this $"),
        Arguments.of("ARG V\nFROM a:\\$V", "K:2:6: a backslash"),
        Arguments.of("FROM --platform=$P a", "K:1:17: no ARG before FROM declares \"P\""),
        Arguments.of(
            "FROM a\nARG 1x=2", "K:2:5: bad argument name \"1x\"; write ARG NAME[=DEFAULT]"),
        Arguments.of("FROM a\nARG =2", "K:2:5: bad argument name \"\""),
        Arguments.of("FROM a\nARG a b", "K:2:5: bad argument name \"a b\""),
        Arguments.of("FROM a\nARG a,b=1", "K:2:5: bad argument name \"a,b\""),
        Arguments.of(
            "FROM a\nCOPY app.yaml",
            "K:2:1: COPY needs a source and a destination, got \"app.yaml\""),
        Arguments.of(
            "FROM a\nCOPY [\"x\"]", "K:2:1: COPY needs a source and a destination, got \"x\""),
        Arguments.of("FROM a\nCOPY []", "K:2:1: COPY needs a source and a destination;"),
        Arguments.of(
            "FROM a\nCOPY --checksum=sha256:" + HEX,
            "K:2:1: COPY needs a source and a destination;"),
        Arguments.of(
            "FROM a\nCOPY --chown=1 a b",
            "K:2:6: unknown flag \"--chown\"; the only flag is --checksum="),
        Arguments.of("FROM a\nCOPY -- a b", "K:2:6: unknown flag \"--\""),
        Arguments.of("FROM a\nCOPY a --checksum=x b", "K:2:8: a flag after the first source"),
        Arguments.of(
            "FROM a\nCOPY --checksum=md5:12 a b",
            "K:2:17: digest algorithm must be sha256 or sha512"),
        Arguments.of("FROM a\nCOPY --checksum=12 a b", "K:2:17: digest must be algorithm:hex"),
        Arguments.of(
            "FROM a\nCOPY --checksum=sha256:" + HEX + " a b c",
            "K:2:17: a checksum is for one source, got 2"),
        Arguments.of("FROM a\nCOPY a ../b", "K:2:8: destination \"../b\" leaves the rootfs"),
        Arguments.of("FROM a\nCOPY a $x/..", "K:2:8: destination \"$x/..\" leaves the rootfs"),
        Arguments.of("FROM a\nCOPY ../a b", "K:2:6: source \"../a\" leaves the context"),
        Arguments.of("FROM a\nCOPY a/../b c", "K:2:6: source \"a/../b\" leaves the context"),
        Arguments.of(
            "FROM a\nCOPY [\"x\", \"..\", \".\"]", "K:2:12: source \"..\" leaves the context"),
        Arguments.of(
            "FROM a\nCOPY ['a', 'b']",
            "K:2:7: not a JSON array of strings; write such as COPY [\"my file\""),
        Arguments.of("FROM a\nCOPY [\"a\", \"b\"", "not a JSON array of strings"),
        Arguments.of("FROM a\nCOPY [\"a\", \"b\",]", "not a JSON array of strings"),
        Arguments.of("FROM a\nCOPY [a, b]", "not a JSON array of strings"),
        Arguments.of("FROM a\nCOPY [\"a\", 1]", "K:2:12: the array may only hold names in quotes"),
        Arguments.of(
            "FROM a\nCOPY [\"a\", [\"b\"]]", "K:2:12: the array may only hold names in quotes"),
        Arguments.of(
            "FROM a\nCOPY [\"a\", \" \"]", "K:2:12: the array may only hold names in quotes"),
        Arguments.of("FROM a\nCOPY [\"a\", \"b\"] c", "K:2:17: more after the array"),
        Arguments.of("FROM a\nCOPY <<x .", "K:2:6: here-documents are not supported"),
        Arguments.of(
            "FROM a\nCOPY <<EOF x\na\nADD b\nEOF\n",
            "K:2:6: here-documents are not supported; put the text into a file"),
        Arguments.of(
            "FROM a\nRUN cat <<-'EOF' > x\n\ta\n\tEOF\nRUN b",
            "K:2:9: here-documents are not supported"),
        Arguments.of("FROM a\nRUN --mount=x y", "K:2:5: RUN has no flags"),
        Arguments.of("FROM a\nCMD [\"x\", \"y\"]", "K:2:5: CMD has no JSON form"),
        Arguments.of("FROM a\nRUN b\\ \\", "K:2:6: a backslash at the end"),
        Arguments.of("FROM a\nARG b=c\\ \\", "K:2:8: a backslash at the end"),
        Arguments.of("FROM a\nRUN b\rc", "K:2:6: a carriage return within the line"),
        Arguments.of("FROM a\nRUN b\0c", "K:2:6: a NUL character"),
        Arguments.of("FROM a\nX\0Y b", "K:2:1: unknown instruction \"X\\u0000Y\""));
  }

  @ParameterizedTest
  @MethodSource("single")
  void reports(String text, String expected) {
    List<Diagnostic> found = mistakes(text).diagnostics();
    assertThat(found).hasSize(1);
    assertThat(found.get(0).toString()).contains(expected);
    assertThat(found.get(0).remedy()).isNotEmpty();
    assertThat(found.get(0).severity()).isEqualTo(Diagnostic.Severity.ERROR);
  }

  static List<Arguments> places() {
    return List.of(
        Arguments.of("\uFEFFADD a", List.of("1:1", "1:1")),
        Arguments.of("FROM a\n\t\tCOPY\t../a\tb", List.of("2:8")),
        Arguments.of(
            "FROM a\nCOPY \\\n  # no\n  ../a \\\n\n ../b ../c", List.of("4:3", "6:2", "6:7")),
        Arguments.of("FROM a\r\nCOPY \\\r\n ../a .", List.of("3:2")),
        Arguments.of("FROM a\nCOPY \uD83D\uDE00é ../a .", List.of("2:9")),
        Arguments.of("FROM a\nCOPY --checksum=x [\"\\u0041\", \"../b\"]", List.of("2:17", "2:30")),
        Arguments.of("FROM --platform=x --y=z A", List.of("1:17", "1:19", "1:25")));
  }

  @ParameterizedTest
  @MethodSource("places")
  void placesEachMistake(String text, List<String> places) {
    assertThat(mistakes(text).diagnostics())
        .extracting(finding -> finding.position().line() + ":" + finding.position().column())
        .isEqualTo(places);
  }

  @Test
  void reportsAllAtOnceInOrder() {
    SealerException e = mistakes("RUN\nADD x y\nFROM A\nFROM b\nCOPY c\n");
    assertThat(
            e.getMessage()
                .lines()
                .map(line -> line.replaceAll(";.*", ""))
                .collect(Collectors.toList()))
        .containsExactly(
            "K:1:1: RUN stands before FROM",
            "K:1:1: RUN has no value",
            "K:2:1: unknown instruction \"ADD\"",
            "K:3:6: bad repository part \"A\" in image name \"A\" (lower-case letters, digits, and"
                + " single separators . _ - between them)",
            "K:4:1: a second FROM",
            "K:5:1: COPY needs a source and a destination, got \"c\"");
  }

  @Test
  void countsWhatItDoesNotShow() {
    SealerException e = mistakes("FROM a\n" + "ADD x y\n".repeat(100_000));
    assertThat(e.diagnostics()).hasSize(100_000);
    assertThat(e.getMessage().lines()).hasSize(11).last().isEqualTo("and 99990 more mistakes");
  }

  @Test
  void keepsLongTextsOutOfMessages() {
    SealerException e =
        mistakes("FROM a\n" + "X".repeat(1_000_000) + " y\nCOPY " + "../x ".repeat(100_000));
    assertThat(e.getMessage()).hasSizeLessThan(10_000);
    assertThat(e.diagnostics()).hasSize(100_001);
  }
}
