package cloud.sealer.core.run;

import cloud.sealer.sdk.spi.FileTree;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** What a command changed, readable until it is closed; then the scratch directory is emptied. */
final class ChangedFiles implements FileTree {
  private final List<Entry> entries;
  private final Path scratch;

  ChangedFiles(List<Entry> entries, Path scratch) {
    this.entries = entries.stream().sorted(Comparator.comparing(Entry::path)).toList();
    this.scratch = scratch;
  }

  @Override
  public List<Entry> entries() {
    return entries;
  }

  @Override
  public void close() {
    Cleanup.contents(scratch);
  }
}
