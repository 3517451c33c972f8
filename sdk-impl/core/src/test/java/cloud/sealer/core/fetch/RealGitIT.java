package cloud.sealer.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.sdk.RegistryOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fetches from the real git: its daemon, and its upload-pack behind a stand-in for ssh. */
@Tag("real")
@Timeout(120)
class RealGitIT {
  @TempDir Path temp;

  private Path repository;
  private String old = "";

  @BeforeEach
  void makeRepository() throws Exception {
    requireGit();
    repository = Files.createDirectory(temp.resolve("it's.git"));
    git("init", "-q", "-b", "main", ".");
    git("config", "user.name", "a");
    git("config", "user.email", "a@b");
    Files.writeString(repository.resolve("which"), "old");
    Files.writeString(repository.resolve("run"), "#!/bin/sh");
    Files.setPosixFilePermissions(
        repository.resolve("run"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createSymbolicLink(repository.resolve("link"), Path.of("run"));
    commit();
    old = git("rev-parse", "HEAD").strip();
    Files.writeString(repository.resolve("which"), "new");
    commit();
    git("tag", "-a", "-m", "t", "v1");
  }

  private void requireGit() throws Exception {
    try {
      new ProcessBuilder("git", "--version").start().waitFor();
    } catch (IOException e) {
      if (Boolean.getBoolean("sealer.real")) {
        fail("git is not installed", e);
      }
      abort("git is not installed");
    }
  }

  private void commit() throws Exception {
    git("add", "-A");
    git("commit", "-q", "-m", "m");
  }

  private String git(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    Process process = process(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private ProcessBuilder process(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(repository.toFile());
    builder.environment().put("HOME", temp.toString());
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    return builder;
  }

  private Path fetch(String source, String ssh) throws IOException {
    Path out = Files.createTempDirectory(temp, "out");
    try (GitSourceFetcher fetcher =
        new GitSourceFetcher(RegistryOptions.DEFAULT, Sleeper.THREAD, ssh)) {
      fetcher.fetch(source, out, new TaskTranscript());
    }
    return out;
  }

  private static void assertTree(Path out, String which) throws IOException {
    assertThat(out.resolve("which")).hasContent(which);
    assertThat(out.resolve("run")).isExecutable();
    assertThat(Files.readSymbolicLink(out.resolve("link"))).isEqualTo(Path.of("run"));
    assertThat(out.resolve(".git")).doesNotExist();
  }

  @Test
  void fetchesFromTheDaemon() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Process daemon =
        process(
                List.of(
                    "git",
                    "daemon",
                    "--export-all",
                    "--listen=127.0.0.1",
                    "--port=" + port,
                    "--base-path=" + temp,
                    "--reuseaddr"))
            .redirectErrorStream(true)
            .redirectOutput(temp.resolve("daemon.log").toFile())
            .start();
    try {
      awaitPort(port);
      String url = "git://127.0.0.1:" + port + "/it's.git/.git";
      assertTree(fetch(url, "ssh"), "new");
      assertTree(fetch(url + "#v1", "ssh"), "new");
      assertTree(fetch(url + "#" + old, "ssh"), "old");
    } finally {
      daemon.descendants().forEach(ProcessHandle::destroyForcibly);
      daemon.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static void awaitPort(int port) throws Exception {
    for (int i = 0; i < 100; i++) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
  }

  @Test
  void fetchesOverSsh() throws Exception {
    Path ssh = temp.resolve("ssh");
    // what a server does with the last argument
    Files.writeString(
        ssh, "#!/bin/sh\nfor last; do :; done\nHOME=" + temp + " exec sh -c \"$last\"\n");
    Files.setPosixFilePermissions(ssh, PosixFilePermissions.fromString("rwxr-xr-x"));

    Path out = fetch("ssh://git@127.0.0.1:22" + repository + "/.git#main", ssh.toString());

    assertTree(out, "new");
  }
}
