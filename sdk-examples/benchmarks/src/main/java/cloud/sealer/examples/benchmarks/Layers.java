package cloud.sealer.examples.benchmarks;

import cloud.sealer.sdk.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Making a layer of a directory: a few large programs, and many small files. */
final class Layers {
  private static final int LIMIT_PARTS = 2;
  private static final double PATIENCE = 8;
  private static final String TAR = "limit: tar to a file";
  private static final String SHA256 = "limit: openssl sha256 of it";
  private static final String UMOCI = "umoci insert (gzip)";
  private static final String BUILDAH = "buildah bud + push oci: (gzip)";
  private static final String JIB = "jib-core to a tar (gzip)";

  private final Path directory;
  private final Program program;
  private final Scale scale;
  private final Report report;

  Layers(Path directory, Program program, Scale scale, Report report) {
    this.directory = directory;
    this.program = program;
    this.scale = scale;
    this.report = report;
  }

  void run() throws IOException {
    Path large = context("large");
    RealBytes.largeFiles(large.resolve("files"), Scale.LARGE_FILES, scale.largeFiles());
    long megabytes = Math.round(Scale.LARGE_FILES * scale.largeFiles() / 1e6);
    race(large, megabytes + " MB of programs", 1.3);
    Path small = context("small");
    RealBytes.smallFiles(small.resolve("files"), scale.smallFiles(), scale.smallFileSize());
    race(small, scale.smallFiles() + " small files", 1.7);
  }

  private Path context(String name) throws IOException {
    Path context = Files.createDirectories(directory.resolve(name));
    Files.writeString(context.resolve("Kubefile"), "FROM scratch\nCOPY files files\n");
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY files files\n");
    return context;
  }

  private void race(Path context, String input, double seconds) throws IOException {
    List<Contender> contenders = new ArrayList<>(peers(context));
    contenders.addAll(Peers.jib(JIB, "rm -f jib.tar", "tar jib.tar", context.resolve("files")));
    for (String kind : List.of("zstd", "none", "gzip")) {
      contenders.add(
          program.build("sealer-sdk, " + kind, context, "127.0.0.1", true, "--compression", kind));
    }
    contenders.add(
        program
            .build("sealer-sdk, zstd, -Xmx64m", context, "127.0.0.1", true, "--compression", "zstd")
            .withOptions("-Xmx64m"));
    Shell shell = new Shell(directory);
    shell.prepare("tar -cf input.tar -C " + context + " files");
    List<Result> results = new ArrayList<>(new Race(shell, scale.runs(), PATIENCE).run(contenders));
    shell.prepare("rm -rf input.tar out.* umoci buildah* jib*");
    Warm warm = Warm.layer(directory, context, Compression.ZSTD, scale.runs());
    results.addAll(warm.results());
    report.race("A layer of " + input, LIMIT_PARTS, results);
    targets(input, results, seconds);
  }

  private void targets(String input, List<Result> results, double seconds) {
    Result zstd = Result.of("sealer-sdk, zstd", results);
    Result none = Result.of("sealer-sdk, none", results);
    Result gzip = Result.of("sealer-sdk, gzip", results);
    Result tarZstd = Result.of("tar \\| zstd -1 -T0", results);
    List<Result> parts = List.of(Result.of(TAR, results), Result.of(SHA256, results));
    String layer = "layer of " + input;
    report.atMost(layer + ", zstd", zstd.median(), seconds, "s");
    report.within(layer + ", zstd", "tar \\| zstd -1", tarZstd.median(), zstd, 1.5);
    report.ahead(layer + ", zstd", Result.of(UMOCI, results), zstd, 2);
    report.ahead(layer + ", zstd", Result.of(BUILDAH, results), zstd, 9);
    report.ahead(layer + ", zstd", Result.of(JIB + ", cold cache", results), zstd, 6);
    report.within(layer + ", none", "tar + sha256", sum(parts), none, 1.6);
    report.ahead(layer + ", gzip", Result.of("tar \\| pigz -6", results), gzip, 1);
  }

  private static OptionalDouble sum(List<Result> parts) {
    return parts.stream().allMatch(part -> part.median().isPresent())
        ? OptionalDouble.of(parts.stream().mapToDouble(part -> part.median().orElse(0)).sum())
        : OptionalDouble.empty();
  }

  private List<Contender> peers(Path context) {
    String tar = "tar -c -C " + context + " files";
    return List.of(
        Contender.of(TAR, List.of("tar"), "", tar + " -f out.tar"),
        Contender.of(SHA256, List.of("openssl"), "", "openssl sha256 input.tar"),
        piped(tar, "zstd", "-q -1 -T0"),
        piped(tar, "zstd", "-q -3 -T0"),
        piped(tar, "igzip", "-1"),
        piped(tar, "pigz", "-6"),
        Contender.of(
            UMOCI,
            List.of("umoci"),
            "rm -rf umoci; umoci init --layout umoci; umoci new --image umoci:x",
            "umoci insert --image umoci:x " + context + "/files /files"),
        Contender.of(
            BUILDAH,
            List.of("buildah"),
            Peers.BUILDAH_START,
            Peers.buildah(directory, "bud --isolation chroot -q -t bench " + context)
                + " && "
                + Peers.buildah(directory, "push -q bench oci:buildah-oci:x")));
  }

  private static Contender piped(String tar, String compressor, String options) {
    return Contender.of(
        ("tar \\| " + compressor + " " + options).replace("-q ", ""),
        List.of("tar", compressor),
        "",
        tar + " | " + compressor + " " + options + " >out.compressed");
  }
}
