package cloud.sealer.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The images of nodes, compared with what {@code kubeadm config images list} prints. */
class NodeImageDiscovererTest {
  private static final String KUBEADM = "etc/kubeadm.yml";

  private static FilesInMemory config(String settings) {
    return FilesInMemory.of(
        KUBEADM,
        "apiVersion: kubeadm.k8s.io/v1beta2\nkind: InitConfiguration\n---\n"
            + "apiVersion: kubeadm.k8s.io/v1beta2\nkind: ClusterConfiguration\n"
            + settings);
  }

  @Test
  void findsTheImagesOfARegistryThatCanBeAsked() {
    Discovery discovery =
        Discovery.of(config("kubernetesVersion: v1.20.2\nimageRepository: k8s.gcr.io\n"));

    assertThat(discovery.found())
        .containsExactly(
            "k8s.gcr.io/coredns:1.7.0",
            "k8s.gcr.io/etcd:3.4.13-0",
            "k8s.gcr.io/kube-apiserver:v1.20.2",
            "k8s.gcr.io/kube-controller-manager:v1.20.2",
            "k8s.gcr.io/kube-proxy:v1.20.2",
            "k8s.gcr.io/kube-scheduler:v1.20.2",
            "k8s.gcr.io/pause:3.2");
    assertThat(discovery.report().found().get(0).origins().get(0))
        .hasToString("etc/kubeadm.yml:6 (ClusterConfiguration kubernetesVersion)");
    assertThat(discovery.report().found().get(0).origins().get(0).rule()).isEqualTo("node");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "1.16.15, k8s.gcr.io, etcd:3.3.15-0, coredns:1.6.2, pause:3.1",
    "v1.19.0, k8s.gcr.io, etcd:3.4.9-1, coredns:1.7.0, pause:3.2",
    "v1.19.8, k8s.gcr.io, etcd:3.4.13-0, coredns:1.7.0, pause:3.2",
    "v1.21.4, k8s.gcr.io, etcd:3.4.13-0, coredns/coredns:v1.8.0, pause:3.4.1",
    "v1.21.4, registry.aliyuncs.com/google_containers, etcd:3.4.13-0, coredns:v1.8.0, pause:3.4.1",
    "v1.22.15, k8s.gcr.io, etcd:3.5.0-0, coredns/coredns:v1.8.4, pause:3.5",
    "v1.26.4, registry.k8s.io, etcd:3.5.6-0, coredns/coredns:v1.9.3, pause:3.9",
    "v1.28.10, registry.k8s.io, etcd:3.5.12-0, coredns/coredns:v1.10.1, pause:3.9",
    "v1.31.1, registry.k8s.io, etcd:3.5.15-0, coredns/coredns:v1.11.3, pause:3.10",
  })
  void knowsTheReleases(String version, String repository, String etcd, String dns, String pause) {
    Discovery discovery =
        Discovery.of(config("kubernetesVersion: " + version + "\nimageRepository: " + repository));

    assertThat(discovery.found())
        .hasSize(7)
        .contains(repository + "/" + etcd, repository + "/" + dns, repository + "/" + pause)
        .contains(repository + "/kube-proxy:v" + version.replace("v", ""));
  }

  @Test
  void whatTheConfigurationSetsItselfCounts() {
    String own =
        "kubernetesVersion: 1.20.2+vendor.1\nimageRepository: quay.io/k\n"
            + "dns: {imageRepository: quay.io/dns, imageTag: v9}\n";

    assertThat(Discovery.of(config(own + "etcd: {local: {imageTag: 3.9-9}}")).found())
        .contains(
            "quay.io/dns/coredns:v9",
            "quay.io/k/etcd:3.9-9",
            "quay.io/k/kube-proxy:v1.20.2_vendor.1");
    assertThat(Discovery.of(config(own + "etcd: {external: {endpoints: [a]}}")).found())
        .hasSize(6)
        .noneMatch(image -> image.contains("etcd"));
  }

  @Test
  void whatComesFromTheRegistryOfTheClusterIsSuspectedUnlessItIsInTheImage() {
    FilesInMemory files =
        config("kubernetesVersion: v1.20.2\nimageRepository: sea.hub:5000/library\n")
            .and(
                "manifests/imageList",
                "docker.io/library/pause:3.2\nk8s.gcr.io/kube-proxy:v1.20.2\n");
    Discovery discovery = Discovery.of(files);

    assertThat(discovery.found()).containsExactly("pause:3.2", "k8s.gcr.io/kube-proxy:v1.20.2");
    assertThat(discovery.report().found().get(0).origins()).hasSize(2);
    assertThat(discovery.suspected())
        .hasSize(6)
        .contains("sea.hub:5000/library/kube-proxy:v1.20.2", "sea.hub:5000/library/etcd:3.4.13-0");
    assertThat(discovery.unresolved()).isEmpty();
  }

  @Test
  void theVersionMayStandInMetadata() {
    assertThat(
            Discovery.of(
                    config("").and("Metadata", "{\"version\": \"v1.19.8\", \"arch\": \"amd64\"}"))
                .suspected())
        .hasSize(7)
        .contains("sea.hub:5000/library/pause:3.2");
    assertThat(Discovery.of(FilesInMemory.of("Metadata", "{\"version\": \"v1.19.8\"}")).suspected())
        .contains("sea.hub:5000/library/kube-apiserver:v1.19.8");
  }

  @Test
  void theDomainOfTheRegistryIsRead() {
    FilesInMemory files =
        config("kubernetesVersion: v1.20.2\nimageRepository: hub.corp:5000/k\n")
            .and("etc/registry.yml", "domain: hub.corp\nport: '5000'\n");

    assertThat(Discovery.of(files).found()).isEmpty();
    assertThat(Discovery.of(files).suspected()).hasSize(7);
  }

  @Test
  void anUnknownReleaseLeavesNothingOut() {
    Discovery discovery =
        Discovery.of(config("kubernetesVersion: v1.99.0\nimageRepository: registry.k8s.io"));

    assertThat(discovery.found()).hasSize(4);
    assertThat(discovery.suspected())
        .containsExactly(
            "registry.k8s.io/coredns/coredns", "registry.k8s.io/etcd", "registry.k8s.io/pause");
  }

  @Test
  void withoutAVersionTheUserIsTold() {
    Discovery discovery = Discovery.of(config("networking: {}\n"));

    assertThat(discovery.notices()).singleElement().asString().contains("kubernetesVersion");
    assertThat(discovery.suspected()).isEmpty();
  }

  @Test
  void applicationsHaveNoNodeImages() {
    FilesInMemory files =
        FilesInMemory.of("etc/config.yaml", "kind: Config\nspec: {image: no:1}\n")
            .and("Metadata", "{\"kubeVersion\": \">=1.19\"}")
            .and("etc/Clusterfile", "kind: Cluster\nspec: {image: kubernetes:v1.20.2}\n");

    assertThat(Discovery.of(files).report()).isEqualTo(cloud.sealer.sdk.DiscoveryReport.EMPTY);
  }

  @Test
  void findsThePauseImageOfTheRuntimeAndTheKubelet() {
    FilesInMemory files =
        FilesInMemory.of(
                "etc/containerd/config.toml",
                "# sandbox_image = \"no/no:1\"\n  sandbox_image = \"registry.k8s.io/pause:3.9\"\n")
            .and(
                "etc/10-kubeadm.conf",
                "Environment=\"X=--pod-infra-container-image=k8s.gcr.io/pause:3.2 --y\"\n")
            .and(
                "etc/kubelet.service",
                "ExecStart=/usr/bin/kubelet --pod-infra-container-image sea.hub:5000/pause:3.5\n");

    assertThat(Discovery.of(files).found())
        .containsExactly("k8s.gcr.io/pause:3.2", "registry.k8s.io/pause:3.9");
    assertThat(Discovery.of(files).suspected()).isEqualTo(List.of("sea.hub:5000/pause:3.5"));
  }

  @Test
  void findsWorkloadsThatABaseKeepsBelowEtc() {
    String cni =
        "kind: DaemonSet\nspec: {template: {spec: {containers: [{image: 'calico/node:v3.20.0'}]}}}\n";

    assertThat(
            Discovery.of("etc/calico.yaml", cni + "---\nkind: Config\nspec: {image: no:1}\n")
                .found())
        .containsExactly("calico/node:v3.20.0");
  }
}
