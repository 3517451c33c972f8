package cloud.sealer.core.fetch;

import cloud.sealer.core.retry.Retries;
import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.SourceFetcher;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * Downloads {@code http} and {@code https} sources, each into a file named by the end of its URL's
 * path.
 *
 * <p>A name and password in the URL are sent to that server only. A broken download goes on where
 * it stopped if the server says which version of the file it sends; otherwise it starts again.
 * Thread-safe.
 */
public final class HttpSourceFetcher implements SourceFetcher, AutoCloseable {
  private final Clock clock;
  private final Retries retries;
  private final WebClient client;

  /**
   * Makes a fetcher with connections of its own.
   *
   * @param options the proxy, the time limits, and how often to try
   * @param clock tells how long it is to a date a server gives
   */
  public HttpSourceFetcher(RegistryOptions options, Clock clock) {
    this(options, clock, Sleeper.THREAD);
  }

  HttpSourceFetcher(RegistryOptions options, Clock clock, Sleeper sleeper) {
    this.clock = clock;
    this.retries = new Retries(options, sleeper, FetchFailure::unknown, () -> false);
    this.client = new WebClient(options);
  }

  @Override
  public boolean supports(String source) {
    return SourceUrl.isHttp(source) && !GitSource.isGit(source);
  }

  @Override
  public Optional<String> identity(String source) {
    return Optional.empty();
  }

  @Override
  public void fetch(String source, Path directory, Task task) {
    SourceUrl url = SourceUrl.parse(source);
    Path target = directory.resolve(url.fileName());
    try (HttpDownload download = new HttpDownload(client, clock, url, target, task)) {
      Abortable.run(
          "fetching " + url,
          download::abort,
          () ->
              retries.run(
                  url.toString(),
                  task::retried,
                  () -> {
                    download.attempt();
                    return true;
                  }));
      download.complete();
    } catch (IOException e) {
      throw SealerException.builder(ErrorCode.FETCH_FAILED, "cannot fetch " + url).cause(e).build();
    }
  }

  /** Closes all connections; downloads that are under way fail. */
  @Override
  public void close() {
    client.close();
  }
}
