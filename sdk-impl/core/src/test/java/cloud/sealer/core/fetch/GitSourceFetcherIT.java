package cloud.sealer.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.core.jvm.ForkedJvm;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import com.google.common.base.Suppliers;
import com.googlecode.javaewah.EWAHCompressedBitmap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class GitSourceFetcherIT extends GitFetchFixture {
  @ParameterizedTest
  @ValueSource(strings = {"git", "http"})
  void fetchesTheDefaultBranch(String protocol) throws IOException {
    ObjectId commit = repository.commit("main");
    String url = (protocol.equals("git") ? server.git() : server.http()) + "r.git";

    fetch(url);

    assertThat(directory.resolve("README.md")).hasContent("hello\r\n");
    assertThat(Files.size(directory.resolve("README.md"))).isEqualTo(7);
    assertThat(mode("README.md")).isEqualTo("rw-r--r--");
    assertThat(mode("bin/run")).isEqualTo("rwxr-xr-x");
    assertThat(Files.readSymbolicLink(directory.resolve("bin/link")))
        .isEqualTo(Path.of("../README.md"));
    assertThat(directory.resolve("deploy/manifests/a.yaml")).hasContent("a: 1");
    assertThat(directory.resolve(".git")).doesNotExist();
    assertThat(task.events)
        .containsExactly("start FETCH " + url + " -1", "done " + commit.name(), "close");
    assertThat(task.done.get()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"#dev", "#v1", "#dev:deploy/manifests/", "#commit", "#refs/heads/dev"})
  void fetchesABranchATagACommitAndADirectory(String fragment) throws IOException {
    ObjectId old = repository.file("which", FileMode.REGULAR_FILE, "old").commit("dev");
    repository.tag("v1", old);
    repository.file("which", FileMode.REGULAR_FILE, "dev").commit("dev");
    repository.file("which", FileMode.REGULAR_FILE, "main").commit("main");

    fetch(server.http() + "r.git" + fragment.replace("#commit", "#" + old.name()));

    if (fragment.contains(":")) {
      assertThat(directory.resolve("a.yaml")).hasContent("a: 1");
      assertThat(directory.resolve("which")).doesNotExist();
    } else {
      boolean isOld = fragment.equals("#v1") || fragment.equals("#commit");
      assertThat(directory.resolve("which")).hasContent(isOld ? "old" : "dev");
    }
  }

  @Test
  void fetchesACommitFromAServerThatGivesOnlyBranches() throws IOException {
    server.strict = true;
    ObjectId old = repository.file("which", FileMode.REGULAR_FILE, "old").commit("main");
    repository.file("which", FileMode.REGULAR_FILE, "new").commit("main");

    fetch(server.git() + "r.git#" + old.name());

    assertThat(directory.resolve("which")).hasContent("old");
    assertThat(task.events).anyMatch(e -> e.startsWith("notice") && e.contains("whole history"));
  }

  @Test
  void leavesTheHistoryBehind() throws IOException {
    byte[] large = new byte[3_000_000];
    new Random(5).nextBytes(large);
    repository.file("large", large).commit("main");
    repository.file("large", new byte[0]).commit("main");
    CountingProxy proxy = new CountingProxy(server.git());
    try (proxy) {
      fetch(proxy.url() + "r.git");
    }

    assertThat(directory.resolve("large")).isEmptyFile();
    assertThat(proxy.bytes()).isLessThan(100_000);
  }

  @Test
  void fetchesLargeFilesWithoutHoldingThem() throws IOException {
    byte[] large = new byte[30_000_000];
    new Random(5).nextBytes(large);
    repository.file("large", large).commit("main");

    fetch(server.git() + "r.git");

    assertThat(directory.resolve("large")).hasBinaryContent(large);
    assertThat(task.done.get()).isGreaterThanOrEqualTo(large.length);
  }

  @Test
  void fetchesSubmodules() throws IOException {
    GitRepository inner = new GitRepository("inner");
    server.add("inner.git", inner);
    ObjectId commit = inner.file("x", FileMode.REGULAR_FILE, "inner").commit("main");
    inner.file("x", FileMode.REGULAR_FILE, "newer").commit("main");
    repository
        .file(
            ".gitmodules",
            FileMode.REGULAR_FILE,
            "[submodule \"m\"]\n path = sub/m\n url = ../inner.git\n")
        .module("sub/m", commit)
        .module("sub/unknown", commit)
        .commit("main");

    fetch(server.http() + "r.git");

    assertThat(directory.resolve("sub/m/x")).hasContent("inner");
    assertThat(directory.resolve("sub/m/.git")).doesNotExist();
    assertThat(directory.resolve("sub/unknown")).isEmptyDirectory();
    assertThat(task.events).anyMatch(e -> e.startsWith("notice") && e.contains("sub/unknown"));
  }

  @Test
  void saysThatOnlyAPointerOfALargeFileWasFetched() throws IOException {
    repository
        .file("big.bin", FileMode.REGULAR_FILE, "version https://git-lfs.github.com/spec/v1\n")
        .commit("main");

    fetch(server.git() + "r.git");

    assertThat(task.events).anyMatch(e -> e.startsWith("notice \"big.bin\" is kept in Git LFS"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"git", "http"})
  void aServerThatIsNotThereOrSilentIsReported(String scheme) throws IOException {
    String url;
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      url = scheme + "://127.0.0.1:" + silent.getLocalPort() + "/r.git";
      assertFailed(url, ErrorCode.UNREACHABLE, "(tried 2 times)");
    }
    assertFailed(url, ErrorCode.UNREACHABLE, "(tried 2 times)");
    assertThat(task.events).anyMatch(event -> event.startsWith("retried 1"));
  }

  private String mode(String path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(path)));
  }

  /** A home with a broken configuration, which would be noticed if it were read. */
  @Test
  void neitherReadsNorWritesTheHome() throws Exception {
    repository.commit("main");
    Path home = Files.createDirectory(temp.resolve("home"));
    Files.writeString(home.resolve(".gitconfig"), "[[[ broken");
    Files.createDirectories(home.resolve(".config/jgit"));
    Files.writeString(home.resolve(".config/jgit/config"), "[[[ broken");

    for (String url : new String[] {server.git() + "r.git", server.http() + "r.git"}) {
      Path out = Files.createTempDirectory(temp, "fetched");
      ForkedJvm.of(
              GitSourceFetcher.class,
              SealerException.class,
              Fetch.class,
              Repository.class,
              CloseableHttpClient.class,
              HttpHost.class,
              HttpVersionPolicy.class,
              Suppliers.class,
              LoggerFactory.class,
              EWAHCompressedBitmap.class)
          .with(Map.of("HOME", home.toString(), "XDG_CONFIG_HOME", home + "/.config"))
          .option("-Duser.home=" + home)
          .run(Fetch.class, url, out.toString());
      assertThat(out.resolve("README.md")).exists();
    }
    try (Stream<Path> files = Files.walk(home)) {
      assertThat(files.filter(Files::isRegularFile))
          .containsExactlyInAnyOrder(
              home.resolve(".gitconfig"), home.resolve(".config/jgit/config"));
    }
    assertThat(home.resolve(".config/jgit/config")).hasContent("[[[ broken");
  }

  /** Fetches in a JVM of its own. */
  static final class Fetch {
    private Fetch() {}

    public static void main(String[] args) {
      try (GitSourceFetcher fetcher = new GitSourceFetcher(RegistryOptions.DEFAULT)) {
        fetcher.fetch(args[0], Path.of(args[1]), new TaskTranscript());
      }
    }
  }
}
