package cloud.sealer.examples.benchmarks;

import cloud.sealer.sdk.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Collecting container images from a registry: six large ones, and many that share a base. */
final class Collecting {
  private static final int AT_ONCE = 6;
  private static final double GROWTH_PATIENCE = 6;
  private static final long SMALL_LAYER = 50_000;
  private static final List<String> CURL = List.of("curl", "openssl", "xargs");
  private static final List<String> SKOPEO = List.of("skopeo", "xargs");
  private static final String SKOPEO_COPY =
      "skopeo --insecure-policy copy -q --src-tls-verify=false docker://";

  private final Path directory;
  private final Program program;
  private final Scale scale;
  private final Report report;

  Collecting(Path directory, Program program, Scale scale, Report report) {
    this.directory = directory;
    this.program = program;
    this.scale = scale;
    this.report = report;
  }

  void run() throws IOException {
    if (Tools.find("docker-registry").isEmpty()) {
      report.target("collecting images", "docker-registry", "absent", Report.Verdict.UNKNOWN);
      return;
    }
    try (Registry registry = Registry.start(directory)) {
      six(registry);
      growth(registry);
    }
  }

  private Path context(String name, Registry.Images images) throws IOException {
    Path context = Files.createDirectories(directory.resolve(name));
    Files.writeString(context.resolve("Kubefile"), "FROM scratch\nCOPY imageList manifests\n");
    Files.write(
        context.resolve("imageList"),
        images.references().stream().map(Reference::toString).toList());
    return context;
  }

  private void six(Registry registry) throws IOException {
    Registry.Images images = registry.six(scale.blob());
    Path context = context("six", images);
    List<String> wanted = new ArrayList<>();
    images.blobs().forEach((digest, url) -> wanted.add(digest.substring(7, 27) + " " + url));
    Files.write(directory.resolve("blobs.txt"), wanted);
    List<Result> results =
        new Race(new Shell(directory), scale.runs(), 12)
            .run(
                List.of(
                    Contender.of(
                        "limit: curl, " + AT_ONCE + " at once, + openssl sha256",
                        CURL,
                        "rm -rf curl; mkdir curl",
                        "xargs -P"
                            + AT_ONCE
                            + " -L1 sh -c 'curl -s -o curl/$0 $1 &&"
                            + " openssl sha256 curl/$0 >/dev/null' <blobs.txt"),
                    Contender.of(
                        "skopeo to oci:, six at once, six layouts",
                        SKOPEO,
                        "rm -rf skopeo; mkdir skopeo",
                        "seq 0 5 | xargs -P6 -I{} " + copy(registry, "six/image-{}", "skopeo/{}")),
                    Contender.of(
                        "skopeo to oci:, one by one",
                        SKOPEO,
                        "rm -rf skopeo; mkdir skopeo",
                        "seq 0 5 | xargs -I{} " + copy(registry, "six/image-{}", "skopeo/all:i{}")),
                    program.build("sealer-sdk", context, registry.address(), true),
                    program
                        .build("sealer-sdk, -Xmx64m", context, registry.address(), true)
                        .withOptions("-Xmx64m"),
                    program.build("sealer-sdk, again", context, registry.address(), false)));
    Warm warm = Warm.collecting(directory, context, registry.address(), scale.runs());
    List<Result> all = new ArrayList<>(results);
    all.addAll(warm.results());
    report.race(
        String.format(
            Locale.ROOT,
            "Collecting six container images, %d blobs, %.0f MB, from docker-registry on loopback",
            images.blobs().size(),
            images.bytes() / 1e6),
        1,
        all);
    targets(results, warm);
  }

  private void targets(List<Result> results, Warm warm) {
    String work = "six images, cold process";
    Result limit = results.get(0);
    Result ours = results.get(3);
    report.atMost(work, ours.median(), 0.75, "s");
    report.ahead(work, results.get(1), ours, 1);
    report.within("six images, warm JVM", "the limit", limit.median(), warm.first(), 1.2);
    report.atMost("six images again, warm JVM", warm.again().median(), 0.3, "s");
    report.atMost(
        "six images again, warm JVM",
        OptionalDouble.of((double) warm.bytesAgain()),
        0,
        "bytes moved");
    report.target(
        "heap for any size of blob",
        "≤ 64 MB",
        "runs with -Xmx64m",
        Report.Verdict.of(results.get(4).median().isPresent()));
  }

  private static String copy(Registry registry, String image, String layout) {
    return SKOPEO_COPY + registry.address() + "/" + image + ":v1 oci:" + layout;
  }

  private void growth(Registry registry) throws IOException {
    int most = scale.images().get(scale.images().size() - 1);
    Registry.Images images = registry.shared(most, scale.sharedBase(), SMALL_LAYER);
    for (int count : scale.images()) {
      Registry.Images some =
          new Registry.Images(images.references().subList(0, count), images.blobs(), 0);
      Path context = context("shared-" + count, some);
      List<Result> results =
          new Race(new Shell(directory), scale.runs(), GROWTH_PATIENCE)
              .run(
                  List.of(
                      Contender.of(
                          "skopeo, a loop into one layout",
                          SKOPEO,
                          "rm -rf skopeo; mkdir skopeo",
                          "seq 0 "
                              + (count - 1)
                              + " | xargs -I{} "
                              + copy(registry, "shared/image-{}", "skopeo/all:i{}")),
                      program.build("sealer-sdk", context, registry.address(), true)));
      report.race(count + " images that share a base", 0, results);
      if (count == most) {
        report.ahead(count + " images that share a base", results.get(0), results.get(1), 3);
      }
    }
  }
}
