package cloud.sealer.kubernetes.cluster;

import cloud.sealer.kubernetes.certificate.CertificateAuthority;
import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.RunResult;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.ssh.HostKeyPolicy;
import cloud.sealer.ssh.SshHostConnector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Machines, an image with a Kubernetes of stand-ins, and who runs it on them: everything between
 * the caller and the programs on a machine is real.
 */
final class EmbeddedCluster implements AutoCloseable {
  static final String NAME = "embedded";
  static final String VERSION = "v1.20.2";
  static final String IMAGE = "kubernetes:" + VERSION;

  private static final String ADMIN =
      """
      apiVersion: v1
      kind: Config
      clusters:
        - name: kubernetes
          cluster: {server: "https://apiserver.cluster.local:6443"}
      contexts:
        - name: admin@kubernetes
          context: {cluster: kubernetes, user: admin}
      current-context: admin@kubernetes
      users:
        - name: admin
          user: {token: "of SERVER"}
      """;

  final Sealer sealer;
  private final Path shared;
  private final List<EmbeddedMachine> machines = new ArrayList<>();

  /**
   * Builds the image and starts the machines.
   *
   * @param directory where all of it is
   * @param count how many machines
   */
  EmbeddedCluster(Path directory, int count) throws IOException {
    shared = Files.createDirectories(directory.resolve("fake"));
    Files.writeString(shared.resolve("admin.conf"), ADMIN);
    Files.writeString(
        shared.resolve("ca.crt"),
        new CertificateAuthority(Clock.systemUTC(), new SecureRandom())
            .create("kubernetes")
            .certificatePem());
    for (int number = 1; number <= count; number++) {
      machines.add(EmbeddedMachine.start(number, directory.resolve("machines"), shared));
    }
    sealer =
        Sealer.builder()
            .store(directory.resolve("store"))
            .clusters(directory.resolve("clusters"))
            .hostConnector(SshHostConnector.builder(HostKeyPolicy.acceptAll()).build())
            .build();
    build(VERSION, files -> files);
  }

  /** Builds an image of a release, with more files. */
  void build(String version, UnaryOperator<BuildContext.MemoryBuilder> more) throws IOException {
    BuildContext.MemoryBuilder files =
        BuildContext.inMemory()
            .file("Metadata", "{\"version\":\"" + version + "\"}")
            .file("images/extra.tar", "an archive of docker")
            .file("registry/README", "images of containers")
            .file("manifest.yaml", "kind: ConfigMap # by the command of the image\n");
    for (String program : List.of("kubeadm", "kubelet", "kubectl", "docker")) {
      files = files.file("bin/" + program, StandIns.text(program, version));
    }
    for (String script : List.of("init.sh", "clean.sh", "init-registry.sh")) {
      files = files.file("scripts/" + script, StandIns.text(script, version));
    }
    sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .name("kubernetes:" + version)
                .kubefile(
                    Kubefile.parse(
                        "FROM scratch\n"
                            + "COPY . .\n"
                            + "CMD kubectl apply -f manifest.yaml\n"
                            + "CMD echo $Greeting >/root/said\n"))
                .context(more.apply(files).build())
                .build());
  }

  EmbeddedMachine machine(int number) {
    return machines.get(number - 1);
  }

  /** A spec with the first of the machines as control plane, and some as workers. */
  ClusterSpec spec(int... workers) {
    return spec(new int[] {1}, workers);
  }

  ClusterSpec spec(int[] controlPlanes, int... workers) {
    ClusterSpec.Builder spec =
        ClusterSpec.builder(NAME).image(IMAGE).controlPlanes(addresses(controlPlanes));
    return (workers.length == 0 ? spec : spec.workers(addresses(workers)))
        .env("Greeting", "hello")
        .build();
  }

  String addresses(int... numbers) {
    return IntStream.of(numbers)
        .mapToObj(number -> machine(number).address().toString())
        .collect(Collectors.joining(","));
  }

  RunOptions options() {
    return options(EventListener.NONE);
  }

  /** Passwords are asked for, as they are in no record of ours. */
  RunOptions options(EventListener listener) {
    return RunOptions.builder()
        .listener(listener)
        .secrets((kind, host, user) -> machine(1).ssh().host().ssh().password())
        .build();
  }

  RunResult apply(ClusterSpec spec) {
    return run(new ClusterChange.Apply(spec));
  }

  RunResult run(ClusterChange change) {
    return sealer.runner().run(change, options());
  }

  /** What a file that the stand-ins share holds; empty if there is none. */
  String shared(String name) throws IOException {
    Path file = shared.resolve(name);
    return Files.exists(file) ? Files.readString(file) : "";
  }

  /** Lets the stand-ins find a file. */
  void share(String name, String text) throws IOException {
    Files.writeString(shared.resolve(name), text);
  }

  void unshare(String name) throws IOException {
    Files.delete(shared.resolve(name));
  }

  /** The names of the nodes that the API server knows. */
  List<String> nodes() {
    String[] names = shared.resolve("nodes").toFile().list();
    return names == null ? List.of() : Arrays.stream(names).sorted().toList();
  }

  /** A value of a node. */
  String node(int number, String value) throws IOException {
    return shared("nodes/" + machine(number).name())
        .lines()
        .filter(line -> line.startsWith(value + "="))
        .map(line -> line.substring(value.length() + 1))
        .findFirst()
        .orElse("");
  }

  /** What the stand-ins were called with, each with its machine and program, of some programs. */
  List<String> calls(String pattern) throws IOException {
    return shared("calls").lines().filter(line -> line.matches(pattern)).toList();
  }

  /** Forgets the calls so far. */
  void forgetCalls() throws IOException {
    Files.deleteIfExists(shared.resolve("calls"));
  }

  @Override
  public void close() {
    sealer.close();
    machines.forEach(EmbeddedMachine::close);
  }
}
