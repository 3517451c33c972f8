package cloud.sealer.examples.benchmarks;

import cloud.sealer.sdk.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One of many container images has changed, and its image is built and pushed again. Everybody
 * reaches both registries over links that count.
 */
final class Rebuilding {
  private static final double PATIENCE = 15;
  private static final int AT_ONCE = 6;
  private static final String STORE = "store-rebuilt";
  private static final String FIRST = "store-first";

  private final Shipment shipment;

  Rebuilding(Shipment shipment) {
    this.shipment = shipment;
  }

  void run() throws IOException {
    Scale scale = shipment.scale();
    Path directory = Files.createDirectories(shipment.directory().resolve("target-source"));
    try (Registry source = Registry.start(directory);
        CountedLink from = CountedLink.to(source.address())) {
      Registry.Images first = source.shared(scale.rebuilt(), scale.sharedBase(), scale.blob());
      Registry.Images changed = source.changed(scale.sharedBase(), scale.blob());
      List<Reference> images = new ArrayList<>(first.references());
      Path before = context("moving-before", images, from);
      images.set(0, changed.references().get(0));
      Path after = context("moving-after", images, from);
      start(before, from);
      Moving.verify(shipment, STORE, "rebuilt:v1", scale.rebuilt() + " container images");
      race(after, from, changed.bytes());
    }
  }

  private Path context(String name, List<Reference> images, CountedLink from) throws IOException {
    Path context = Files.createDirectories(shipment.directory().resolve(name));
    Files.writeString(context.resolve("Kubefile"), "FROM scratch\nCOPY imageList manifests\n");
    List<String> names =
        images.stream()
            .map(image -> image.relocate(from.address(), image.repository()))
            .map(Reference::toString)
            .toList();
    Files.write(context.resolve("imageList"), names);
    Files.write(
        shipment.directory().resolve(name + ".txt"),
        names.stream().map(image -> image.substring(image.lastIndexOf('/') + 1)).toList());
    return context;
  }

  /** The state before the change: in our store, and in the registry by us and by skopeo. */
  private void start(Path before, CountedLink from) {
    String name = shipment.link().address() + "/bench/rebuilt:v1";
    shipment.shell().prepare(shipment.emptied());
    shipment.prepare(STORE, build("rebuilt:v1", before, from));
    shipment.prepare(STORE, "tag rebuilt:v1 " + name);
    shipment.prepare(STORE, "push " + name);
    if (Tools.find("skopeo").isPresent()) {
      shipment.shell().prepare(copies("moving-before.txt", from));
    }
    shipment.shell().prepare("cp -a target/registry target-first; cp -a " + STORE + " " + FIRST);
  }

  private static String build(String name, Path context, CountedLink from) {
    return "build -t " + name + " --plain-http " + from.address() + " " + context;
  }

  private String copies(String list, CountedLink from) {
    return "xargs -P"
        + AT_ONCE
        + " -I{} "
        + Peers.skopeo(
            "docker://" + from.address() + "/shared/{}",
            "docker://" + shipment.link().address() + "/copied/{}")
        + " <"
        + list;
  }

  private void race(Path after, CountedLink from, long needed) {
    String first = "rm -rf target/registry; cp -a target-first target/registry";
    Contender skopeo =
        Contender.of(
            "skopeo from registry to registry, " + AT_ONCE + " at once",
            List.of("skopeo", "xargs"),
            first,
            copies("moving-after.txt", from));
    String name = shipment.link().address() + "/bench/rebuilt:v2";
    Contender ours =
        shipment.ours(
            "sealer-sdk, build + push",
            first + "; rm -rf " + STORE + "; cp -a " + FIRST + " " + STORE,
            STORE,
            build(name, after, from) + " --push");
    List<Result> results = shipment.race(PATIENCE, List.of(skopeo, ours));
    String work = "one of " + shipment.scale().rebuilt() + " container images changed";
    shipment.report().race("Rebuilding and pushing, " + work, 0, results);
    shipment.report().ahead(work, results.get(0), results.get(1), 1);
    long pulled = from.bytes();
    long pushed = shipment.moved(shipment.link(), ours);
    shipment.onlyNew(work + ", pushed", pushed, needed);
    shipment.onlyNew(work + ", pulled", from.bytes() - pulled, needed);
  }
}
