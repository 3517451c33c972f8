package cloud.sealer.core.fetch;

import cloud.sealer.core.files.TreeRemoval;
import cloud.sealer.core.retry.Retries;
import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.SourceFetcher;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

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
  private final Retries retries;
  private final String sshProgram;
  private final WebClient client;

  /**
   * Makes a fetcher.
   *
   * @param options the proxy, the time limits, and how often to try
   */
  public GitSourceFetcher(RegistryOptions options) {
    this(options, Sleeper.THREAD, "ssh");
  }

  GitSourceFetcher(RegistryOptions options, Sleeper sleeper, String sshProgram) {
    this.options = options;
    this.retries = new Retries(options, sleeper, FetchFailure::unknown, () -> false);
    this.sshProgram = sshProgram;
    this.client = new WebClient(options);
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
              commit[0] =
                  retries.run(
                      git.toString(),
                      progress::retried,
                      () -> attempt(connections, git, directory, progress)));
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
      TreeRemoval.removeContents(directory);
    } catch (IOException e) {
      throw FetchFailure.lasting(
          ErrorCode.FETCH_FAILED, "cannot empty " + directory + ": " + e.getMessage(), "");
    }
  }

  /** Closes all HTTP connections; fetches that use them fail. */
  @Override
  public void close() {
    client.close();
  }
}
