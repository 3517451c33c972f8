package cloud.sealer.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Bringing a rootfs to hosts over SSH: a few large programs, and some small files, from one machine
 * to OpenSSH servers on its loopback interface, whose work is measured too.
 */
final class Distributing {
  private static final double PATIENCE = 20;
  private static final int SMALL_FILES = 15;
  private static final double MEGA = 1e6;

  private final Path directory;
  private final Program program;
  private final Scale scale;
  private final Report report;
  private final Shell shell;

  Distributing(Path directory, Program program, Scale scale, Report report) {
    this.directory = directory;
    this.program = program;
    this.scale = scale;
    this.report = report;
    this.shell = new Shell(directory);
  }

  void run() throws Exception {
    String missing = SshServers.missing();
    if (!missing.isEmpty()) {
      report.target("distribution over SSH", "", missing, Report.Verdict.UNKNOWN);
      return;
    }
    Path context = rootfs();
    int most = scale.hosts().stream().mapToInt(Integer::intValue).max().orElseThrow();
    try (SshServers servers = SshServers.start(directory.resolve("servers"), most)) {
      OptionalDouble alone = OptionalDouble.empty();
      for (int hosts : scale.hosts()) {
        List<Result> results = race(context, servers, hosts);
        OptionalDouble peak = targets(hosts, results, alone);
        alone = alone.isEmpty() ? peak : alone;
      }
    } finally {
      shell.prepare("rm -rf rootfs servers distribution* input.tar");
    }
  }

  private Path rootfs() throws IOException {
    Path context = Files.createDirectories(directory.resolve("rootfs"));
    Files.writeString(context.resolve("Kubefile"), "FROM scratch\nCOPY files .\n");
    Path files = context.resolve("files");
    RealBytes.largeFiles(files.resolve("bin"), Scale.LARGE_FILES, scale.largeFiles());
    RealBytes.smallFiles(
        files.resolve("etc"),
        Math.min(SMALL_FILES, scale.smallFiles() / 10),
        scale.smallFileSize());
    for (String kind : List.of("none", "zstd")) {
      shell.prepare(
          program.path()
              + " build -t bench-"
              + kind
              + ":v1 --progress none --store distribution --compression "
              + kind
              + " "
              + context);
    }
    shell.prepare("tar -cf input.tar -C " + files + " .");
    return files;
  }

  private List<Result> race(Path files, SshServers servers, int hosts) {
    String clear = servers.clear() + "; rm -rf distribution-clusters";
    String ssh = "ssh -F " + servers.config() + " ";
    String target = SshServers.DATA + "/rootfs";
    List<Contender> contenders = new ArrayList<>();
    contenders.add(
        peer(
            "limit: cat \\| ssh, to nowhere",
            clear,
            hosts,
            List.of(),
            host -> ssh + host + " 'cat >/dev/null' <input.tar"));
    contenders.add(
        peer(
            "tar \\| ssh tar",
            clear,
            hosts,
            List.of(),
            host ->
                "tar -c -C "
                    + files
                    + " . | "
                    + ssh
                    + host
                    + " 'mkdir -p "
                    + target
                    + " && tar -x -C "
                    + target
                    + "'"));
    contenders.add(
        peer(
            "scp -r",
            clear,
            hosts,
            List.of("scp"),
            host -> "scp -q -r -F " + servers.config() + " " + files + " " + host + ":" + target));
    contenders.add(
        peer(
            "rsync -a",
            clear,
            hosts,
            List.of("rsync"),
            host ->
                "rsync -a -e '" + ssh.strip() + "' " + files + "/ " + host + ":" + target + "/"));
    contenders.add(
        peer(
            "sealer's way: each file alone, checked before and after",
            clear,
            hosts,
            List.of("scp"),
            host -> fileByFile(files, servers, host, target)));
    contenders.add(ours("sealer-sdk", "none", clear, servers, hosts));
    Contender sending = ours("sealer-sdk, nothing to send", "none", clear, servers, hosts);
    contenders.add(sending.after(sending.command()));
    contenders.add(
        ours("sealer-sdk, -Xmx64m", "none", clear, servers, hosts).withOptions("-Xmx64m"));
    contenders.add(ours("sealer-sdk, zstd", "zstd", clear, servers, hosts));
    List<Result> results = new Race(shell, scale.runs(), PATIENCE).run(contenders);
    report.race(
        "A rootfs of %d MB to %d %s over SSH (%s)"
            .formatted(
                Math.round(Scale.LARGE_FILES * scale.largeFiles() / MEGA),
                hosts,
                hosts == 1 ? "host" : "hosts at once",
                SshServers.CIPHER),
        1,
        results);
    return results;
  }

  /** The same for each host, for all of them at once. */
  private static Contender peer(
      String name, String prepare, int hosts, List<String> needs, Command command) {
    String all =
        IntStream.range(0, hosts)
            .mapToObj(i -> "{ " + command.of("h" + i) + "; } & p" + i + "=$!")
            .collect(Collectors.joining("\n"));
    String waits =
        IntStream.range(0, hosts)
            .mapToObj(i -> "wait $p" + i + " || exit 1")
            .collect(Collectors.joining("\n"));
    List<String> programs = new ArrayList<>(needs);
    programs.add("ssh");
    return Contender.of(name, programs, prepare, all + "\n" + waits);
  }

  private interface Command {
    String of(String host);
  }

  /** Three connections for each file: is it there, the file, did it arrive. */
  private static String fileByFile(Path files, SshServers servers, String host, String target) {
    String ssh = "ssh -n -F " + servers.config() + " " + host;
    return "find "
        + files
        + " -type f | while read -r file; do to="
        + target
        + "/${file#"
        + files
        + "/}; md5=$(md5sum <$file); "
        + ssh
        + " \"mkdir -p ${to%/*}; test -e $to && md5sum <$to\"; scp -q -F "
        + servers.config()
        + " $file "
        + host
        + ":$to </dev/null && [ \"$("
        + ssh
        + " \"md5sum <$to\")\" = \"$md5\" ] || exit 1; done";
  }

  private Contender ours(String name, String kind, String prepare, SshServers servers, int hosts) {
    return Contender.ofMain(
        name,
        List.of(),
        prepare,
        DistributionRun.class,
        "distribution distribution-clusters "
            + servers.key()
            + " "
            + servers.knownHosts()
            + " bench-"
            + kind
            + ":v1 "
            + String.join(",", servers.addresses(hosts)));
  }

  /** Compares with the targets; gives the peak of memory. */
  private OptionalDouble targets(int hosts, List<Result> results, OptionalDouble alone) {
    Result limit = results.get(0);
    Result tar = results.get(1);
    Result ours = results.get(5);
    Result small = results.get(7);
    String work = "distribution to " + hosts + (hosts == 1 ? " host" : " hosts");
    if (hosts == 1) {
      report.within(work, "tar \\| ssh", tar.median(), ours, 1.15);
      report.atMost(work + ", nothing to send", results.get(6).median(), 1, "s");
    } else {
      report.within(work, "the cipher's limit", limit.median(), ours, 1.1);
    }
    report.ahead(work, results.get(4), ours, 1);
    OptionalDouble peak =
        small.peakBytes().isPresent()
            ? OptionalDouble.of(small.peakBytes().getAsLong() / MEGA)
            : OptionalDouble.empty();
    if (alone.isPresent()) {
      report.atMost(
          work + ", memory with -Xmx64m beside that for 1 host",
          peak,
          alone.getAsDouble() * 1.25,
          "MB");
    }
    return peak;
  }
}
