package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.core.layer.LayerFiles;
import cloud.sealer.core.store.OciLayerStore;
import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.ReferenceProof;
import cloud.sealer.sdk.ReferenceProof.Outcome;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.VerifyReport;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is named in an image is proved to be in it, without anybody to ask. */
@Timeout(60)
class OfflineProofIT {
  private static final String KUBEADM =
      """
      apiVersion: kubeadm.k8s.io/v1beta2
      kind: ClusterConfiguration
      kubernetesVersion: v1.20.2
      imageRepository: sea.hub:5000
      """;

  @TempDir private Path work;
  private Shipyard yard;
  private Sealer sealer;

  @BeforeEach
  void open() {
    yard = new Shipyard(work);
    yard.container("team/web", "1", 1);
    yard.container("team/db", "2", 2);
    sealer = yard.sealer("store");
  }

  @AfterEach
  void close() {
    yard.close();
  }

  private VerifyReport verify() {
    yard.registry.clearRequests();
    VerifyReport report = sealer.images().verify("app:v1", EventListener.NONE);
    assertThat(yard.registry.requests()).isEmpty();
    return report;
  }

  private ReferenceProof proof(VerifyReport report, String image) {
    return report.references().stream()
        .filter(proof -> proof.image().contains(image))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everyNameHasItsPlaceAndItsDigest() {
    yard.build("app:v1")
        .pod("team/web:1")
        .file("manifests/imageList", yard.name("team/db:2"))
        .in(sealer);
    VerifyReport report = verify();
    assertThat(report.problems()).isEmpty();
    assertThat(report.references()).hasSize(2).allMatch(proof -> proof.outcome() == Outcome.OK);
    ReferenceProof web = proof(report, "team/web:1");
    assertThat(web.digest()).isPresent();
    assertThat(web.origins().get(0).file().value()).isEqualTo("manifests/pod.yaml");
    assertThat(web.origins().get(0).line()).isEqualTo(5);
  }

  @Test
  void aNameWithTagAndDigestIsServedByBoth() {
    yard.build("first:v1").pod("team/web:1").in(sealer);
    Digest digest =
        sealer
            .images()
            .inspect("first:v1")
            .platforms()
            .get(0)
            .metadata()
            .containerImages()
            .get(0)
            .digest();
    yard.build("app:v1").pod("team/web:1@" + digest, "team/db@" + dbDigest()).in(sealer);
    VerifyReport report = verify();
    assertThat(report.problems()).isEmpty();
    assertThat(proof(report, "team/web:1@").digest()).contains(digest);
  }

  private Digest dbDigest() {
    yard.build("db:v1").pod("team/db:2").in(sealer);
    return sealer
        .images()
        .inspect("db:v1")
        .platforms()
        .get(0)
        .metadata()
        .containerImages()
        .get(0)
        .digest();
  }

  @Test
  void aTagThatIsGoneFromItsRegistryIsMissing() {
    yard.build("base:v1").pod("team/web:1").in(sealer);
    yard.build("app:v1")
        .kubefile(
            "FROM base:v1\n"
                + "RUN rm -r registry/docker/registry/v2/repositories/team/web/_manifests/tags\n")
        .in(sealer);
    VerifyReport report = verify();
    assertThat(report.ok()).isFalse();
    assertThat(proof(report, "team/web:1").outcome()).isEqualTo(Outcome.MISSING);
    assertThat(report.problems())
        .singleElement()
        .asString()
        .contains("manifests/pod.yaml:5")
        .contains("no tag 1 of team/web");
  }

  @Test
  void aManifestAddedBehindTheBackOfTheBuildIsFound() {
    yard.build("app:v1")
        .kubefile("FROM scratch\nCOPY . .\n")
        .pod("team/web:1")
        .policy(
            new DiscoveryPolicy(
                DiscoveryPolicy.Action.WARN,
                DiscoveryPolicy.Action.FAIL,
                List.of(),
                List.of("*/team/db:*")))
        .file("manifests/imageList", yard.name("team/db:2"))
        .in(sealer);
    VerifyReport report = verify();
    assertThat(proof(report, "team/db:2").outcome()).isEqualTo(Outcome.MISSING);
    assertThat(report.problems()).singleElement().asString().contains("has no team/db");
    DiscoveryPolicy excluded =
        new DiscoveryPolicy(
            DiscoveryPolicy.Action.WARN,
            DiscoveryPolicy.Action.FAIL,
            List.of(),
            List.of("*/team/db:*"));
    assertThat(sealer.images().verify("app:v1", excluded, EventListener.NONE).ok()).isTrue();
  }

  @Test
  void whatTheNodesNeedMustBeThere() {
    yard.build("app:v1").file("etc/kubeadm.yml", KUBEADM).in(sealer);
    VerifyReport report = verify();
    ReferenceProof pause = proof(report, "sea.hub:5000/pause:3.2");
    assertThat(pause.outcome()).isEqualTo(Outcome.MISSING);
    assertThat(pause.origins().get(0).file().value()).isEqualTo("etc/kubeadm.yml");
    assertThat(report.problems()).anyMatch(problem -> problem.contains("pause:3.2"));
    // A run leaves the DNS addon of kubeadm out if the image has none.
    assertThat(proof(report, "coredns").outcome()).isEqualTo(Outcome.SUSPECTED);
    assertThat(report.problems()).noneMatch(problem -> problem.contains("coredns"));
  }

  @Test
  void nodeImagesOfAnotherRegistryAreServedUnderTheSamePath() {
    StringBuilder list = new StringBuilder();
    for (String name :
        List.of(
            "kube-apiserver:v1.20.2",
            "kube-controller-manager:v1.20.2",
            "kube-scheduler:v1.20.2",
            "kube-proxy:v1.20.2",
            "etcd:3.4.13-0",
            "coredns:1.7.0",
            "pause:3.2")) {
      int colon = name.indexOf(':');
      yard.container(name.substring(0, colon), name.substring(colon + 1), 3);
      list.append(yard.name(name)).append('\n');
    }
    yard.build("app:v1")
        .file("etc/kubeadm.yml", KUBEADM)
        .file("manifests/imageList", list.toString())
        .in(sealer);
    assertThat(verify().problems()).isEmpty();
  }

  @Test
  void inAnotherStoreTheBlobsInLayersAreProvedOnce() {
    String name = yard.name("cluster/app:v1");
    yard.build(name).pod("team/web:1", "team/db:2").in(sealer);
    sealer.images().push(name, EventListener.NONE);
    Sealer second = yard.sealer("second");
    second.images().pull(name, EventListener.NONE);
    assertThat(second.images().verify(name, EventListener.NONE).problems()).isEmpty();
    assertThat(second.images().verify(name, EventListener.NONE).problems()).isEmpty();
  }

  @Test
  void aDamagedBlobIsNamedWithTheImagesItBelongsToAndHealedFromTheRegistry() throws IOException {
    String name = yard.name("cluster/app:v1");
    yard.build(name).pod("team/web:1").in(sealer);
    sealer.images().push(name, EventListener.NONE);
    Digest blob =
        sealer.images().inspect(name).platforms().get(0).layers().stream()
            .filter(layer -> layer.annotations().containsKey(Annotations.BLOB))
            .filter(layer -> layer.size() > Shipyard.LAYER)
            .findFirst()
            .orElseThrow()
            .digest();
    Path file = work.resolve("store/blobs/sha256").resolve(blob.hex());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.delete(file);
    Files.write(file, bytes);

    VerifyReport healed = sealer.images().repair(name, DiscoveryPolicy.DEFAULT, EventListener.NONE);
    assertThat(healed.problems()).isEmpty();
    assertThat(healed.healed()).anyMatch(problem -> problem.contains(blob.toString()));
    assertThat(healed.healed()).anyMatch(problem -> problem.contains("team/web:1"));
    assertThat(sealer.images().verify(name, EventListener.NONE).ok()).isTrue();
  }

  @Test
  void aTreeInOrdinaryLayersIsProvedToo() throws IOException {
    yard.build("app:v1").pod("team/web:1").in(sealer);
    Map<String, byte[]> files = filesOf("app:v1");
    VerifyReport whole = verifyPlain(files);
    assertThat(whole.problems()).isEmpty();
    assertThat(whole.references()).extracting(ReferenceProof::outcome).containsExactly(Outcome.OK);

    String largest =
        files.entrySet().stream()
            .max(Comparator.comparing(file -> file.getValue().length))
            .orElseThrow()
            .getKey();
    files.get(largest)[500] ^= 1;
    VerifyReport damaged = verifyPlain(files);
    assertThat(damaged.problems()).anyMatch(problem -> problem.contains(largest));
    assertThat(proof(damaged, "team/web:1").outcome()).isNotEqualTo(Outcome.OK);
  }

  /** Packs files as they are, as sealer and others do, and verifies the image. */
  private VerifyReport verifyPlain(Map<String, byte[]> files) {
    var context = BuildContext.inMemory();
    files.forEach((path, bytes) -> context.file(path, bytes.clone(), 0644));
    sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .kubefile(Kubefile.parse("FROM scratch\nCOPY . .\n"))
                .context(context.build())
                .discovery(
                    new DiscoveryPolicy(
                        DiscoveryPolicy.Action.ACCEPT,
                        DiscoveryPolicy.Action.ACCEPT,
                        List.of(),
                        List.of("*")))
                .name("plain:v1")
                .build());
    assertThat(sealer.images().inspect("plain:v1").platforms().get(0).layers()).hasSize(1);
    return sealer.images().verify("plain:v1", EventListener.NONE);
  }

  private Map<String, byte[]> filesOf(String name) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (OciLayerStore store = new OciLayerStore(work.resolve("store"));
        LayerStore.Session session = store.session();
        FileTree tree =
            LayerFiles.open(
                store,
                LayerFiles.stored(sealer.images().inspect(name).platforms().get(0).layers()),
                path -> true,
                session.scratch())) {
      for (FileTree.Entry entry : tree.entries()) {
        FileTree.Content content = entry.content();
        if (content != null) {
          try (InputStream in = content.open()) {
            files.put(entry.path().value(), in.readAllBytes());
          }
        }
      }
    }
    return files;
  }

  @Test
  void aLayerThatHoldsAnotherBlobThanItSaysIsFound() {
    yard.build("app:v1").pod("team/web:1", "team/db:2").in(sealer);
    var image = sealer.images().inspect("app:v1").platforms().get(0);
    List<Descriptor> layers = new ArrayList<>(image.layers());
    List<Integer> blobs = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).size() > Shipyard.LAYER) {
        blobs.add(i);
      }
    }
    Descriptor one = layers.get(blobs.get(0));
    Descriptor other = layers.get(blobs.get(1));
    String held = one.annotations().get(Annotations.BLOB);
    layers.set(
        blobs.get(0),
        one.withAnnotation(Annotations.BLOB, other.annotations().get(Annotations.BLOB)));
    layers.set(blobs.get(1), other.withAnnotation(Annotations.BLOB, held));
    try (OciLayerStore store = new OciLayerStore(work.resolve("store"));
        LayerStore.Session session = store.session()) {
      OciManifest manifest = new ImageReader(store).manifest(image.manifest());
      byte[] lying =
          new OciManifest(manifest.config(), layers, manifest.annotations())
              .toJson(MediaType.OCI_MANIFEST);
      Digest digest = Documents.write(session, lying);
      store.putName("app:v1", new Descriptor(MediaType.OCI_MANIFEST, digest, lying.length));
    }
    assertThat(verify().problems())
        .anyMatch(problem -> problem.contains("does not hold blob " + held));
  }
}
