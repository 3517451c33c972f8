package cloud.sealer.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images in scripts and settings that ConfigMaps carry, and in objects of known controllers. */
class TextsOfControllersTest {
  private static Discovery script(String line) {
    return Discovery.of(
        "manifests/app.yaml",
        "kind: ConfigMap\ndata:\n  run.sh: |\n    #!/bin/sh\n    set -e\n    " + line + "\n");
  }

  private static Discovery settings(String text) {
    return Discovery.of(
        "manifests/app.yaml", "kind: ConfigMap\ndata:\n  app.cfg: |\n" + text.indent(4));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "docker run --rm -p 80:8080 -v /data:/data nginx:1.21 sleep 5 | nginx:1.21",
        "docker pull quay.io/prometheus/node-exporter:v1.3.1 && echo done |"
            + " quay.io/prometheus/node-exporter:v1.3.1",
        "ctr -n k8s.io images pull docker.io/library/redis:7.0 | docker.io/library/redis:7.0",
        "kubectl set image deployment/web web=team/web:2.0.1 log='fluent/fluent-bit:2.1' |"
            + " fluent/fluent-bit:2.1, team/web:2.0.1",
        "kubectl run tmp --image=busybox:1.36 --restart=Never | busybox:1.36",
        "test -e x; nerdctl run 'alpine:3.18' | alpine:3.18",
        "if ! crictl pull rancher/pause:3.6; then exit 1; fi | rancher/pause:3.6"
      })
  void scriptsAreSuspectedOfTheImagesTheyStart(String line, String images) {
    Discovery discovery = script(line);
    assertThat(discovery.suspected()).containsExactly(images.split(", "));
    assertThat(discovery.found()).isEmpty();
    assertThat(discovery.unresolved()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "kubectl get pods -n kube-system",
        "kubectl port-forward svc/web 8080:80",
        "kubectl exec -it web -- curl http://localhost:8080/",
        "docker run -u 1000:1000 -p 127.0.0.1:80:80 $IMAGE",
        "docker run --user app:app --network container:web \"$IMAGE\"",
        "docker login registry.local:5000",
        "# docker run nginx:1.21",
        "echo see https://docs.docker.com/run/ for docker run",
      })
  void otherCommandsAreNot(String line) {
    assertThat(script(line).suspected()).isEmpty();
    assertThat(script(line).found()).isEmpty();
  }

  @Test
  void aCommandMayGoOnInTheNextLine() {
    assertThat(script("docker run -d \\\n      nginx:1.21").suspected())
        .containsExactly("nginx:1.21");
  }

  @Test
  void settingsInPairsAreSuspected() {
    Discovery discovery =
        settings(
            """
            [core]
            executor = KubernetesExecutor
            [kubernetes]
            worker_container_repository = apache/airflow
            worker_container_tag = 2.0.1
            git_repository = https://example.com/dags.git
            git_tag = v1
            """);
    assertThat(discovery.suspected()).containsExactly("apache/airflow:2.0.1");
  }

  @Test
  void settingsOfRunnersAndAgentsAreSuspected() {
    assertThat(
            settings(
                    """
                    [[runners]]
                      [runners.kubernetes]
                        image = "ubuntu:20.04"
                        helper_image = "gitlab/gitlab-runner-helper:x86_64-v15.0.0"
                    """)
                .suspected())
        .containsExactly("gitlab/gitlab-runner-helper:x86_64-v15.0.0", "ubuntu:20.04");
    assertThat(
            settings(
                    """
                    jenkins:
                      clouds:
                      - kubernetes:
                          templates:
                          - containers:
                            - image: "jenkins/inbound-agent:4.11-1"
                    """)
                .suspected())
        .containsExactly("jenkins/inbound-agent:4.11-1");
  }

  @Test
  void theArtifactsOfFluxAreFound() {
    String repository =
        "apiVersion: source.toolkit.fluxcd.io/v1beta2\nkind: OCIRepository\nspec:\n"
            + "  url: oci://ghcr.io/stefanprodan/manifests/podinfo\n  ref: {%s}\n";
    assertThat(Discovery.of("manifests/a.yaml", repository.formatted("tag: 6.1.6")).found())
        .containsExactly("ghcr.io/stefanprodan/manifests/podinfo:6.1.6");
    assertThat(
            Discovery.of(
                    "manifests/a.yaml",
                    repository.formatted("tag: x, digest: 'sha256:" + "ab".repeat(32) + "'"))
                .found())
        .containsExactly("ghcr.io/stefanprodan/manifests/podinfo@sha256:" + "ab".repeat(32));
    assertThat(
            Discovery.of("manifests/a.yaml", repository.formatted("semver: '>= 6.1'")).suspected())
        .containsExactly("Flux");
  }

  @Test
  void sidecarsOfPostgresAreFound() {
    assertThat(
            Discovery.of(
                    "manifests/a.yaml",
                    """
                    apiVersion: acid.zalan.do/v1
                    kind: OperatorConfiguration
                    configuration:
                      sidecar_docker_images:
                        exporter: example.com/exporter:0.1
                    """)
                .found())
        .containsExactly("example.com/exporter:0.1");
  }
}
