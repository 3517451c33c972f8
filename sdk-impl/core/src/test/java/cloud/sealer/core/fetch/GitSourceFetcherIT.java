package cloud.sealer.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.core.context.ForkedJvm;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import com.googlecode.javaewah.EWAHCompressedBitmap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Timeout(90)
class GitSourceFetcherIT {
  @TempDir Path temp;

  private Path directory;
  private GitServer server;
  private GitRepository repository;
  private final RecordingTask task = new RecordingTask();
  private GitSourceFetcher fetcher = fetcher("ssh");

  @BeforeEach
  void start() throws IOException {
    directory = Files.createDirectory(temp.resolve("out"));
    server = new GitServer();
    repository = new GitRepository("r");
    server.add("r.git", repository);
    repository
        .file("README.md", FileMode.REGULAR_FILE, "hello\r\n")
        .file(".gitattributes", FileMode.REGULAR_FILE, "* text eol=lf filter=evil\n")
        .file("bin/run", FileMode.EXECUTABLE_FILE, "#!/bin/sh\n")
        .file("bin/link", FileMode.SYMLINK, "../README.md")
        .file("deploy/manifests/a.yaml", FileMode.REGULAR_FILE, "a: 1\n");
  }

  @AfterEach
  void stop() {
    fetcher.close();
    server.close();
  }

  private static GitSourceFetcher fetcher(String ssh) {
    RegistryOptions options =
        RegistryOptions.builder()
            .attempts(2)
            .connectTimeout(Duration.ofSeconds(2))
            .readTimeout(Duration.ofSeconds(2))
            .build();
    return new GitSourceFetcher(options, delay -> {}, ssh);
  }

  private void fetch(String source) {
    fetcher.fetch(source, directory, task);
  }

  private void assertFailed(String source, ErrorCode code, String message) {
    assertThatThrownBy(() -> fetch(source))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).as(e.toString()).isEqualTo(code))
        .hasMessageContaining(message);
    assertThat(directory).isEmptyDirectory();
  }

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

  private String mode(String path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(path)));
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

  @ParameterizedTest
  @ValueSource(
      strings = {"file:///etc/x.git", "/etc/x.git", "ext::sh -c id", "ssh://-oProxyCommand=id/x"})
  void aSubmoduleIsNotTakenFromAnywhereElse(String url) throws IOException {
    repository
        .file(
            ".gitmodules",
            FileMode.REGULAR_FILE,
            "[submodule \"m\"]\n path = m\n url = \"" + url + "\"\n")
        .module("m", ObjectId.zeroId())
        .commit("main");

    assertFailed(server.http() + "r.git", ErrorCode.FETCH_FAILED, "address");
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
  @ValueSource(strings = {"..", ".git", ".GIT", "."})
  void refusesATreeThatLeavesItsDirectory(String name) throws IOException {
    ObjectId blob = repository.blob("evil".getBytes(StandardCharsets.UTF_8));
    TreeFormatter inner = new TreeFormatter();
    inner.append("evil", FileMode.REGULAR_FILE, blob);
    TreeFormatter tree = new TreeFormatter();
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    tree.append(bytes, 0, bytes.length, FileMode.TREE, repository.insert(inner), true);
    repository.commit("main", repository.insert(tree));

    assertFailed(server.git() + "r.git", ErrorCode.PATH_ESCAPES, "\"" + name + "\"");
    assertThat(temp.resolve("evil")).doesNotExist();
  }

  @Test
  void refusesATreeThatWritesThroughItsOwnLink() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    ObjectId link = repository.blob(outside.toString().getBytes(StandardCharsets.UTF_8));
    TreeFormatter inner = new TreeFormatter();
    inner.append("evil", FileMode.REGULAR_FILE, repository.blob(new byte[1]));
    TreeFormatter tree = new TreeFormatter();
    tree.append("a", FileMode.SYMLINK, link);
    tree.append("a", FileMode.TREE, repository.insert(inner));
    repository.commit("main", repository.insert(tree));

    assertThatThrownBy(() -> fetch(server.git() + "r.git")).isInstanceOf(SealerException.class);

    assertThat(outside).isEmptyDirectory();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void namesWhatIsMissing() throws IOException {
    assertFailed(server.git() + "r.git", ErrorCode.FETCH_FAILED, "empty");
    repository.commit("main");
    assertFailed(server.git() + "r.git#nope", ErrorCode.FETCH_FAILED, "\"nope\"");
    assertFailed(server.http() + "r.git#main:no/dir", ErrorCode.SOURCE_NOT_FOUND, "no/dir");
    assertFailed(server.http() + "none.git", ErrorCode.FETCH_FAILED, "none.git");
    assertFailed(
        server.http() + "r.git#0123456789012345678901234567890123456789",
        ErrorCode.FETCH_FAILED,
        "no branch, tag or commit");
  }

  @Test
  void tellsAPasswordToItsServerOnly() throws Exception {
    repository.commit("main");
    String secret =
        Base64.getEncoder().encodeToString("me:s3cret".getBytes(StandardCharsets.UTF_8));
    server.password = "Basic " + secret;
    assertFailed(server.http() + "r.git", ErrorCode.UNAUTHORIZED, "r.git");
    String withPassword = server.http().replace("//", "//me:s3cret@") + "r.git";

    fetch(withPassword);
    assertThat(directory.resolve("README.md")).exists();

    try (GitServer other = new GitServer()) {
      other.add("r.git", repository);
      server.redirect = other.http();
      Path second = Files.createDirectory(temp.resolve("second"));
      fetcher.fetch(withPassword, second, task);

      assertThat(second.resolve("README.md")).exists();
      assertThat(other.requests).isNotEmpty().allMatch(request -> request.endsWith(" null"));
    }
    assertThat(task.events.toString()).doesNotContain("s3cret");
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

  @ParameterizedTest
  @ValueSource(strings = {"git", "http", "ssh"})
  void anInterruptEndsItAtOnce(String scheme) throws Exception {
    fetcher.close();
    Path ssh = script("#!/bin/sh\necho $$ > " + temp.resolve("pid") + "\nexec sleep 60\n");
    fetcher =
        new GitSourceFetcher(RegistryOptions.DEFAULT, Attempts.Sleeper.THREAD, ssh.toString());
    CountDownLatch reached = new CountDownLatch(1);
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread accept =
          new Thread(
              () -> {
                try (Socket socket = silent.accept()) {
                  reached.countDown();
                  while (socket.getInputStream().read() >= 0) {
                    // says nothing
                  }
                } catch (IOException e) {
                  // the client has gone, as it should
                }
              });
      accept.start();
      if (scheme.equals("ssh")) {
        reached.countDown();
      }
      Throwable[] thrown = new Throwable[1];
      Thread thread =
          new Thread(
              () -> {
                try {
                  fetch(scheme + "://127.0.0.1:" + silent.getLocalPort() + "/r.git");
                } catch (SealerException e) {
                  thrown[0] = e;
                }
              });
      thread.start();
      assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
      Thread.sleep(300);
      thread.interrupt();
      thread.join(5_000);

      assertThat(thread.isAlive()).isFalse();
      assertThat(thrown[0])
          .isInstanceOfSatisfying(
              SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
      assertThat(directory).isEmptyDirectory();
      assertThat(task.events).endsWith("close interrupted");
    }
    if (scheme.equals("ssh")) {
      long pid = Long.parseLong(Files.readString(temp.resolve("pid")).strip());
      assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)).isFalse();
    }
  }

  private Path script(String text) throws IOException {
    Path script = Files.writeString(temp.resolve("fake-ssh"), text);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  @Test
  void sshAsksNothingAndItsMessagesAreReported() throws IOException {
    fetcher.close();
    Path arguments = temp.resolve("arguments");
    fetcher =
        fetcher(
            script(
                    "#!/bin/sh\nprintf '%s\\n' \"$@\" > "
                        + arguments
                        + "\necho 'git@h: Permission denied (publickey).' >&2\nexit 255\n")
                .toString());

    assertFailed("git@h:o/it's.git", ErrorCode.UNAUTHORIZED, "Permission denied (publickey)");

    assertThat(Files.readAllLines(arguments))
        .contains("BatchMode=yes", "StrictHostKeyChecking=yes", "git@h")
        .endsWith("git-upload-pack 'o/it'\\''s.git'");
  }

  @Test
  void aMissingSshProgramIsNamed() {
    fetcher.close();
    fetcher = fetcher("no-such-program");

    assertFailed("git@h:o/r.git", ErrorCode.PROVIDER_MISSING, "no-such-program");
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
      new ForkedJvm(
              GitSourceFetcher.class,
              SealerException.class,
              Fetch.class,
              Repository.class,
              CloseableHttpClient.class,
              HttpHost.class,
              HttpVersionPolicy.class,
              LoggerFactory.class,
              EWAHCompressedBitmap.class)
          .option("-Duser.home=" + home)
          .run(
              Fetch.class,
              temp,
              Map.of("HOME", home.toString(), "XDG_CONFIG_HOME", home + "/.config"),
              url,
              out.toString());
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
        fetcher.fetch(args[0], Path.of(args[1]), new RecordingTask());
      }
    }
  }
}
