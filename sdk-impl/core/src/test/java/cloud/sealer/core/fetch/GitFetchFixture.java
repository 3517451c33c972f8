package cloud.sealer.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.jgit.lib.FileMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A git server in memory, with a small repository, and a fetcher. */
@Timeout(90)
abstract class GitFetchFixture {
  @TempDir Path temp;

  Path directory;
  GitServer server;
  GitRepository repository;
  final TaskTranscript task = new TaskTranscript();
  GitSourceFetcher fetcher = fetcher("ssh");

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

  static GitSourceFetcher fetcher(String ssh) {
    RegistryOptions options =
        RegistryOptions.builder()
            .attempts(2)
            .connectTimeout(Duration.ofSeconds(2))
            .readTimeout(Duration.ofSeconds(2))
            .build();
    return new GitSourceFetcher(options, delay -> {}, ssh);
  }

  void fetch(String source) {
    fetcher.fetch(source, directory, task);
  }

  void assertFailed(String source, ErrorCode code, String message) {
    assertThatThrownBy(() -> fetch(source))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).as(e.toString()).isEqualTo(code))
        .hasMessageContaining(message);
    assertThat(directory).isEmptyDirectory();
  }
}
