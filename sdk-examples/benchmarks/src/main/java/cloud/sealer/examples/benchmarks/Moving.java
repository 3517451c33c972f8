package cloud.sealer.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** Moving images that are built: pushed, pulled, saved, loaded, verified, and in part rebuilt. */
final class Moving {
  private static final double PATIENCE = 12;
  private static final String IMAGE = "layers:v1";

  private final Path directory;
  private final Program program;
  private final Scale scale;
  private final Report report;
  private final Shell shell;

  Moving(Path directory, Program program, Scale scale, Report report) {
    this.directory = directory;
    this.program = program;
    this.scale = scale;
    this.report = report;
    this.shell = new Shell(directory);
  }

  void run() throws IOException {
    if (Tools.find("docker-registry").isEmpty()) {
      report.target("moving images", "docker-registry", "absent", Report.Verdict.UNKNOWN);
      return;
    }
    Path target = Files.createDirectories(directory.resolve("target"));
    try (Registry registry = Registry.start(target);
        CountedLink link = CountedLink.to(registry.address())) {
      Shipment shipment = new Shipment(directory, shell, program, scale, report, registry, link);
      Path context = Files.createDirectories(directory.resolve("moving"));
      RealBytes.largeFiles(context.resolve("files"), Scale.LARGE_FILES, scale.largeFiles());
      shipment.buildLayers(context, IMAGE);
      Pushing pushing = new Pushing(shipment, context, IMAGE);
      pushing.readyMade();
      pull(shipment);
      pushing.again();
      pushing.tree();
      new Archiving(shipment, IMAGE).run();
      verify(shipment, Shipment.STORE, IMAGE, shipment.megabytes() + " MB of files");
      new Rebuilding(shipment).run();
    } finally {
      shell.prepare("rm -rf target* moving store* buildah*");
    }
  }

  private void pull(Shipment shipment) throws IOException {
    String address = shipment.registry().address();
    shipment.fill(IMAGE, "bench/layers:v1");
    List<String> blobs = shipment.layers(IMAGE);
    Files.write(
        directory.resolve("wanted.txt"),
        blobs.stream()
            .map(hex -> hex + " http://" + address + "/v2/bench/layers/blobs/sha256:" + hex)
            .toList());
    String name = address + "/bench/layers:v1";
    String title = "Pulling five layers, " + shipment.megabytes() + " MB, into an empty store";
    List<Result> results =
        shipment.race(
            PATIENCE,
            List.of(
                Contender.of(
                    "limit: curl, 5 at once, + openssl sha256",
                    List.of("curl", "openssl", "xargs"),
                    "rm -rf pulled; mkdir pulled",
                    "xargs -P5 -L1 sh -c 'curl -s -o pulled/$0 $1 &&"
                        + " openssl sha256 pulled/$0 >/dev/null' <wanted.txt"),
                Contender.of(
                    "skopeo to oci:",
                    List.of("skopeo"),
                    "rm -rf pulled",
                    Peers.skopeo("docker://" + name, "oci:pulled:x")),
                shipment.ours("sealer-sdk", "rm -rf pulled", "pulled", "pull " + name)));
    report.race(title, 1, results);
    report.ahead("pull of five layers", results.get(1), results.get(2), 1);
    shell.prepare("rm -rf pulled");
  }

  /** The proof reads every blob, and searches the files for images on top. */
  static void verify(Shipment shipment, String store, String image, String what) {
    List<Result> results =
        shipment.race(
            PATIENCE,
            List.of(
                Contender.of(
                    "limit: sha256sum of all blobs, on all cores",
                    List.of("sha256sum", "xargs", "nproc"),
                    "",
                    "find " + store + "/blobs -type f | xargs -P$(nproc) -n1 sha256sum >/dev/null"),
                shipment.ours("sealer-sdk", "", store, "verify " + image)));
    shipment.report().race("Verifying an image of " + what, 1, results);
    OptionalDouble limit = results.get(0).median();
    shipment.report().within("verify an image of " + what, "sha256sum", limit, results.get(1), 1.2);
  }
}
