package cloud.sealer.examples.benchmarks;

import java.nio.file.Path;
import java.util.List;

/**
 * The packed program.
 *
 * @param path its launcher
 */
record Program(Path path) {
  /**
   * A build.
   *
   * @param name what the table calls it
   * @param context the directory with the Kubefile
   * @param registry the registry to ask over plain HTTP
   * @param fresh whether the store is empty before
   * @param options more options
   */
  Contender build(String name, Path context, String registry, boolean fresh, String... options) {
    return Contender.of(
        name,
        List.of(),
        fresh ? "rm -rf store" : "",
        path
            + " build -t bench:v1 --progress none --store store --plain-http "
            + registry
            + (fresh ? " --no-cache " : " ")
            + String.join(" ", options)
            + " "
            + context);
  }

  /** Any command. */
  Contender command(String name, String prepare, String arguments) {
    return Contender.of(name, List.of(), prepare, path + " " + arguments);
  }
}
