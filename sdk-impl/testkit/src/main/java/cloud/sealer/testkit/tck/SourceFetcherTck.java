package cloud.sealer.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.SourceFetcher;
import cloud.sealer.testkit.RecordingTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks a {@link SourceFetcher} with a source that the subclass provides, for example on a server
 * that it starts before each test.
 */
@Timeout(120)
public abstract class SourceFetcherTck {
  /** For subclasses. */
  protected SourceFetcherTck() {}

  /**
   * The fetcher to check.
   *
   * @return a fetcher
   */
  protected abstract SourceFetcher fetcher();

  /**
   * A source that can be fetched, again and again the same.
   *
   * @return the source as it would stand in a Kubefile
   */
  protected abstract String source();

  /**
   * What fetching the source writes.
   *
   * @return the text of each file, by its path in the directory
   */
  protected abstract Map<String, String> files();

  /**
   * A source that is of the right kind but does not exist.
   *
   * @return the source
   */
  protected abstract String missingSource();

  /**
   * A source that another fetcher is for.
   *
   * @return the source
   */
  protected String foreignSource() {
    return "manifests/app.yaml";
  }

  private static Map<String, String> read(Path directory) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(directory.relativize(path).toString().replace('\\', '/'), Files.readString(path));
      }
    }
    return files;
  }

  @Test
  void supportsItsSourcesOnly() {
    assertThat(fetcher().supports(source())).isTrue();
    assertThat(fetcher().supports(missingSource())).isTrue();
    assertThat(fetcher().supports(foreignSource())).isFalse();
    assertThat(fetcher().supports("")).isFalse();
  }

  @Test
  void writesTheFilesIntoTheDirectoryAndNowhereElse(@TempDir Path parent) throws Exception {
    Path directory = Files.createDirectory(parent.resolve("into"));
    RecordingTask task = new RecordingTask();
    fetcher().fetch(source(), directory, task);
    assertThat(read(directory)).isEqualTo(new TreeMap<>(files()));
    assertThat(parent).isDirectoryNotContaining(path -> !path.equals(directory));
  }

  @Test
  void reportsProgress(@TempDir Path directory) {
    RecordingTask task = new RecordingTask();
    fetcher().fetch(source(), directory, task);
    assertThat(task.advancedInAll()).as("bytes reported to the task").isPositive();
  }

  @Test
  void identityDoesNotChange() {
    assertThat(fetcher().identity(source())).isEqualTo(fetcher().identity(source()));
  }

  @Test
  void missingSourceIsAFailureThatNamesIt(@TempDir Path directory) {
    SealerException failure =
        Tck.failure(
            () -> fetcher().fetch(missingSource(), directory, new RecordingTask()),
            ErrorCode.FETCH_FAILED,
            ErrorCode.UNREACHABLE,
            ErrorCode.SOURCE_NOT_FOUND,
            ErrorCode.UNAUTHORIZED);
    String place = missingSource().replaceFirst("[?#].*", "");
    assertThat(failure.getMessage()).contains(place.substring(place.lastIndexOf('/') + 1));
  }

  @Test
  void interruptedThreadFetchesNothing(@TempDir Path directory) throws Exception {
    Tck.interruptedBefore(() -> fetcher().fetch(source(), directory, new RecordingTask()));
    assertThat(read(directory)).isNotEqualTo(new TreeMap<>(files()));
  }

  @Test
  void threadsShareAFetcher(@TempDir Path parent) throws Exception {
    SourceFetcher shared = fetcher();
    AtomicInteger next = new AtomicInteger();
    assertThat(
            Tck.atOnce(
                4,
                () -> {
                  Path own = Files.createDirectory(parent.resolve("d" + next.getAndIncrement()));
                  shared.fetch(source(), own, new RecordingTask());
                  return read(own);
                }))
        .containsOnly(new TreeMap<>(files()));
  }
}
