package cloud.sealer.sdk.spi;

import java.nio.file.Path;
import java.util.Optional;

/** Gets a remote source of {@code COPY}: a URL, a git repository. Thread-safe. */
public interface SourceFetcher {
  /**
   * Whether this fetcher understands the source.
   *
   * @param source the source as the Kubefile has it, with its variables replaced
   * @return true if {@link #fetch} can be called with it
   */
  boolean supports(String source);

  /**
   * What the source's content is known to be without fetching it, such as a commit it is pinned to.
   *
   * @param source a source this fetcher supports
   * @return a text that stands for the content; empty if only fetching can tell
   */
  Optional<String> identity(String source);

  /**
   * Fetches the source. What is written into the directory is what {@code COPY} puts into its
   * destination.
   *
   * @param source a source this fetcher supports
   * @param directory an empty directory to write into, and nowhere else
   * @param task where to report bytes, retries and resumption
   * @throws cloud.sealer.sdk.SealerException with {@link cloud.sealer.sdk.ErrorCode#FETCH_FAILED}
   *     and others
   */
  void fetch(String source, Path directory, Task task);
}
