package cloud.sealer.core.fetch;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.SourceFetcher;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * Fetches git repositories: {@code https://….git}, {@code git@host:path}, {@code ssh://…} and
 * {@code git://…}, each with an optional {@code #ref} or {@code #ref:directory}.
 *
 * <p>Only one commit is fetched, and its files are written without {@code .git}; submodules are,
 * too. Nothing is read from or written to the user's home, but by the {@code ssh} program.
 * Thread-safe.
 */
public final class GitSourceFetcher implements SourceFetcher, AutoCloseable {
  private final RegistryOptions options;
  private final Attempts attempts;
  private final String sshProgram;
  private final CloseableHttpClient client;

  /**
   * Makes a fetcher.
   *
   * @param options the time limits, and how often to try
   */
  public GitSourceFetcher(RegistryOptions options) {
    this(options, Attempts.Sleeper.THREAD, "ssh");
  }

  GitSourceFetcher(RegistryOptions options, Attempts.Sleeper sleeper, String sshProgram) {
    this.options = options;
    this.attempts = new Attempts(options, sleeper);
    this.sshProgram = sshProgram;
    this.client = WebClient.create(options);
  }

  @Override
  public boolean supports(String source) {
    return GitSource.isGit(source);
  }

  @Override
  public Optional<String> identity(String source) {
    return GitSource.parse(source).identity();
  }

  @Override
  public void fetch(String source, Path directory, Task task) {
    GitSource git = GitSource.parse(source);
    GitConnections connections = new GitConnections(client, options, sshProgram, git);
    try (Task progress = task.start(Event.TaskKind.FETCH, git.toString(), -1)) {
      String[] commit = new String[1];
      Abortable.run(
          "fetching " + git,
          connections::abort,
          () ->
              attempts.run(
                  git.toString(),
                  progress,
                  () -> commit[0] = attempt(connections, git, directory, progress)));
      progress.done(commit[0]);
    } catch (IOException e) {
      throw SealerException.builder(ErrorCode.FETCH_FAILED, "cannot fetch " + git).cause(e).build();
    }
  }

  private static String attempt(
      GitConnections connections, GitSource git, Path directory, Task progress)
      throws FetchFailure, InterruptedException {
    boolean whole = false;
    try {
      String commit = new GitFetch(connections, progress).fetch(git, directory, 0);
      whole = true;
      return commit;
    } catch (FetchFailure e) {
      if (connections.aborted()) {
        throw (InterruptedException) new InterruptedException().initCause(e);
      }
      throw e;
    } finally {
      if (!whole) {
        empty(directory);
      }
    }
  }

  /** What a failed try has written must not be in the way of the next. */
  private static void empty(Path directory) throws FetchFailure {
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
                throws IOException {
              if (!visited.equals(directory)) {
                Files.delete(visited);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw FetchFailure.lasting(
          ErrorCode.FETCH_FAILED, "cannot empty " + directory + ": " + e.getMessage(), "");
    }
  }

  /** Closes all HTTP connections; fetches that use them fail. */
  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }
}
