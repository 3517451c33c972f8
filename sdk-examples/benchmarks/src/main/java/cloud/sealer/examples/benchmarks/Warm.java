package cloud.sealer.examples.benchmarks;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Builds inside this JVM, which an earlier build has warmed.
 *
 * @param first a build into an empty store
 * @param again the same build once more
 * @param bytesAgain what the second builds downloaded
 */
record Warm(Result first, Result again, long bytesAgain) {
  static Warm collecting(Path directory, Path context, String registry, int runs)
      throws IOException {
    return run(
        directory,
        runs,
        RegistryOptions.builder().plainHttp(registry).build(),
        request(context, Compression.ZSTD));
  }

  static Warm layer(Path directory, Path context, Compression compression, int runs)
      throws IOException {
    return run(directory, runs, RegistryOptions.builder().build(), request(context, compression));
  }

  private static BuildRequest request(Path context, Compression compression) {
    return BuildRequest.builder()
        .kubefile(Kubefile.parse(context.resolve("Kubefile")))
        .context(BuildContext.directory(context))
        .name("bench:v1")
        .compression(compression)
        .build();
  }

  private static Warm run(
      Path directory, int runs, RegistryOptions registries, BuildRequest request) {
    Path store = directory.resolve("store");
    Shell shell = new Shell(directory);
    List<Double> first = new ArrayList<>();
    List<Double> again = new ArrayList<>();
    long bytes = 0;
    for (int run = 0; run <= runs; run++) {
      shell.prepare("rm -rf store; sync");
      try (Sealer sealer = Sealer.builder().store(store).registries(registries).build()) {
        long start = System.nanoTime();
        build(sealer, request);
        long middle = System.nanoTime();
        bytes += build(sealer, request).downloadedBytes();
        if (run > 0) { // the one before warms the JVM
          first.add((middle - start) / 1e9);
          again.add((System.nanoTime() - middle) / 1e9);
        }
      }
    }
    return new Warm(
        result("sealer-sdk, warm JVM", first), result("sealer-sdk, warm JVM, again", again), bytes);
  }

  private static BuildResult build(Sealer sealer, BuildRequest request) {
    return sealer.builder(BuildMode.LITE).build(request);
  }

  private static Result result(String name, List<Double> seconds) {
    return new Result(name, seconds, OptionalLong.empty(), Optional.empty());
  }

  List<Result> results() {
    return List.of(first, again);
  }
}
