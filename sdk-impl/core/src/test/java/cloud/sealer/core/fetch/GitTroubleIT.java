package cloud.sealer.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitTroubleIT extends GitFetchFixture {
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
  @ValueSource(strings = {"git", "http", "ssh"})
  void anInterruptEndsItAtOnce(String scheme) throws Exception {
    fetcher.close();
    Path ssh = script("#!/bin/sh\necho $$ > " + temp.resolve("pid") + "\nexec sleep 60\n");
    fetcher = new GitSourceFetcher(RegistryOptions.DEFAULT, Sleeper.THREAD, ssh.toString());
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
}
