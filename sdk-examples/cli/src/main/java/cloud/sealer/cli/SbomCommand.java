package cloud.sealer.cli;

import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Referrer;
import cloud.sealer.sdk.SbomFormat;
import cloud.sealer.sdk.Sealer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sealer sbom}. */
@Command(
    name = "sbom",
    description =
        "Write the bill of materials of an image: container images, charts, files, packages.",
    sortOptions = false)
final class SbomCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Common common;

  @Parameters(index = "0", paramLabel = "NAME", description = "The name or digest of an image.")
  private String name;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "spdx",
      description = "spdx (2.3) or cyclonedx (1.6), both as JSON.")
  private SbomFormat format;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to write it; by default to standard output.")
  private @Nullable Path output;

  @Option(
      names = "--attach",
      description = "Attach it to the image, so that push, save and others take it along.")
  private boolean attach;

  @SuppressWarnings("NullAway.Init")
  SbomCommand() {}

  @Override
  public Integer call() {
    return common.with(
        (sealer, listener) -> {
          if (attach) {
            attach(sealer, listener);
          } else {
            write(out -> sealer.trust().sbom(name, format, out, listener));
          }
          return 0;
        });
  }

  private void attach(Sealer sealer, EventListener listener) {
    Referrer attached = sealer.trust().attachSbom(name, format, listener);
    if (output == null) {
      common.out().println(Json.text(Json.referrers(List.of(attached))));
    } else {
      write(out -> sealer.trust().content(attached, out));
    }
  }

  /** Writes a document. */
  @FunctionalInterface
  private interface Document {
    void write(OutputStream out);
  }

  /** All is known before a file is touched. */
  private void write(Document document) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    document.write(text);
    if (output == null) {
      common.out().println(text.toString(StandardCharsets.UTF_8));
      return;
    }
    try {
      Files.write(output, text.toByteArray());
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), "cannot write " + output + ": " + e.getMessage(), e);
    }
  }
}
