package cloud.sealer.kubernetes.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.core.registry.HttpRegistryClient;
import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.core.store.OciLayerStore;
import cloud.sealer.kubernetes.record.ClusterRecords;
import cloud.sealer.kubernetes.step.ScriptedHost;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.RunnerProvider;
import cloud.sealer.sdk.spi.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminKubeconfigTest {
  private static final String ADMIN =
      """
      apiVersion: v1
      kind: Config
      clusters:
      - cluster: {certificate-authority-data: Q0E=, server: "https://apiserver.cluster.local:6443"}
        name: kubernetes
      contexts:
      - context: {cluster: kubernetes, user: kubernetes-admin}
        name: kubernetes-admin@kubernetes
      current-context: kubernetes-admin@kubernetes
      users:
      - name: kubernetes-admin
        user: {client-certificate-data: QQ==, client-key-data: U0VDUkVULUtFWQ==}
      """;

  @TempDir Path directory;
  private final ScriptedHost host = ScriptedHost.of("10.0.0.1", "master");
  private final List<Event> events = new ArrayList<>();
  private final RunOptions options = RunOptions.builder().listener(events::add).build();
  private Sealer sealer;
  private OciLayerStore store;
  private HttpRegistryClient client;
  private DefaultRunner runner;

  private final class Connector implements HostConnector {
    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public boolean reaches(Host other) {
      return true;
    }

    @Override
    public HostSession connect(Host other, Task task) {
      return host;
    }
  }

  @BeforeEach
  void open() {
    sealer = Sealer.builder().store(directory.resolve("store")).build();
    store = new OciLayerStore(directory.resolve("store"));
    client = new HttpRegistryClient(RegistryOptions.DEFAULT, 1, Clock.systemUTC(), Sleeper.THREAD);
    Path clusters = directory.resolve("clusters");
    runner =
        new DefaultRunner(
            new RunnerProvider.Settings(
                sealer.images(),
                store,
                clusters,
                List.of(new Connector()),
                List.of(),
                List.of(),
                List.of(),
                RegistryOptions.DEFAULT,
                client,
                Clock.systemUTC()),
            situation -> List.of());
    ClusterSpec spec = ClusterSpec.builder("test").image("a:v1").controlPlanes("10.0.0.1").build();
    new ClusterRecords(clusters)
        .save(
            new ClusterState(
                spec,
                Digest.sha256("0".repeat(64)),
                List.of(),
                List.of(spec.hosts().get(0).address()),
                true,
                Instant.EPOCH));
  }

  @AfterEach
  void close() {
    client.close();
    store.close();
    sealer.close();
  }

  @Test
  void theCallerGetsOneThatWorksFromOutside() {
    host.file("/etc/kubernetes/admin.conf", ADMIN);

    String text = runner.kubeconfig("test", options).reveal();

    assertThat(text)
        .contains("https://10.0.0.1:6443", "current-context: test", "U0VDUkVULUtFWQ==")
        .doesNotContain("apiserver.cluster.local", "kubernetes-admin@kubernetes");
    assertThat(events).noneMatch(event -> event.toString().contains("U0VDUkVULUtFWQ"));
    assertThat(runner.kubeconfig("test", options)).hasToString("***");
  }

  @Test
  void aFileKeepsItsOtherClustersAndIsForItsOwnerOnly() throws Exception {
    host.file("/etc/kubernetes/admin.conf", ADMIN);
    Path file = directory.resolve("home/config");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        ADMIN
            .replace("kubernetes-admin@kubernetes", "mine")
            .replace("name: kubernetes\n", "name: own\n")
            .replace("cluster: kubernetes,", "cluster: own,"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    runner.mergeKubeconfig("test", file, options);

    assertThat(Files.readString(file))
        .contains("current-context: mine", "name: mine", "name: test", "https://10.0.0.1:6443");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    runner.removeFromKubeconfig("test", file);

    assertThat(Files.readString(file))
        .contains("name: mine")
        .doesNotContain("name: test", "https://10.0.0.1:6443");
    try (var left = Files.list(file.getParent())) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void aClusterThatNeverCameUpHasNone() {
    host.file("/etc/kubernetes/admin.conf", "");
    assertThatThrownBy(() -> runner.kubeconfig("test", options))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.remedy()).contains("run the cluster first"));
  }

  @Test
  void aFileThatIsNoKubeconfigStaysAsItIs() throws Exception {
    host.file("/etc/kubernetes/admin.conf", ADMIN);
    Path file = Files.writeString(directory.resolve("notes"), "- a list\n");
    assertThatThrownBy(() -> runner.mergeKubeconfig("test", file, options))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("cannot be read");
    assertThat(file).hasContent("- a list\n");
  }
}
