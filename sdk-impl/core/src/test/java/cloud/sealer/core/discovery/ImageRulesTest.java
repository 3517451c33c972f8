package cloud.sealer.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules as data: the ones that come along, and the user's. */
class ImageRulesTest {
  private static final String RULES = "manifests/imageRules";

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "postgresql.cnpg.io/v1 | Cluster | spec: {imageName: 'ghcr.io/cnpg/pg:15'} | ghcr.io/cnpg/pg:15",
        "monitoring.coreos.com/v1 | Prometheus | spec: {baseImage: q.io/p/p, version: v2} | q.io/p/p:v2",
        "monitoring.coreos.com/v1 | Prometheus | spec: {version: v2.26.0} | quay.io/prometheus/prometheus:v2.26.0",
        "monitoring.coreos.com/v1 | Alertmanager | spec: {image: 'q.io/a:v1', version: v9} | q.io/a:v1",
        "elasticsearch.k8s.elastic.co/v1 | Elasticsearch | spec: {version: 8.5.0} | docker.elastic.co/elasticsearch/elasticsearch:8.5.0",
        "beat.k8s.elastic.co/v1beta1 | Beat | spec: {type: filebeat, version: 8.5.0} | docker.elastic.co/beats/filebeat:8.5.0",
        "ceph.rook.io/v1 | CephCluster | spec: {cephVersion: {image: 'q.io/ceph:17'}} | q.io/ceph:17",
        "longhorn.io/v1beta1 | Setting | value: longhornio/x:v1 | longhornio/x:v1",
        "cdi.kubevirt.io/v1 | DataVolume | spec: {source: {registry: {url: 'docker://q.io/d:3'}}} | q.io/d:3",
        "pingcap.com/v1alpha1 | TidbCluster | spec: {version: v6, tikv: {baseImage: pingcap/tikv}} | pingcap/tikv:v6",
        "install.istio.io/v1 | IstioOperator | spec: {hub: docker.io/istio, tag: '1.2'} | istio/pilot:1.2, istio/proxyv2:1.2",
        "kustomize.config.k8s.io/v1 | Kustomization | images: [{name: nginx, newTag: '2'}] | nginx:2",
        "install.istio.io/v1 | IstioOperator | spec: {values: {global: {hub: q.io/i, tag: '1', proxy: {image: px}}}} | q.io/i/pilot:1, q.io/i/px:1",
        "kustomize.toolkit.fluxcd.io/v1 | Kustomization | spec: {images: [{name: a, newName: q.io/b, newTag: '2'}]} | q.io/b:2",
        "helm.toolkit.fluxcd.io/v2 | HelmRelease | spec: {postRenderers: [{kustomize: {images: [{name: q.io/b, newTag: v3}]}}]} | q.io/b:v3",
        "argoproj.io/v1 | Application | spec: {source: {kustomize: {images: ['q.io/a:1', 'app=q.io/b/c:2']}}} | q.io/a:1, q.io/b/c:2",
        "mysql.oracle.com/v2 | InnoDBCluster | spec: {version: 8.0.33, imageRepository: 'reg:5000/m'} | reg:5000/m/community-router:8.0.33, reg:5000/m/community-server:8.0.33",
        "scylla.scylladb.com/v1 | ScyllaCluster | spec: {version: 5.2.0, agentVersion: 3.1.2} | scylladb/scylla-manager-agent:3.1.2, scylladb/scylla:5.2.0",
        "datadoghq.com/v2 | DatadogAgent | spec: {override: {nodeAgent: {image: {name: agent, tag: '7'}}, clusterAgent: {image: {name: 'q.io/c:8'}}}} | gcr.io/datadoghq/agent:7, q.io/c:8",
        "upgrade.cattle.io/v1 | Plan | spec: {version: v1.27.4+k3s1, upgrade: {image: rancher/up}} | rancher/up:v1.27.4-k3s1",
        "apps.kruise.io/v1 | ImageListPullJob | spec: {images: ['nginx:1', 'busybox:2']} | busybox:2, nginx:1",
        "kubeadm.k8s.io/v1 | ClusterConfiguration | dns: {imageRepository: q.io/dns, imageTag: v1} | q.io/dns/coredns:v1",
        "v1 | ConfigMap | data: {ROOK_CSI_CEPH_IMAGE: 'q.io/csi:1', LOG: x} | q.io/csi:1",
        "v1 | ConfigMap | data: {storageInitializer: '{\"image\": \"kserve/init:1\"}'} | kserve/init:1",
        "tekton.dev/v1 | Task | spec: {steps: [{image: 'a/b:1'}], stepTemplate: {image: 'c/d:1'}} | a/b:1, c/d:1",
      })
  void knowsOperators(String apiVersion, String kind, String body, String images) {
    String name =
        body.contains("ROOK")
            ? "rook-ceph-operator-config"
            : kind.equals("Setting") ? "default-engine-image" : "inferenceservice-config";
    Discovery discovery =
        Discovery.of(
            "manifests/a.yaml",
            "apiVersion: "
                + apiVersion
                + "\nkind: "
                + kind
                + "\nmetadata: {name: "
                + name
                + "}\n"
                + body);

    assertThat(discovery.found()).containsExactly(images.split(", "));
    assertThat(discovery.suspected()).isEmpty();
    assertThat(discovery.unresolved()).isEmpty();
    assertThat(discovery.report().found())
        .allSatisfy(found -> assertThat(found.origins()).hasSize(1));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "monitoring.coreos.com/v1 | Prometheus | {replicas: 1} | Prometheus",
        "monitoring.coreos.com/v1 | Prometheus | {thanos: {image: 'q.io/t:1'}} | Prometheus",
        "monitoring.coreos.com/v1 | Alertmanager | {replicas: 3} | Alertmanager",
        "monitoring.coreos.com/v1 | ThanosRuler | {replicas: 1} | Thanos",
        "mysql.oracle.com/v2 | InnoDBCluster | {router: {version: 8.3.0}} | MySQL",
        "nvidia.com/v1 | ClusterPolicy | {driver: {repository: q.io, image: driver, version: 550.54}} | 550.54",
        "nvidia.com/v1alpha1 | NVIDIADriver | {repository: q.io, image: driver, version: '550'} | 550",
      })
  void tellsOfImagesThatOnlyTheOperatorKnows(
      String apiVersion, String kind, String spec, String suspected) {
    Discovery discovery =
        Discovery.of(
            "manifests/a.yaml",
            "apiVersion: " + apiVersion + "\nkind: " + kind + "\nspec: " + spec);

    assertThat(discovery.suspected()).containsExactly(suspected);
    assertThat(discovery.found()).noneMatch(image -> image.contains("driver"));
  }

  private static final String THING =
      "apiVersion: db.example.com/v1\nkind: Thing\nspec: {imageName: 'q.io/pg:15', tools: [{pic: 'a/b'}]}\n";

  @Test
  void anImageWithoutARuleIsUnresolvedAndWithOneFound() {
    FilesInMemory files = FilesInMemory.of("manifests/a.yaml", THING);

    Discovery without = Discovery.of(files);
    Discovery with =
        Discovery.of(
            files.and(
                RULES,
                "# ours\n- group: db.example.com\n  kind: Thing\n  images: [spec.imageName, 'spec.tools[*].pic']\n"));

    assertThat(without.unresolved()).containsExactly("q.io/pg:15");
    assertThat(without.report().unresolved().get(0).reason()).contains("Thing in db.example.com");
    assertThat(with.found()).containsExactly("a/b:latest", "q.io/pg:15");
    assertThat(with.unresolved()).isEmpty();
    assertThat(with.report().found().get(0).origins())
        .singleElement()
        .satisfies(
            origin -> {
              assertThat(origin.path()).isEqualTo("spec.tools[0].pic");
              assertThat(origin.rule()).isEqualTo("custom-resource");
            });
  }

  @Test
  void usersMayIgnorePlacesAndOverrideRules() {
    FilesInMemory files =
        FilesInMemory.of("manifests/a.yaml", THING)
            .and(
                "manifests/b.yaml",
                "apiVersion: ceph.rook.io/v1\nkind: CephCluster\nspec: {a: {image: 'no:1'}, ab: {image: 'yes:1'}}")
            .and(RULES, "[{kind: Thing, ignore: spec}, {group: ceph.rook.io, ignore: [spec.a]}]");

    assertThat(Discovery.of(files).found()).containsExactly("yes:1");
    assertThat(Discovery.of(files).unresolved()).isEmpty();
  }

  @Test
  void policiesScansAndMachinesNameNoImages() {
    String yaml =
        """
        apiVersion: kyverno.io/v1
        kind: ClusterPolicy
        spec: {rules: [{validate: {pattern: {spec: {containers: [{image: "!*:latest"}]}}}}]}
        ---
        apiVersion: image.toolkit.fluxcd.io/v1beta1
        kind: ImageRepository
        spec: {image: ghcr.io/stefanprodan/podinfo}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
        kind: GCPMachineTemplate
        spec: {template: {spec: {image: projects/p/global/images/ubuntu}}}
        ---
        apiVersion: sealer.cloud/v2
        kind: Cluster
        spec: {image: "kubernetes:v1.19.8"}
        ---
        apiVersion: aquasecurity.github.io/v1alpha1
        kind: VulnerabilityReport
        report: {artifact: {repository: library/nginx, tag: '1.16'}}
        ---
        apiVersion: policy.sigstore.dev/v1beta1
        kind: ClusterImagePolicy
        spec: {images: [{glob: "q.io/x/y:1"}]}
        """;

    assertThat(Discovery.of("manifests/a.yaml", yaml).report())
        .isEqualTo(cloud.sealer.sdk.DiscoveryReport.EMPTY);
  }

  @Test
  void whatOnlyAppliedPoliciesUseIsSuspected() {
    Discovery discovery =
        Discovery.of(
            "manifests/a.yaml",
            """
            apiVersion: kyverno.io/v1
            kind: ClusterPolicy
            spec:
              rules:
              - mutate: {patch: {spec: {containers: [{image: 'q.io/sidecar:1'}, {image: '{{ regex() }}'}]}}}
              - generate: {data: {spec: {containers: [{image: 'q.io/made:1'}]}}}
            """);

    assertThat(discovery.found()).containsExactly("q.io/made:1");
    assertThat(discovery.suspected()).containsExactly("q.io/sidecar:1");
    assertThat(discovery.unresolved()).isEmpty();
  }

  @Test
  void imagesThatAControllerChoosesAreTold() {
    String yaml = "apiVersion: kubevirt.io/v1\nkind: KubeVirt\nspec: %s\n";

    assertThat(Discovery.of("manifests/a.yaml", yaml.formatted("{}")).report().suspected())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.text()).isEqualTo("KubeVirt");
              assertThat(finding.reason()).contains("manifests/imageList");
            });
    assertThat(
            Discovery.of(
                    "manifests/a.yaml", yaml.formatted("{imageRegistry: q.io/k, imageTag: v1}"))
                .suspected())
        .isEmpty();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "kustomize.config.k8s.io/v1 | Kustomization | resources: [a.yaml, ../base, 'https://a.io/b.yaml', 'github.com/o/r//x?ref=v1', 'git@a.io:o/r'] | git@a.io:o/r, github.com/o/r//x?ref=v1, https://a.io/b.yaml",
        "kustomize.config.k8s.io/v1 | Kustomization | bases: [base, 'https://a.io/o/r.git'] | https://a.io/o/r.git",
        "kustomize.config.k8s.io/v1 | Kustomization | helmCharts: [{name: web, repo: 'https://a.io/charts'}, {name: here}] | https://a.io/charts",
        "kustomize.config.k8s.io/v1 | Kustomization | images: [{name: nginx, newName: q.io/nginx}, {name: x/y}] | q.io/nginx",
        "kustomize.toolkit.fluxcd.io/v1 | Kustomization | spec: {images: [{name: a, newName: q.io/b}]} | q.io/b",
        "helm.toolkit.fluxcd.io/v2 | HelmRelease | spec: {chart: {spec: {chart: podinfo, version: 6.x}}} | podinfo",
        "helm.toolkit.fluxcd.io/v2 | HelmRelease | spec: {chartRef: {kind: OCIRepository, name: web}} | web",
        "helm.cattle.io/v1 | HelmChart | spec: {repo: 'https://a.io', chart: traefik} | traefik",
        "argoproj.io/v1alpha1 | Application | spec: {source: {repoURL: 'https://a.io', chart: redis}} | redis",
        "argoproj.io/v1alpha1 | Application | spec: {sources: [{repoURL: 'https://a.io', chart: redis}, {repoURL: 'https://b.io/r.git'}]} | https://b.io/r.git, redis",
        "argoproj.io/v1alpha1 | ApplicationSet | spec: {template: {spec: {source: {repoURL: 'https://b.io/r.git'}}}} | https://b.io/r.git",
      })
  void whatIsFetchedLaterIsTold(String apiVersion, String kind, String body, String texts) {
    Discovery discovery =
        Discovery.of(
            "manifests/a.yaml", "apiVersion: " + apiVersion + "\nkind: " + kind + "\n" + body);

    assertThat(discovery.suspected()).containsExactly(texts.split(", "));
    assertThat(discovery.report().suspected())
        .allSatisfy(one -> assertThat(one.reason()).contains("in manifests/imageList"));
    assertThat(discovery.found()).isEmpty();
    assertThat(discovery.unresolved()).isEmpty();
  }

  @Test
  void whatHasAnotherSchemeIsNoImage() {
    String yaml =
        """
        apiVersion: cdi.kubevirt.io/v1beta1
        kind: DataVolume
        spec: {source: {registry: {url: 'https://a.b/disk'}}}
        """;

    assertThat(Discovery.of("manifests/a.yaml", yaml).report())
        .isEqualTo(cloud.sealer.sdk.DiscoveryReport.EMPTY);
  }

  @Test
  void aPartThatIsATemplateOrNoNameIsUnresolved() {
    String yaml = "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nspec: {imageName: '%s'}\n";

    assertThat(Discovery.of("manifests/a.yaml", yaml.formatted("{{ .x }}")).unresolved())
        .isEqualTo(List.of("{{ .x }}"));
    assertThat(Discovery.of("manifests/a.yaml", yaml.formatted("Bad Name")).unresolved())
        .isEqualTo(List.of("Bad Name"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "- kind: A | needs \"images\", \"ignore\", \"suspect\", \"hidden\" or \"mention\"",
        "- {kind: A, mention: [a]} | a rule with \"mention\" needs \"because\"",
        "- images: [a] | needs a \"kind\" or a \"group\"",
        "- {kind: A, image: [a]} | unknown key \"image\"",
        "- {kind: A, images: ['a..b[']} | not a path",
        "- {kind: A, images: ['{}:1']} | no path in braces",
        "- text | a rule is a mapping",
        "a: [ | expected",
      })
  void aMistakeIsNamed(String rules, String problem) {
    FilesInMemory files = FilesInMemory.of(RULES, rules);

    assertThatThrownBy(() -> Discovery.of(files))
        .isInstanceOfSatisfying(
            SealerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONTEXT);
              assertThat(e.remedy()).contains("Write each rule like");
            })
        .hasMessageContaining(RULES)
        .hasMessageContaining(problem);
  }
}
