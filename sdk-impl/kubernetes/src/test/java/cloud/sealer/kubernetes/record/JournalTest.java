package cloud.sealer.kubernetes.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.core.event.TaskTree;
import cloud.sealer.core.host.LocalHostConnector;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir Path directory;
  private HostSession session;
  private HostPaths paths;
  private Journal journal;

  @BeforeEach
  void open() {
    TaskTree tasks = new TaskTree(EventListener.NONE, Clock.systemUTC());
    session =
        new LocalHostConnector()
            .connect(
                Host.at(HostAddress.parse("127.0.0.1")),
                tasks.start(Event.TaskKind.STEP, "test", -1));
    paths = new HostPaths(directory.resolve("data").toString(), "test");
    journal = new Journal(session, paths, "a step");
  }

  @AfterEach
  void close() {
    session.close();
  }

  private List<String> replay(int after) {
    List<String> lines = new ArrayList<>();
    Journal.replay(session, paths, after, lines::add);
    return lines;
  }

  private Path file(String name) {
    return directory.resolve("etc").resolve(name);
  }

  @Test
  void filesComeBackAsTheyWereOrGo() throws Exception {
    Files.createDirectories(file("dir"));
    Files.writeString(file("dir/inside"), "old");
    Files.writeString(file("old"), "old");
    Files.setPosixFilePermissions(file("old"), PosixFilePermissions.fromString("rw-r-----"));
    Files.createSymbolicLink(file("link"), Path.of("nowhere"));

    journal.write(file("old").toString(), 0644, "new");
    journal.write(file("old").toString(), 0644, "newer"); // keeps the first note
    journal.write(file("fresh").toString(), 0600, "it's new");
    journal.file(file("link").toString());
    Files.delete(file("link"));
    journal.file(file("dir").toString());
    Files.delete(file("dir/inside"));
    assertThat(file("old")).hasContent("newer");
    assertThat(Journal.last(session, paths)).isEqualTo(1_000_004);

    replay(0);

    assertThat(file("old")).hasContent("old");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("old"))))
        .isEqualTo("rw-r-----");
    assertThat(file("fresh")).doesNotExist();
    assertThat(Files.readSymbolicLink(file("link"))).hasToString("nowhere");
    assertThat(file("dir/inside")).hasContent("old");
    assertThat(Path.of(paths.undo())).isEmptyDirectory();
    assertThat(replay(0)).isEmpty();
  }

  @Test
  void theNewestIsUndoneFirstAndOnlyWhatCameAfter() {
    journal.undo("first", "echo first");
    int mark = Journal.last(session, paths);
    journal.undo("second", "echo second");
    journal.undo("third", "echo third");
    assertThat(replay(mark)).containsExactly("third", "second");
    assertThat(replay(0)).containsExactly("first");
  }

  @Test
  void anEntryThatFailsStaysAndStopsNoOther() {
    journal.undo("one", "echo one");
    journal.undo("two\nrm -rf x", "echo before\nfalse\necho after");
    journal.undo("three", "echo three");
    assertThatThrownBy(() -> replay(0))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("not undone: a step: two rm -rf x")
        .hasMessageContaining("one")
        .hasMessageNotContaining("after");
    assertThat(Journal.last(session, paths)).isEqualTo(1_000_002);
  }

  @Test
  void aBlockIsReplacedAndRemovedAndTheRestStays() throws Exception {
    Path hosts = file("hosts");
    Files.createDirectories(hosts.getParent());
    Files.writeString(hosts, "127.0.0.1 localhost\n# the end");
    journal.block(hosts.toString(), "api", List.of("10.0.0.1 api"));
    journal.block(hosts.toString(), "api", List.of("10.0.0.2 api", "10.0.0.3 api"));
    journal.block(hosts.toString(), "registry", List.of("10.0.0.1 sea.hub"));
    Files.writeString(hosts, Files.readString(hosts) + "10.9.9.9 foreign\n");
    assertThat(hosts)
        .hasContent(
            """
            127.0.0.1 localhost
            # the end
            # BEGIN sealer test api
            10.0.0.2 api
            10.0.0.3 api
            # END sealer test api
            # BEGIN sealer test registry
            10.0.0.1 sea.hub
            # END sealer test registry
            10.9.9.9 foreign
            """);

    replay(0);

    assertThat(hosts).hasContent("127.0.0.1 localhost\n# the end\n10.9.9.9 foreign\n");
  }

  @Test
  void wildPathsAreRefused() {
    for (String path : List.of("/", "/etc", "/etc/", "//", "etc/x", "/a/../b", "/..")) {
      assertThatThrownBy(() -> journal.file(path)).isInstanceOf(IllegalArgumentException.class);
    }
    for (String name : List.of("", "/", "..", "a/b", "A", "a..b")) {
      assertThatThrownBy(() -> new HostPaths(HostPaths.DATA, name))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theScriptsAreForRootOnlyAndSayWhatTheyDo() throws Exception {
    journal.undo("stop it", "systemctl stop it");
    try (var entries = Files.list(Path.of(paths.undo()))) {
      Path entry = entries.findFirst().orElseThrow();
      assertThat(Files.readString(entry)).isEqualTo("# a step: stop it\nsystemctl stop it\n");
      assertThat(Files.getPosixFilePermissions(entry)).hasSize(2);
    }
  }
}
