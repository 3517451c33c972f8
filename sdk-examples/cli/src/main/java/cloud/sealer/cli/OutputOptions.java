package cloud.sealer.cli;

import cloud.sealer.sdk.ArchiveOutput;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where an archive is written. */
final class OutputOptions {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "The file to write, or with --chunk-size the directory of the parts.")
  private Path output;

  @Option(
      names = "--chunk-size",
      paramLabel = "SIZE",
      converter = ByteSize.class,
      description = "Write parts of at most this size, such as 4G, and a list of them.")
  private @Nullable Long chunkSize;

  @SuppressWarnings("NullAway.Init")
  OutputOptions() {}

  ArchiveOutput output() {
    return chunkSize == null ? ArchiveOutput.file(output) : ArchiveOutput.parts(output, chunkSize);
  }
}
