package cloud.sealer.examples.benchmarks;

import java.util.List;
import java.util.OptionalDouble;

/** Writing an image into an archive, and reading it from there into an empty store. */
final class Archiving {
  private static final int LIMIT_PARTS = 2;
  private static final double PATIENCE = 12;

  private final Shipment shipment;
  private final String image;

  Archiving(Shipment shipment, String image) {
    this.shipment = shipment;
    this.image = image;
  }

  void run() {
    save();
    load();
    shipment.shell().prepare("rm -rf saved.tar out.tar skopeo.tar loaded");
  }

  private void save() {
    List<Result> results =
        shipment.race(
            PATIENCE,
            List.of(
                Contender.of(
                    "limit: tar of the same files",
                    List.of("tar"),
                    "rm -f out.tar",
                    "tar -cf out.tar -C store blobs index.json oci-layout"),
                hash("out.tar"),
                Contender.of(
                    "skopeo from oci: to oci-archive:",
                    List.of("skopeo"),
                    "rm -f skopeo.tar",
                    Peers.skopeo("oci:store:" + image, "oci-archive:skopeo.tar:" + image)),
                shipment.ours(
                    "sealer-sdk",
                    "rm -f saved.tar",
                    Shipment.STORE,
                    "save -o saved.tar " + image)));
    String title = "Saving an image of " + shipment.megabytes() + " MB to an archive";
    shipment.report().race(title, LIMIT_PARTS, results);
    targets("save", results);
  }

  private void load() {
    List<Result> results =
        shipment.race(
            PATIENCE,
            List.of(
                Contender.of(
                    "limit: tar -x",
                    List.of("tar"),
                    "rm -rf loaded; mkdir loaded",
                    "tar -xf saved.tar -C loaded"),
                hash("saved.tar"),
                Contender.of(
                    "skopeo from oci-archive: to oci:",
                    List.of("skopeo"),
                    "rm -rf loaded",
                    Peers.skopeo("oci-archive:saved.tar", "oci:loaded:x")),
                shipment.ours("sealer-sdk", "rm -rf loaded", "loaded", "load -i saved.tar")));
    String title = "Loading an archive of " + shipment.megabytes() + " MB into an empty store";
    shipment.report().race(title, LIMIT_PARTS, results);
    targets("load", results);
  }

  private static Contender hash(String file) {
    return Contender.of(
        "limit: openssl sha256 of it", List.of("openssl"), "", "openssl sha256 " + file);
  }

  private void targets(String work, List<Result> results) {
    OptionalDouble tar = results.get(0).median();
    OptionalDouble hash = results.get(1).median();
    OptionalDouble limit =
        tar.isPresent() && hash.isPresent()
            ? OptionalDouble.of(tar.getAsDouble() + hash.getAsDouble())
            : OptionalDouble.empty();
    shipment.report().within(work, "tar + sha256", limit, results.get(3), 1.3);
    shipment.report().ahead(work, results.get(2), results.get(3), 1);
  }
}
