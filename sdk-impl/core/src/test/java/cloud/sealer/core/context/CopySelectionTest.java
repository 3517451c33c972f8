package cloud.sealer.core.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.FileTree.Entry;
import cloud.sealer.sdk.spi.FileTree.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopySelectionTest {
  private static FileTree open(BuildContext context) {
    return new Contexts(Clock.systemUTC()).open(context, Path.of("unused"));
  }

  private static FileTree context() {
    return open(
        BuildContext.inMemory()
            .file("abc", "1")
            .file("plugin.yaml", "2")
            .file("etc/a.conf", "3")
            .file("etc/sub/b.conf", "4")
            .directory("etc/empty")
            .file("my.yaml", "5")
            .file("charts/one/Chart.yaml", "6")
            .file("charts/two/Chart.yaml", "7")
            .file("charts/two/templates/x.yaml", "8")
            .symlink("link", "etc/sub")
            .symlink("etc/self", "a.conf")
            .symlink("etc/up", "../charts")
            .symlink("out", "../outside")
            .symlink("etc/far", "../../outside")
            .symlink("abs", "/etc")
            .symlink("loop", "loop2")
            .symlink("loop2", "loop")
            .file("we[ir]d*", "9")
            .file("weird", "10")
            .build());
  }

  private static List<String> paths(List<Entry> entries) {
    return entries.stream().map(e -> e.path().value()).toList();
  }

  private static String text(Entry entry) {
    FileTree.Content content = entry.content();
    assertThat(content).isNotNull();
    try (var in = content.open()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest(name = "COPY {0} {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "abc; .; abc",
        "abc; /tmp; tmp tmp/abc",
        "abc; charts/test; charts charts/test charts/test/abc",
        "etc; .; etc etc/a.conf etc/empty etc/far etc/self etc/sub etc/sub/b.conf etc/up",
        "plugin.yaml; plugins; plugins plugins/plugin.yaml",
        "my.yaml; /a/b/; a a/b a/b/my.yaml",
        "./my.yaml; ./a; a a/my.yaml",
        "/my.yaml; a; a a/my.yaml",
        "charts/two/; x; x x/two x/two/Chart.yaml x/two/templates x/two/templates/x.yaml",
        "charts/two; x; x x/two x/two/Chart.yaml x/two/templates x/two/templates/x.yaml",
        "*.yaml; m; m m/my.yaml m/plugin.yaml",
        "charts/*/Chart.yaml; m; m m/Chart.yaml",
        "**/*.conf; m; m m/a.conf m/b.conf",
        "etc/**; m; m m/a.conf m/b.conf m/empty m/far m/self m/sub m/sub/b.conf m/up",
        "[am]*c; m; m m/abc",
        "ab?; m; m m/abc m/abs",
        "we[ir]d*; m; m m/we[ir]d*",
        "we[i]rd; m; m m/weird",
        "link; m; m m/link",
        "link/b.conf; m; m m/b.conf",
        "link/*.conf; m; m m/b.conf",
        "etc/up/one; m; m m/one m/one/Chart.yaml",
        "loop; m; m m/loop",
        "out; m; m m/out",
      })
  void placesSources(String source, String destination, String expected) {
    List<Entry> selected = CopySelection.select(context(), List.of(source), destination);

    assertThat(paths(selected)).containsExactly(expected.split(" "));
  }

  @Test
  void copiesTheContentsOfTheRoot() {
    try (FileTree context = context()) {
      assertThat(CopySelection.select(context, List.of("."), ".")).isEqualTo(context.entries());
      assertThat(paths(CopySelection.select(context, List.of("/"), "x")))
          .startsWith("x", "x/abc", "x/abs");
    }
  }

  @Test
  void keepsALinkAsItIs() {
    Entry link = CopySelection.select(context(), List.of("abs"), ".").get(0);

    assertThat(link.kind()).isEqualTo(Kind.SYMLINK);
    assertThat(link.target()).isEqualTo("/etc");
  }

  @Test
  void mergesSourcesAndTheLaterWins() {
    List<Entry> selected =
        CopySelection.select(
            context(), List.of("charts/one/Chart.yaml", "charts/two/Chart.yaml", "abc"), "m");

    assertThat(paths(selected)).containsExactly("m", "m/Chart.yaml", "m/abc");
    assertThat(text(selected.get(1))).isEqualTo("7");
  }

  @Test
  void addsOnlyTheDirectoriesThatAreMissing() {
    List<Entry> selected =
        CopySelection.select(
            context(), List.of("abc"), "a/b/c", path -> path.equals(RootfsPath.of("a")));

    assertThat(paths(selected)).containsExactly("a/b", "a/b/c", "a/b/c/abc");
    assertThat(selected.get(0)).isEqualTo(Entry.directory(RootfsPath.of("a/b"), 0755));
  }

  @Test
  void refusesADirectoryAndAFileAtOnePlace() {
    FileTree context =
        open(BuildContext.inMemory().file("a/x", "file").file("b/x/y", "below").build());

    assertThatThrownBy(() -> CopySelection.select(context, List.of("a/x", "b/x"), "m"))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("a directory and a file at \"/m/x\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"..", "../x", "etc/../../x", "a/..", "abs/a.conf", "out/x", "etc/far/x", "abs/*"})
  void refusesASourceThatLeavesTheContext(String source) {
    assertThatThrownBy(() -> CopySelection.select(context(), List.of(source), "."))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PATH_ESCAPES))
        .hasMessageContaining(source);
  }

  @Test
  void refusesADestinationThatLeavesTheRootfs() {
    assertThatThrownBy(() -> CopySelection.select(context(), List.of("abc"), "a/../../etc"))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PATH_ESCAPES))
        .hasMessageContaining("a/../../etc");
  }

  @Test
  void refusesACircleOfLinks() {
    assertThatThrownBy(() -> CopySelection.select(context(), List.of("loop/x"), "."))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("circle");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "plugin.yml; \"plugin.yaml\"",
        "a.conf; \"etc/a.conf\"",
        "Chart.yaml; \"charts/one/Chart.yaml\" or \"charts/two/Chart.yaml\"",
        "ETC; \"etc\"",
        "etc/a.comf; \"etc/a.conf\"",
      })
  void namesNearMatches(String source, String near) {
    assertThatThrownBy(() -> CopySelection.select(context(), List.of(source), "."))
        .isInstanceOfSatisfying(
            SealerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_NOT_FOUND);
              assertThat(e.remedy()).isEqualTo("Did you mean " + near + "?");
              assertThat(e).hasMessageContaining("\"" + source + "\" does not exist");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret/key", "*/key"})
  void saysThatTheIgnoreFileLeavesItOut(String source) {
    FileTree context =
        open(
            BuildContext.inMemory()
                .file(".kubefileignore", "a\nsecret\n")
                .file("secret/key", "k")
                .build());

    assertThatThrownBy(() -> CopySelection.select(context, List.of(source), "."))
        .isInstanceOfSatisfying(
            SealerException.class,
            e ->
                assertThat(e.remedy())
                    .isEqualTo("It is left out by line 2 of .kubefileignore (secret)."));
  }

  @Test
  void aPatternThatMatchesNothingIsAnError() {
    assertThatThrownBy(() -> CopySelection.select(context(), List.of("nothing*"), "."))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_NOT_FOUND))
        .hasMessageContaining("matches nothing");
    assertThatThrownBy(() -> CopySelection.select(context(), List.of("a[b"), "."))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("is not closed");
  }

  @Test
  void keepsHardLinksThatAreCopiedTogether() {
    Entry file =
        Entry.file(
            RootfsPath.of("d/a"), 0600, 1, () -> new java.io.ByteArrayInputStream(new byte[1]));
    FileTree context =
        open(
            BuildContext.of(
                () ->
                    List.of(
                        Entry.directory(RootfsPath.of("d"), 0755),
                        file,
                        Entry.hardLink(RootfsPath.of("d/b"), RootfsPath.of("d/a")),
                        Entry.hardLink(RootfsPath.of("e"), RootfsPath.of("d/b")))));

    List<Entry> both = CopySelection.select(context, List.of("d"), "m");
    assertThat(both.get(3))
        .isEqualTo(Entry.hardLink(RootfsPath.of("m/d/b"), RootfsPath.of("m/d/a")));

    List<Entry> alone = CopySelection.select(context, List.of("e"), ".");
    assertThat(alone).containsExactly(file.at(RootfsPath.of("e")));

    List<Entry> turned = CopySelection.select(context, List.of("e", "d/a"), "z");
    assertThat(turned.get(1)).isEqualTo(file.at(RootfsPath.of("z/a")));
    assertThat(turned.get(2)).isEqualTo(Entry.hardLink(RootfsPath.of("z/e"), RootfsPath.of("z/a")));
  }
}
