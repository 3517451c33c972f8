package cloud.sealer.core.kubefile;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Instruction;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.SourcePosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the grammar accepts, and what it makes of it. */
class KubefileParserTest {
  private static final String HEX = "0123456789abcdef".repeat(4);

  static Kubefile parse(String text) {
    return new DefaultKubefileParser().parse(text, "Kubefile");
  }

  static List<Arguments> layouts() {
    return List.of(
        Arguments.of("words in any case", "from a\ncOpY x y\nRun z", "FROM a\nCOPY x y\nRUN z\n"),
        Arguments.of("byte order mark", "\uFEFFFROM a", "FROM a\n"),
        Arguments.of("CR LF", "FROM a\r\nRUN b\r\n", "FROM a\nRUN b\n"),
        Arguments.of("several CR at the end", "FROM a\r\r\nRUN b\r\r", "FROM a\nRUN b\n"),
        Arguments.of("no final newline", "FROM a\nRUN b", "FROM a\nRUN b\n"),
        Arguments.of(
            "comments and blank lines", "# x\n\nFROM a\n \t\n#RUN y\nRUN b", "FROM a\nRUN b\n"),
        Arguments.of("indented comments", "FROM a\n  # x\n\t#y\nRUN b", "FROM a\nRUN b\n"),
        Arguments.of("a comment never continues", "FROM a\n# x \\\nRUN b", "FROM a\nRUN b\n"),
        Arguments.of(
            "escape directive is a comment", "# escape=`\nFROM a\nRUN b\\\nc", "FROM a\nRUN bc\n"),
        Arguments.of("indented words", "  FROM a\n\tRUN b", "FROM a\nRUN b\n"),
        Arguments.of("tabs and others between", "FROM\ta\nRUN \t\f\u000B b", "FROM a\nRUN b\n"),
        Arguments.of(
            "blanks at the end",
            "FROM a \t\nCMD kubectl create ns x ",
            "FROM a\nCMD kubectl create ns x\n"),
        Arguments.of("# within a line belongs to it", "FROM a\nRUN b # c", "FROM a\nRUN b # c\n"),
        Arguments.of(
            "joined as it stands", "FROM a\nRUN a \\\n    && b", "FROM a\nRUN a     && b\n"),
        Arguments.of("joined without a blank", "FROM a\nRUN ec\\\nho x", "FROM a\nRUN echo x\n"),
        Arguments.of("blanks after the backslash", "FROM a\nRUN b\\ \t\r\nc", "FROM a\nRUN bc\n"),
        Arguments.of(
            "two backslashes end the line",
            "FROM a\nRUN b\\\\\nRUN c",
            "FROM a\nRUN b\\\\\nRUN c\n"),
        Arguments.of("a line of one backslash", "FROM a\nRUN b\\\n\\\nc", "FROM a\nRUN bc\n"),
        Arguments.of("an empty start", "\\\nFROM a", "FROM a\n"),
        Arguments.of("a word over two lines", "FR\\\nOM a", "FROM a\n"),
        Arguments.of(
            "comments in between", "FROM a\nRUN b \\\n# no\n  # no\n&& c", "FROM a\nRUN b && c\n"),
        Arguments.of(
            "blank lines in between", "FROM a\nRUN b \\\n\n  \n&& c", "FROM a\nRUN b && c\n"),
        Arguments.of("end of file in between", "FROM a\nRUN b \\", "FROM a\nRUN b\n"),
        Arguments.of(
            "comment at the end of a continuation", "FROM a\nRUN b \\\n# x", "FROM a\nRUN b\n"),
        Arguments.of("a backslash alone at the end", "FROM a\n\\\n", "FROM a\n"));
  }

  static List<Arguments> instructions() {
    return List.of(
        Arguments.of("scratch", "FROM scratch", "FROM scratch"),
        Arguments.of("digest", "FROM r.io/a/b@sha256:" + HEX, "FROM r.io/a/b@sha256:" + HEX),
        Arguments.of(
            "platform", "FROM  --platform=linux/arm64  a", "FROM --platform=linux/arm64 a"),
        Arguments.of(
            "variables",
            "ARG P=x\nARG V\nFROM --platform=$P a:${V:-${P}}-x",
            "ARG P=x\nARG V\nFROM --platform=$P a:${V:-${P}}-x"),
        Arguments.of("ARG without default", "FROM a\nARG  NAME ", "FROM a\nARG NAME"),
        Arguments.of("ARG with empty default", "FROM a\nARG NAME=", "FROM a\nARG NAME="),
        Arguments.of("ARG with commas", "FROM a\nARG X=1,B=2", "FROM a\nARG X=1,B=2"),
        Arguments.of(
            "ARG with blanks and quotes",
            "FROM a\nARG x_1 = \"a  b\" =c ",
            "FROM a\nARG x_1=\"a  b\" =c"),
        Arguments.of("several sources", "FROM a\nCOPY a \t b  c", "FROM a\nCOPY a b c"),
        Arguments.of(
            "checksum",
            "FROM a\nCOPY --checksum=sha256:" + HEX + " https://h/f .",
            "FROM a\nCOPY --checksum=sha256:" + HEX + " https://h/f ."),
        Arguments.of(
            "a pattern in brackets",
            "FROM a\nCOPY [ab]*.yaml x",
            "FROM a\nCOPY [\"[ab]*.yaml\", \"x\"]"),
        Arguments.of("quotes are no quotes", "FROM a\nCOPY 'a b' c", "FROM a\nCOPY 'a b' c"),
        Arguments.of(
            "array",
            "FROM a\nCOPY [ \"a b\" ,\"c\",\"d\\\\\\\"\\u000a\"]",
            "FROM a\nCOPY [\"a b\", \"c\", \"d\\\\\\\"\\u000a\"]"),
        Arguments.of("array that needs none", "FROM a\nCOPY [\"a\", \"b\"]", "FROM a\nCOPY a b"),
        Arguments.of(
            "array with checksum",
            "FROM a\nCOPY --checksum=sha256:" + HEX + " [\"a b\",\".\"]",
            "FROM a\nCOPY --checksum=sha256:" + HEX + " [\"a b\", \".\"]"),
        Arguments.of(
            "array of what looks like flags",
            "FROM a\nCOPY [\"--a\", \"<<b\"]",
            "FROM a\nCOPY [\"--a\", \"<<b\"]"),
        Arguments.of("two dots in a name", "FROM a\nCOPY a..b ..c", "FROM a\nCOPY a..b ..c"),
        Arguments.of(
            "two dots in a URL",
            "FROM a\nCOPY http://h/../x git@h:../y z",
            "FROM a\nCOPY http://h/../x git@h:../y z"),
        Arguments.of(
            "shell text untouched",
            "FROM a\nRUN echo \"a  b\" '$x' $(date) a\\b >x",
            "FROM a\nRUN echo \"a  b\" '$x' $(date) a\\b >x"),
        Arguments.of(
            "shift and here-string",
            "FROM a\nRUN echo $((1<<n)) <<<n <<x",
            "FROM a\nRUN echo $((1<<n)) <<<n <<x"),
        Arguments.of("test command", "FROM a\nRUN [ -f x ] && y", "FROM a\nRUN [ -f x ] && y"),
        Arguments.of("several CMD", "FROM a\nCMD b\nCMD  c", "FROM a\nCMD b\nCMD c"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"layouts", "instructions"})
  void accepts(String name, String text, String canonical) {
    Kubefile kubefile = parse(text);
    assertThat(kubefile.toString().strip()).isEqualTo(canonical.strip());
    assertThat(parse(kubefile.toString())).isEqualTo(kubefile);
  }

  @ParameterizedTest
  @MethodSource("shapesOfOldKubefiles")
  void acceptsWhatUsersWrite(String line, String canonical) {
    assertThat(parse("FROM kubernetes:v1.19.8\n\n" + line).toString())
        .isEqualTo("FROM kubernetes:v1.19.8\n" + canonical + "\n");
  }

  static List<Arguments> shapesOfOldKubefiles() {
    return List.of(
        Arguments.of(
            "COPY x.yaml .\nCMD kubectl apply -f x.yaml",
            "COPY x.yaml .\nCMD kubectl apply -f x.yaml"),
        Arguments.of(
            "COPY dir .\nCMD kubectl apply -f dir/file.yaml",
            "COPY dir .\nCMD kubectl apply -f dir/file.yaml"),
        Arguments.of("COPY etc .", "COPY etc ."),
        Arguments.of("COPY imageList manifests", "COPY imageList manifests"),
        Arguments.of("COPY kube-flannel.yml manifests/", "COPY kube-flannel.yml manifests/"),
        Arguments.of("COPY init-kube.sh /scripts/", "COPY init-kube.sh /scripts/"),
        Arguments.of("COPY ./post-install.sh .", "COPY ./post-install.sh ."),
        Arguments.of("COPY Clusterfile etc", "COPY Clusterfile etc"),
        Arguments.of(
            "RUN wget u/v.tgz && mkdir cni && tar -xf v.tgz -C cni/",
            "RUN wget u/v.tgz && mkdir cni && tar -xf v.tgz -C cni/"),
        Arguments.of("RUN mkdir zookeeper", "RUN mkdir zookeeper"),
        Arguments.of(
            "CMD  kubectl create ns x && kubectl apply -f y",
            "CMD kubectl create ns x && kubectl apply -f y"),
        Arguments.of("CMD kubectl create ns x ", "CMD kubectl create ns x"),
        Arguments.of("#RUN no\n#COPY no\nCOPY . .", "COPY . ."));
  }

  @Test
  void acceptsTheKubefileOfTheRequirements() {
    Kubefile kubefile =
        parse(
            """
            FROM kubernetes:v1.19.8
            ARG Version=4.0.0\s
            RUN echo ${Version}
            COPY mysql.tar images
            COPY imageList manifests
            COPY traefik charts
            COPY shell.yaml plugins
            COPY recommended.yaml manifests
            CMD kubectl apply -f manifests/recommended.yaml
            CMD helm install mytest charts/traefik
            """);
    assertThat(kubefile.instructions()).hasSize(10);
    assertThat(kubefile.instructions().get(1))
        .isEqualTo(new Instruction.Arg("Version", "4.0.0", new SourcePosition("Kubefile", 2, 1)));
  }

  @Test
  void keepsPositions() {
    Kubefile kubefile = parse("\uFEFF \tFROM a\r\n# x\n\n  RUN b \\\n  c\n\\\n   CMD d");
    assertThat(kubefile.instructions())
        .extracting(instruction -> instruction.position().toString())
        .containsExactly("Kubefile:1:3", "Kubefile:4:3", "Kubefile:7:4");
  }

  @Test
  void isFoundByTheService(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("my.Kubefile"), "\uFEFFFROM ä\nX y", StandardCharsets.UTF_8);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> Kubefile.parse(file))
        .hasMessageContaining(file + ":2:1: unknown instruction \"X\"");
    assertThat(Kubefile.parse("FROM a").from().image()).isEqualTo("a");
  }

  @Test
  void readsLongLinesAndFiles() {
    String word = "x".repeat(1_000_000);
    assertThat(parse("FROM a\nRUN " + word).instructions().get(1))
        .isInstanceOfSatisfying(
            Instruction.Run.class, run -> assertThat(run.command()).isEqualTo(word));
    assertThat(parse("FROM a\n" + "RUN cat <<EOF\n".repeat(100_000)).instructions())
        .hasSize(100_001);
    String continued = "FROM a\nRUN b" + "\\\n c".repeat(100_000);
    assertThat(parse(continued).instructions().get(1))
        .isInstanceOfSatisfying(
            Instruction.Run.class, run -> assertThat(run.command()).hasSize(200_001));
  }
}
