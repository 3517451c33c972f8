package cloud.sealer.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pushing to docker-registry: layers that are ready, a directory that is not, and a change. */
final class Pushing {
  private static final double PATIENCE = 12;
  private static final double LONG_PATIENCE = 20;
  private static final String DOCKER = "docker build + push (gzip)";
  private static final String JIB = "jib-core, build + push (gzip)";
  private static final String OURS = "sealer-sdk (zstd)";
  // Opens an upload and sends the bytes, as every client does.
  private static final String PUT =
      """
      location=$(curl -sf -X POST -D - -o upload.$2 http://$1/v2/limit/blobs/uploads/ \\
        | tr -d '\\r' | sed -n 's/^Location: //p')
      exec curl -sf -X PUT -H 'Content-Type: application/octet-stream' -H 'Expect:' \\
        -T store/blobs/sha256/$2 "$location&digest=sha256:$2"
      """;

  private final Shipment shipment;
  private final Path context;
  private final String image;
  private final String address;

  Pushing(Shipment shipment, Path context, String image) {
    this.shipment = shipment;
    this.context = context;
    this.image = image;
    this.address = shipment.registry().address();
  }

  /** An image whose layers are in the store. */
  void readyMade() throws IOException {
    Files.writeString(shipment.directory().resolve("put.sh"), PUT);
    Files.write(shipment.directory().resolve("layers.txt"), shipment.layers(image));
    String name = address + "/bench/layers:v1";
    shipment.prepare(Shipment.STORE, "tag " + image + " " + name);
    List<Result> results =
        shipment.race(
            PATIENCE,
            List.of(
                curl(5),
                curl(1),
                Contender.of(
                    "skopeo from oci:",
                    List.of("skopeo"),
                    shipment.emptied(),
                    Peers.skopeo("oci:store:" + image, "docker://" + name)),
                buildahPush(name),
                shipment.ours("sealer-sdk", shipment.emptied(), Shipment.STORE, "push " + name)));
    String title = "Pushing five layers, " + shipment.megabytes() + " MB, to an empty registry";
    shipment.report().race(title, 1, results);
    Result ours = results.get(4);
    shipment.report().ahead("push of five layers", results.get(2), ours, 1 / 0.85);
    shipment.report().ahead("push of five layers", results.get(3), ours, 1);
  }

  private Contender curl(int atOnce) {
    return Contender.of(
        "limit: curl PUT, " + atOnce + " at once",
        List.of("curl", "xargs", "sed", "tr"),
        shipment.emptied(),
        "xargs -P" + atOnce + " -n1 sh put.sh " + address + " <layers.txt");
  }

  /** Told to leave layers as they are, as ours are sent; it would compress them on their way. */
  private Contender buildahPush(String name) {
    return Contender.of(
        "buildah push --disable-compression",
        List.of("buildah"),
        shipment.emptied()
            + "; [ -d buildah-root ] || { "
            + Peers.BUILDAH_START
            + "; "
            + buildah("pull -q oci:store:" + image)
            + " >buildah-image; }",
        buildah(
            "push -q --disable-compression --tls-verify=false $(cat buildah-image) docker://"
                + name));
  }

  private String buildah(String arguments) {
    return Peers.buildah(shipment.directory(), arguments);
  }

  /** A directory, built and pushed in one go. */
  void tree() throws IOException {
    if (!DockerEngine.missing().isEmpty()) {
      tree(Optional.empty());
      return;
    }
    try (DockerEngine engine = DockerEngine.start(shipment.directory())) {
      tree(Optional.of(engine));
    } catch (DockerEngine.StartException e) {
      System.err.println("benchmarks: without docker: " + e.getMessage());
      tree(Optional.empty());
    }
  }

  private void tree(Optional<DockerEngine> engine) throws IOException {
    Path tree = Files.createDirectories(shipment.directory().resolve("moving-tree"));
    Path files = context.resolve("files");
    for (String file : List.of("Kubefile", "Dockerfile")) {
      Files.writeString(tree.resolve(file), "FROM scratch\nCOPY files files\n");
    }
    Files.move(files, tree.resolve("files"));
    String name = address + "/bench/tree:v1";
    String fresh = shipment.emptied() + "; rm -rf store-tree";
    String build = "build --push --no-cache --compression zstd -t " + name + " " + tree;
    List<Contender> contenders = new ArrayList<>();
    contenders.add(buildahTree("gzip", fresh, tree, name));
    contenders.add(buildahTree("zstd", fresh, tree, name));
    if (engine.isPresent()) {
      contenders.add(dockerTree(engine.get(), fresh, tree, name));
    }
    contenders.addAll(Peers.jib(JIB, shipment.emptied(), "push " + name, tree.resolve("files")));
    contenders.add(shipment.ours(OURS, fresh, "store-tree", build));
    contenders.add(
        shipment.ours(OURS + ", -Xmx64m", fresh, "store-tree", build).withOptions("-Xmx64m"));
    contenders.add(
        Contender.of(
            "skopeo from oci:, what we have built",
            List.of("skopeo"),
            shipment.emptied(),
            Peers.skopeo("oci:store-tree:" + name, "docker://" + name)));
    List<Result> results = shipment.race(LONG_PATIENCE, contenders);
    String work = "a directory of " + shipment.megabytes() + " MB to an empty registry";
    shipment.report().race("Building and pushing " + work, 0, results);
    Result ours = Result.of(OURS, results);
    shipment.report().atMost("build + push, cold process", ours.median(), 2.2, "s");
    shipment.report().ahead("build + push", Result.of(buildahTree("gzip"), results), ours, 2);
    shipment.report().ahead("build + push", Result.of(buildahTree("zstd"), results), ours, 1);
    if (engine.isPresent()) {
      shipment.report().ahead("build + push", Result.of(DOCKER, results), ours, 6);
    }
    shipment.report().ahead("build + push", Result.of(JIB + ", cold cache", results), ours, 6);
    Files.move(tree.resolve("files"), files);
    shipment.shell().prepare("rm -rf buildah* jib-cache store-tree moving-tree");
  }

  private static String buildahTree(String compression) {
    return "buildah bud + push (" + compression + ")";
  }

  private Contender buildahTree(String compression, String fresh, Path tree, String name) {
    return Contender.of(
        buildahTree(compression),
        List.of("buildah"),
        fresh + "; " + Peers.BUILDAH_START,
        buildah("bud --isolation chroot -q -t bench " + tree)
            + " && "
            + buildah(
                "push -q --compression-format "
                    + compression
                    + " --tls-verify=false bench docker://"
                    + name));
  }

  private static Contender dockerTree(DockerEngine engine, String fresh, Path tree, String name) {
    return Contender.of(
        DOCKER,
        DockerEngine.NEEDS,
        // What an earlier run has left there is not removed on its time.
        fresh + "; " + engine.command("rmi -f " + name + " >/dev/null 2>&1 || true"),
        engine.command("build -q --no-cache -t " + name + " " + tree)
            + " && "
            + engine.command("push -q " + name));
  }

  /** A second version of which one layer is new, to a registry that has the first. */
  void again() throws IOException {
    String counted = shipment.link().address() + "/bench/layers:v2";
    shipment.fill(image, "bench/layers:v1");
    shipment.shell().prepare("rm -rf target-first; cp -a target/registry target-first");
    try (RealBytes texts = RealBytes.texts()) {
      texts.write(context.resolve("files/program-0"), shipment.scale().largeFiles());
    }
    shipment.buildLayers(context, "layers:v2");
    shipment.prepare(Shipment.STORE, "tag layers:v2 " + counted);
    String first = "rm -rf target/registry; cp -a target-first target/registry";
    Contender skopeo =
        Contender.of(
            "skopeo from oci:",
            List.of("skopeo"),
            first,
            Peers.skopeo("oci:store:layers:v2", "docker://" + counted));
    Contender ours = shipment.ours("sealer-sdk", first, Shipment.STORE, "push " + counted);
    List<Result> results = shipment.race(PATIENCE, List.of(skopeo, ours));
    shipment.report().race("Pushing again, one of five layers changed", 0, results);
    shipment.report().ahead("push again", results.get(0), results.get(1), 1);
    List<String> changed = new ArrayList<>(shipment.layers("layers:v2"));
    changed.removeAll(shipment.layers(image));
    long needed = 0;
    for (String hex : changed) {
      needed += Files.size(shipment.directory().resolve("store/blobs/sha256/" + hex));
    }
    shipment.onlyNew("push again", shipment.moved(shipment.link(), ours), needed);
    shipment.prepare(Shipment.STORE, "rmi layers:v2 " + counted);
    shipment.prepare(Shipment.STORE, "prune");
    shipment.shell().prepare("rm -rf target-first");
  }
}
