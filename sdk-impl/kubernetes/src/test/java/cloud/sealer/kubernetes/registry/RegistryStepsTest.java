package cloud.sealer.kubernetes.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.kubernetes.certificate.CertificateAuthority;
import cloud.sealer.kubernetes.certificate.KeyAndCertificate;
import cloud.sealer.kubernetes.rootfs.RegistrySettings;
import cloud.sealer.kubernetes.step.ScriptedHost;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.sdk.SealerException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Test;

class RegistryStepsTest {
  private static final String PASSWORD = "pa$$ \"word'";
  private static final String CERTS = "/var/lib/sealer/data/test/rootfs/certs/";
  private static final String STATE = "/var/lib/sealer/data/test/state/";

  private final ScriptedHost host = ScriptedHost.of("10.0.0.1", "master");
  private final ScriptedHost worker = ScriptedHost.of("10.0.0.9", "node").knows(host);

  private ClusterRegistry registry(String settings, String... names) {
    return new ClusterRegistry(
        RegistrySettings.parse(settings), host.view(), "10.0.0.1", List.of(names));
  }

  private RegistryCertificate certificate(ClusterRegistry registry) {
    Clock clock = Clock.systemUTC();
    return new RegistryCertificate(
        registry, host.view().paths(), new CertificateAuthority(clock, new SecureRandom()), clock);
  }

  @Test
  void theAuthorityStaysWhenTheCertificateIsMadeForMoreNames() {
    certificate(registry("domain: sea.hub", "k8s.gcr.io")).run(host.context("certificate"));
    String authority = host.uploads().get(STATE + "registry-ca.crt");

    certificate(registry("domain: sea.hub", "quay.io")).run(host.context("certificate"));

    assertThat(host.uploads().get(STATE + "registry-ca.crt")).isEqualTo(authority);
    assertThat(KeyAndCertificate.names(host.uploads().get(CERTS + "sea.hub.crt")))
        .containsExactlyInAnyOrder("sea.hub", "10.0.0.1", "k8s.gcr.io", "quay.io");
    assertThat(host.mode(CERTS + "sea.hub.key")).isEqualTo(0600);
    assertThat(host.mode(STATE + "registry-ca.key")).isEqualTo(0600);
    assertThat(host.visible()).doesNotContain("PRIVATE KEY");
  }

  @Test
  void aHostTrustsTheRegistryUnderAllItsNames() {
    host.file(STATE + "registry-ca.crt", "the authority");

    new TrustRegistry(worker.view(), registry("domain: sea.hub", "quay.io", "harbor.test:8443"))
        .run(worker.context("trust"));

    assertThat(worker.uploads())
        .containsEntry("/etc/docker/certs.d/sea.hub:5000/ca.crt", "the authority")
        .containsEntry("/etc/docker/certs.d/quay.io/ca.crt", "the authority")
        .containsEntry("/etc/docker/certs.d/harbor.test:8443/ca.crt", "the authority");
    assertThat(worker.stdin()).anyMatch(block -> block.contains("\n10.0.0.1 sea.hub\n"));
  }

  @Test
  void aPasswordReachesTheRegistryAsAHashAndNoCommand() {
    ClusterRegistry guarded =
        registry("{domain: sea.hub, username: admin, password: 'pa$$ \"word'''}");

    new StartRegistry(guarded, "rootfs", new SecureRandom()).run(host.context("registry"));

    String path = "/var/lib/sealer/data/test/rootfs/etc/registry_htpasswd";
    String[] line = host.uploads().get(path).strip().split(":", 2);
    assertThat(line[0]).isEqualTo("admin");
    assertThat(OpenBSDBCrypt.checkPassword(line[1], PASSWORD.toCharArray())).isTrue();
    assertThat(host.mode(path)).isEqualTo(0600);
    assertThat(host.visible()).doesNotContain(PASSWORD);
    assertThat(host.titles())
        .containsExactly("init-registry.sh", "push the archives of images/ into the registry");
    assertThat(host.commands().get(0).environment())
        .containsEntry("PORT", "5000")
        .containsEntry("DOMAIN", "sea.hub")
        .containsEntry("VOLUME", "/var/lib/sealer/data/test/rootfs/registry");
  }

  @Test
  void aLoginKeepsTheOthersOfTheHost() {
    ClusterRegistry guarded =
        registry("{domain: sea.hub, username: admin, password: secret}", "quay.io");
    worker.answer("read /root/.docker/config.json", "{\"auths\":{\"other\":{\"auth\":\"x\"}}}");

    new RegistryLogin(worker.view(), guarded).run(worker.context("login"));

    assertThat(worker.uploads().get("/root/.docker/config.json"))
        .contains("\"other\"", "\"sea.hub:5000\"", "\"quay.io\"", "https://index.docker.io/v1/")
        .contains("YWRtaW46c2VjcmV0");
    assertThat(worker.mode("/root/.docker/config.json")).isEqualTo(0600);
    assertThat(worker.titles()).endsWith("let the kubelet read /root/.docker/config.json");
    assertThat(worker.visible()).doesNotContain("YWRtaW46c2VjcmV0");
  }

  @Test
  void aLoginRefusesAFileThatIsNotDockers() {
    worker.answer("read /root/.docker/config.json", "[1]");

    assertThatThrownBy(
            () ->
                new RegistryLogin(
                        worker.view(),
                        registry("{domain: sea.hub, username: admin, password: secret}"))
                    .run(worker.context("login")))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("config.json");
  }

  @Test
  void aHostWithAProxyAsksItForNothingOfTheCluster() {
    worker.answer(
        "look for a proxy of docker",
        "Environment=HTTPS_PROXY=http://proxy:3128 NO_PROXY=corp.test\n");
    NoProxy step =
        new NoProxy(
            worker.view(),
            registry("domain: sea.hub"),
            List.of("10.0.0.1", "10.0.0.9", "100.64.0.0/10", "10.96.0.0/22"));

    step.run(worker.context("no proxy"));

    assertThat(worker.uploads())
        .containsOnlyKeys("/etc/systemd/system/docker.service.d/sealer-no-proxy.conf")
        .containsValue(
            """
            [Service]
            Environment="NO_PROXY=LIST" "no_proxy=LIST"
            """
                .replace(
                    "LIST",
                    "corp.test,.cluster.local,.svc,10.0.0.1,10.0.0.9,10.96.0.0/22,100.64.0.0/10,"
                        + "127.0.0.1,localhost,sea.hub"));
    assertThat(worker.titles())
        .containsExactly(
            "look for a proxy of docker", "restart docker", "look for a proxy of containerd");
  }

  @Test
  void containerdOfAHostWithAProxyIsToldOfTheClusterToo() {
    worker.answer("look for a proxy of containerd", "Environment=http_proxy=http://proxy:3128\n");

    new NoProxy(worker.view(), registry("domain: sea.hub"), List.of("10.0.0.1"))
        .run(worker.context("no proxy"));

    assertThat(
            worker.uploads().get("/etc/systemd/system/containerd.service.d/sealer-no-proxy.conf"))
        .contains("sea.hub", "10.0.0.1");
    assertThat(worker.titles()).endsWith("restart containerd");
  }

  @Test
  void aHostWithoutAProxyStaysAsItIs() {
    worker.answer("look for a proxy of docker", "Environment=\n");

    new NoProxy(worker.view(), registry("domain: sea.hub"), List.of("10.0.0.1"))
        .run(worker.context("no proxy"));

    assertThat(worker.uploads()).isEmpty();
    assertThat(worker.titles())
        .containsExactly("look for a proxy of docker", "look for a proxy of containerd");
  }

  @Test
  void theServiceTakesEveryPortOfOtherRegistriesToOurs() {
    String manifest =
        new StandInService(
                host.view().host(), registry("port: 5001", "quay.io", "harbor.test:8443"))
            .manifest();

    assertThat(manifest)
        .contains("port: 443, targetPort: 5001", "port: 8443, targetPort: 5001")
        .contains("ip: \"10.0.0.1\"")
        .doesNotContain("selector");
  }

  @Test
  void certificatesComeBeforeTrustAndTrustBeforeTheRegistry() {
    List<Stage> stages =
        new RegistrySteps(
                registry("domain: sea.hub"),
                host.view().paths(),
                Clock.systemUTC(),
                new SecureRandom())
            .start(List.of(host.view(), worker.view()), List.of("10.0.0.1"), "rootfs");

    assertThat(stages.stream().flatMap(stage -> stage.steps().stream()).map(Step::toString))
        .containsExactly(
            "10.0.0.1 registry certificate",
            "10.0.0.1 trust the registry",
            "10.0.0.1 registries of containerd",
            "10.0.0.1 no proxy for the cluster",
            "10.0.0.9 trust the registry",
            "10.0.0.9 registries of containerd",
            "10.0.0.9 no proxy for the cluster",
            "10.0.0.1 registry");
  }
}
