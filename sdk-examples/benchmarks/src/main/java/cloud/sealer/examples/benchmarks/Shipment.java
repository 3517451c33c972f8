package cloud.sealer.examples.benchmarks;

import cloud.sealer.sdk.Sealer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What the races of moving images share: where they run, and the registry that images go to.
 *
 * @param directory where everything lies
 * @param shell runs commands there
 * @param program ours
 * @param scale how large inputs are
 * @param report takes the results
 * @param registry where images are pushed to and pulled from
 * @param link the same registry behind a relay that counts bytes
 */
record Shipment(
    Path directory,
    Shell shell,
    Program program,
    Scale scale,
    Report report,
    Registry registry,
    CountedLink link) {
  /** The store of most races, in the directory. */
  static final String STORE = "store";

  private static final long OVERHEAD = 64 * 1024;

  /** Runs contenders in turns. */
  List<Result> race(double patience, List<Contender> contenders) {
    return new Race(shell, scale.runs(), patience).run(contenders);
  }

  /** One of our commands on a store. */
  Contender ours(String name, String prepare, String store, String arguments) {
    return program.command(name, prepare, on(store, arguments));
  }

  /** Runs one of our commands, which is not measured. */
  void prepare(String store, String arguments) {
    shell.prepare(program.path() + " " + on(store, arguments));
  }

  private String on(String store, String arguments) {
    return arguments
        + " --progress none --store "
        + store
        + " --plain-http "
        + registry.address()
        + " --plain-http "
        + link.address();
  }

  /**
   * Builds an image of one layer for each of the large files, uncompressed, so that its layers are
   * the bytes that everybody moves.
   */
  void buildLayers(Path context, String name) throws IOException {
    StringBuilder kubefile = new StringBuilder("FROM scratch\n");
    for (int i = 0; i < Scale.LARGE_FILES; i++) {
      kubefile.append("COPY files/program-").append(i).append(" bin\n");
    }
    Files.writeString(context.resolve("Kubefile"), kubefile);
    prepare(STORE, "build -t " + name + " --compression none " + context);
  }

  /**
   * Runs a command once more and tells how many bytes went over a counted link.
   *
   * @param counted the link, which the command uses
   * @param contender the command, prepared as in a race
   */
  long moved(CountedLink counted, Contender contender) {
    shell.prepare(contender.prepare());
    long before = counted.bytes();
    shell.prepare(contender.command());
    return counted.bytes() - before;
  }

  /** Compares bytes on a link with what has to move. */
  void onlyNew(String work, long moved, long needed) {
    report.atMost(
        work, OptionalDouble.of((double) moved - needed), OVERHEAD, "bytes beside the new blobs");
  }

  /** The size of the image of layers. */
  long megabytes() {
    return Math.round(Scale.LARGE_FILES * scale.largeFiles() / 1e6);
  }

  /** A shell command that empties the registry. */
  String emptied() {
    return "rm -rf target/registry";
  }

  /** Makes an image of the store the only one of the registry. */
  void fill(String image, String repository) {
    String name = registry.address() + "/" + repository;
    shell.prepare(emptied());
    prepare(STORE, "tag " + image + " " + name);
    prepare(STORE, "push " + name);
  }

  /** The layers of an image of the store, as the hexadecimal digits of their digests. */
  List<String> layers(String image) {
    try (Sealer sealer = Sealer.builder().store(directory.resolve(STORE)).build()) {
      return sealer.images().inspect(image).platforms().get(0).layers().stream()
          .map(layer -> layer.digest().hex())
          .toList();
    }
  }
}
