package cloud.sealer.kubernetes.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.core.store.OciLayerStore;
import cloud.sealer.kubernetes.image.RootfsImage;
import cloud.sealer.kubernetes.record.HostPaths;
import cloud.sealer.kubernetes.record.HostRecord;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.ConfigSpec;
import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostFacts;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.KubeadmDocument;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.spi.LayerStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreflightTest {
  private static final long GIB = 1L << 30;
  private static final Set<String> TRAITS = Set.of("tar", "gzip", "flock", "sha256sum", "systemd");

  @TempDir Path directory;
  private Sealer sealer;
  private LayerStore store;
  private RootfsImage image;

  @BeforeEach
  void open() {
    sealer = Sealer.builder().store(directory).build();
    store = new OciLayerStore(directory);
    image = image("swapoff -a\n");
  }

  @AfterEach
  void close() {
    image.close();
    store.close();
    sealer.close();
  }

  private RootfsImage image(String initScript) {
    sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .name("kubernetes:v1.20.2")
                .kubefile(Kubefile.parse("FROM scratch\nCOPY . .\n"))
                .context(
                    BuildContext.inMemory()
                        .file("Metadata", "{\"version\": \"v1.20.2\", \"arch\": \"amd64\"}")
                        .file("etc/registry.yml", "port: 5005\n")
                        .file("scripts/init.sh", initScript)
                        .build())
                .build());
    return RootfsImage.open(store, sealer.images().inspect("kubernetes:v1.20.2"), Set.of());
  }

  /** A machine that is fit; tests change what they are about. */
  private static final class Machine {
    final String address;
    String hostname;
    String machineId;
    Platform platform = Platform.LINUX_AMD64;
    int processors = 4;
    long memory = 8 * GIB;
    long swap = 0;
    Duration clock = Duration.ZERO;
    List<String> addresses;
    long available = 50 * GIB;
    List<String> runtimes = List.of();
    List<String> kubernetes = List.of();
    List<Integer> listening = List.of(22);
    Set<String> traits = TRAITS;
    HostRecord record = HostRecord.EMPTY;

    Machine(String address) {
      this.address = address;
      this.addresses = List.of(address);
      this.hostname = "n" + address.replace('.', '-');
      this.machineId = hostname;
    }

    HostView view(ClusterSpec spec) {
      Host host =
          spec.hosts().stream()
              .filter(each -> each.address().host().equals(address))
              .findFirst()
              .orElseThrow();
      HostFacts facts =
          new HostFacts(
              hostname,
              machineId,
              platform,
              "debian",
              "12",
              "6.1",
              processors,
              memory,
              swap,
              clock,
              addresses,
              List.of(
                  new HostFacts.FileSystem("/", "a", 100 * GIB, 90 * GIB),
                  new HostFacts.FileSystem("/var/lib/sealer", "b", 100 * GIB, available)),
              runtimes,
              kubernetes,
              listening);
      return new HostView(
          host, facts, new HostPaths(HostPaths.DATA, spec.name()), record, Set.of(), traits);
    }
  }

  private final Machine first = new Machine("10.0.0.1");
  private final Machine second = new Machine("10.0.0.2");

  private List<HostFinding> check() {
    return check(ClusterSpec.builder("test").controlPlanes("10.0.0.1").workers("10.0.0.2").build());
  }

  private List<HostFinding> check(ClusterSpec spec) {
    return Preflight.check(situation(spec));
  }

  private Situation situation(ClusterSpec spec) {
    return new Situation(
        new ClusterChange.Apply(spec),
        spec,
        Optional.empty(),
        Optional.of(image),
        List.of(),
        List.of(first.view(spec), second.view(spec)),
        List.of(),
        List.of());
  }

  private List<String> found() {
    return new ArrayList<>(check().stream().map(HostFinding::toString).toList());
  }

  @Test
  void fitHostsHaveNoFindings() {
    assertThat(found()).isEmpty();
  }

  @Test
  void everythingIsFoundAtOnce() {
    first.platform = Platform.LINUX_ARM64;
    second.clock = Duration.ofSeconds(-90);
    second.hostname = first.hostname;
    second.available = GIB / 100;
    assertThat(found())
        .containsExactly(
            "10.0.0.1: platform: it is linux/arm64, and the image is for [linux/amd64]; use an"
                + " image that has this platform",
            "10.0.0.2: clock: its clock is 90 s behind ours; synchronise the clocks, for example"
                + " with chrony",
            "10.0.0.2: hostname: its name \"n10-0-0-1\" is also that of 10.0.0.1; give each machine"
                + " a name of its own, for example with hostnamectl",
            "10.0.0.2: disk: /var/lib/sealer has 10.2 MiB left, the rootfs needs 64.0 MiB; make"
                + " room below /var/lib/sealer/data");
  }

  @Test
  void oneMachineUnderTwoAddressesIsFound() {
    second.addresses = List.of("10.0.0.2", "10.0.0.1");
    assertThat(found())
        .containsExactly(
            "10.0.0.2: same-machine: it is the same machine as 10.0.0.1; name each machine once");
  }

  @Test
  void theRegistrysPortIsThatOfTheClusterfile() {
    first.listening = List.of(5005, 5443);
    ClusterSpec spec =
        ClusterSpec.builder("test")
            .controlPlanes("10.0.0.1")
            .workers("10.0.0.2")
            .config(
                new ConfigSpec(
                    "registry",
                    RootfsPath.of("etc/registry.yml"),
                    ConfigSpec.Strategy.MERGE,
                    List.of(),
                    "port: 5443\ndomain: hub.example.test\n"))
            .build();

    assertThat(check(spec))
        .extracting(HostFinding::toString)
        .containsExactly(
            "10.0.0.1: ports: something listens on port 5443; stop it, or use another host");
    assertThat(Preflight.registry(situation(spec)).authority()).isEqualTo("hub.example.test:5443");
  }

  @Test
  void portsInUseAreFoundByRole() {
    first.listening = List.of(22, 6443, 5005, 10250);
    second.listening = List.of(22, 6443, 5005, 10250);
    assertThat(found())
        .containsExactly(
            "10.0.0.1: ports: something listens on port 5005, 6443, 10250; stop it, or use another"
                + " host",
            "10.0.0.2: ports: something listens on port 10250; stop it, or use another host");
  }

  @Test
  void whatIsOursIsNoConflict() {
    first.listening = List.of(6443, 10250);
    first.kubernetes = List.of("kubelet v1.20.2");
    assertThat(found()).hasSize(2);
    first.record =
        new HostRecord(
            null,
            List.of(),
            List.of(),
            Map.of("rootfs", new HostRecord.Held("x", Instant.EPOCH)),
            "");
    assertThat(found()).isEmpty();
  }

  @Test
  void otherClustersAndRuntimesAreFound() {
    second.traits = new java.util.HashSet<>(TRAITS);
    second.traits.add("cluster-of-other/state/record.json");
    second.traits.add("without-ip_vs");
    second.runtimes = List.of("cri-o 1.20");
    assertThat(found())
        .containsExactly(
            "10.0.0.2: modules: warning: its kernel has no module ip_vs",
            "10.0.0.2: cluster: it belongs to the cluster other; delete that cluster first, or use"
                + " another host",
            "10.0.0.2: runtime: warning: it has another runtime: cri-o 1.20");
  }

  @Test
  void swapIsAWarningIfTheImageSwitchesItOff() {
    first.swap = GIB;
    assertThat(found())
        .containsExactly("10.0.0.1: swap: warning: swap is on; the image switches it off");
    image.close();
    image = image("echo nothing\n");
    assertThat(found())
        .containsExactly(
            "10.0.0.1: swap: swap is on; switch it off with swapoff -a and in /etc/fstab");
  }

  @Test
  void smallMachinesAreWarnedOf() {
    first.memory = GIB;
    first.processors = 1;
    second.processors = 1;
    second.traits = Set.of("tar", "gzip");
    assertThat(found())
        .containsExactly(
            "10.0.0.1: memory: warning: it has 1.0 GiB of memory, kubeadm wants 1.7 GiB",
            "10.0.0.1: processors: warning: it has 1 processor, kubeadm wants 2",
            "10.0.0.2: programs: it lacks flock, sha256sum; install what is missing",
            "10.0.0.2: systemd: it does not run systemd; use a distribution that does");
  }

  @Test
  void networksMayNotOverlap() {
    ClusterSpec spec =
        ClusterSpec.builder("test")
            .image("kubernetes:v1.20.2")
            .controlPlanes("10.0.0.1,10.0.0.2")
            .kubeadm(
                new KubeadmDocument(
                    "ClusterConfiguration",
                    "kind: ClusterConfiguration\n"
                        + "networking: {podSubnet: 10.0.0.0/30, serviceSubnet: 10.0.0.0/16}\n"))
            .build();

    List<HostFinding> findings =
        check(spec).stream().filter(each -> each.check().equals("networks")).toList();

    assertThat(findings.stream().map(HostFinding::message))
        .contains(
            "the network of pods, 10.0.0.0/30, overlaps that of services, 10.0.0.0/16",
            "its address 10.0.0.2 lies in the network of pods, 10.0.0.0/30",
            "its address 10.0.0.2 lies in the network of services, 10.0.0.0/16")
        .hasSize(5);
  }

  private static ClusterSpec networks(String networking) {
    return ClusterSpec.builder("test")
        .image("kubernetes:v1.20.2")
        .controlPlanes("10.0.0.1,10.0.0.2")
        .kubeadm(
            new KubeadmDocument(
                "ClusterConfiguration",
                "kind: ClusterConfiguration\nnetworking: {" + networking + "}\n"))
        .build();
  }

  @Test
  void whatIsNoNetworkIsFoundBeforeKubeadmSeesIt() {
    assertThat(
            check(networks("podSubnet: 10.1.0.0, serviceSubnet: \"10.2.0.0/16,300.0.0.0/8\""))
                .stream()
                .map(HostFinding::message))
        .containsExactly(
            "\"10.1.0.0\" is no network, like 10.96.0.0/16",
            "\"300.0.0.0/8\" is no network, like 10.96.0.0/16");
  }

  @ParameterizedTest
  @CsvSource({"true, 10.1.0.0/16, 0", "true, 10.3.0.0/16, 1", "false, 10.3.0.0/16, 0"})
  void aClusterThatIsThereKeepsItsNetworks(boolean complete, String pods, int warnings) {
    ClusterSpec before = networks("podSubnet: 10.1.0.0/16");
    ClusterSpec after = networks("podSubnet: " + pods);
    ClusterState there =
        new ClusterState(
            before,
            Digest.sha256("0".repeat(64)),
            List.of(),
            before.hosts().stream().map(Host::address).toList(),
            complete,
            Instant.EPOCH);
    List<HostFinding> findings =
        Preflight.check(
            new Situation(
                new ClusterChange.Apply(after),
                after,
                Optional.of(there),
                Optional.of(image),
                List.of(),
                List.of(first.view(after), second.view(after)),
                List.of(),
                List.of()));
    assertThat(findings.stream().filter(each -> each.check().equals("networks")))
        .hasSize(warnings)
        .allMatch(each -> each.severity() == Diagnostic.Severity.WARNING)
        .allMatch(each -> each.message().startsWith("the network of pods stays 10.1.0.0/16"));
  }
}
