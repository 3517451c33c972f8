package cloud.sealer.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.DiscoveryReport.Found;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images under other keys than {@code image}: arguments, variables, parts, texts, annotations. */
class HiddenImagesTest {
  private static final String SUM = "sha256:" + "ab".repeat(32);

  private static Discovery read(String yaml) {
    return Discovery.of("manifests/app.yaml", yaml);
  }

  private static Discovery container(String yaml) {
    return read(
        "kind: Deployment\nspec: {template: {spec: {containers: [{name: c, " + yaml + "}]}}}\n");
  }

  private static Discovery custom(String spec) {
    return read("apiVersion: example.com/v1\nkind: Thing\nspec: " + spec + "\n");
  }

  @Test
  void findsTheHelperOfAnOperatorInArgumentsAndVariables() {
    Discovery discovery =
        container(
            "args: ['--helper-image=openebs/linux-utils:3.0.0', -v],"
                + " env: [{name: HELPER_IMAGE, value: 'openebs/cstor-pool:2'}]");

    assertThat(discovery.found())
        .containsExactly("openebs/cstor-pool:2", "openebs/linux-utils:3.0.0");
    assertThat(discovery.report().found())
        .flatExtracting(Found::origins)
        .extracting(o -> o.path().replaceFirst(".*\\]\\.", "") + " " + o.rule())
        .containsExactly("value environment", "args[0] argument");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "args: ['--engine-image', 'longhornio/engine:v1_2'] | longhornio/engine:v1_2",
        "args: [-image, busybox:1] | busybox:1",
        "args: ['--image=quay.io/a/b'] | quay.io/a/b:latest",
        "args: ['--sidecar-image=a/b'] | a/b:latest",
        "args: [sub, 'X_IMAGE=a/b:1'] | a/b:1",
        "args: ['--prometheus-config-reloader=quay.io/p/reloader:v0.47.0'] | quay.io/p/reloader:v0.47.0",
        "args: ['--reloader=jimmidyson/configmap-reload:v0.5.0'] | jimmidyson/configmap-reload:v0.5.0",
        "args: ['host.io:5000/a/b:1'] | host.io:5000/a/b:1",
        "args: ['--images=a/b:1,c/d:2'] | a/b:1, c/d:2",
        "args: ['--helper-image=$(A)/x:$(V)'], env: [{name: A, value: q.io/a}, {name: V, value: v2}] | q.io/a/x:v2",
        "command: [sh, -c, 'exec run --w-image=q.io/w/w:2 --v $V'] | q.io/w/w:2",
        "env: [{name: RELATED_IMAGE_AGENT, value: 'jaeger/agent:1'}] | jaeger/agent:1",
        "env: [{name: IMAGE, value: 'nginx:1'}] | nginx:1",
        "env: [{name: ANY, value: 'quay.io/any/thing:v3'}] | quay.io/any/thing:v3",
        "env: [{name: DEFAULT_IMAGE_FOR_JOBS, value: 'jobs/run:7'}] | jobs/run:7",
        "env: [{name: KAFKA_IMAGES, value: \"3.6=q.io/k/k:1\\n3.7=q.io/k/k:2\\n\"}] | q.io/k/k:1, q.io/k/k:2",
        "env: [{name: A_IMAGE_REPOSITORY, value: q.io/a}, {name: A_IMAGE_TAG, value: '1.4'}] | q.io/a:1.4",
        "env: {HELPER_IMAGE: 'm/ap:1'} | m/ap:1",
      })
  void finds(String yaml, String images) {
    Discovery discovery = container(yaml);

    assertThat(discovery.found()).containsExactly(images.split(", "));
    assertThat(discovery.unresolved()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "--v=2",
        "--listen=0.0.0.0:9402",
        "--upstream=http://127.0.0.1:8080/",
        "--image-pull-policy=always",
        "--image-pull-secrets=a,b",
        "--config=/etc/config/app:1.2",
        "--csi-address=/csi/csi.sock",
        "--endpoint=unix:///csi/csi.sock",
        "--metrics=localhost:8080",
        "8080:80",
        "--time=12:30",
        "--user=system:serviceaccount:ns:sa",
        "--node=system:node:a",
        "--repo=git@github.com:foo/bar.git",
        "--module=github.com/foo/bar:v1.2",
        "--taint=node.kubernetes.io/x=true:NoSchedule",
        "--type=storage.k8s.io/v1:StorageClass",
        "--thanos-default-base-image=quay.io/thanos/thanos",
        "--url=https://quay.io/a/b:1",
        "--service=kube-system/dns:53",
        "--redis=redis:6379",
        "--kafka=k.ns.svc.cluster.local:9092",
        "--file=data/disk:1",
        "--image=true",
        "--image=10",
        "IMAGE_REGISTRY=registry.local:5000",
        "IMAGE_TAG=v1.2.3",
        "IMAGE_PULL_POLICY=Always",
        "--image="
      })
  void leavesOtherArgumentsAlone(String argument) {
    List<String> ignored = container("args: ['" + argument + "']").suspected();

    assertThat(container("args: ['" + argument + "']").found()).isEmpty();
    assertThat(container("args: ['" + argument + "']").unresolved()).isEmpty();
    assertThat(ignored).isEmpty();
  }

  @Test
  void aVariableThatNothingSetsIsUnresolved() {
    assertThat(container("args: ['--a-image=$(NO)']").unresolved()).containsExactly("$(NO)");
    assertThat(container("env: [{name: A_IMAGE, value: '{{ .Values.x }}'}]").unresolved())
        .containsExactly("{{ .Values.x }}");
  }

  @Test
  void aWordMayBeAnImage() {
    assertThat(container("env: [{name: HELPER_IMAGE, value: busybox}]").suspected())
        .containsExactly("busybox");
    assertThat(
            container("command: [sh, -c, 'ctr image pull registry.k8s.io/pause:3.6']").suspected())
        .containsExactly("registry.k8s.io/pause:3.6");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{image: {repository: a/b, tag: 6.20}} | a/b:6.20",
        "{image: {registry: docker.io, repository: bitnami/redis, tag: '6', digest: ''}} | bitnami/redis:6",
        "{image: {registry: q.io, repository: q.io/a/b, tag: v1}} | q.io/a/b:v1",
        "{x: {image: {repository: q.io/a/b, digest: SUM}}} | q.io/a/b@SUM",
        "{x: {repository: q.io/a/b, tag: v1, sha: HEX}} | q.io/a/b:v1@SUM",
        "{image: {name: q.io/a/b, tag: v1}} | q.io/a/b:v1",
        "{imageRepository: a/b, imageTag: 1.20} | a/b:1.20",
        "{sidecarImageRepository: a/b, sidecarImageTag: '2'} | a/b:2",
        "{gpu: {repository: nvcr.io/nvidia, image: dcgm, version: '3'}} | nvcr.io/nvidia/dcgm:3",
        "{dex: {image: ghcr.io/dexidp/dex, version: v2.35}} | ghcr.io/dexidp/dex:v2.35",
        "{dex: {image: ghcr.io/dexidp/dex, version: SUM}} | ghcr.io/dexidp/dex@SUM",
        "{image: 'a/b:1', version: '9'} | a/b:1",
      })
  void putsPartsTogether(String spec, String image) {
    Discovery discovery = custom(spec.replace("SUM", SUM).replace("HEX", "ab".repeat(32)));

    assertThat(discovery.found()).containsExactly(image.replace("SUM", SUM));
    assertThat(discovery.suspected()).isEmpty();
    assertThat(discovery.unresolved()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "{git: {repository: 'https://github.com/a/b.git', tag: v1}}",
        "{git: {repository: github.com/a/b, tag: v1}}",
        "{chart: {repository: charts/app, version: 1.2.3}}",
        "{snapshot: {repository: backups}}",
        "{imageRepository: registry.k8s.io, imageTag: v1}",
        "{schedule: '*/5 * * * *', any: 'a/b', port: '80:80'}",
      })
  void otherPartsAreNoImages(String spec) {
    assertThat(custom(spec).report()).isEqualTo(DiscoveryReport.EMPTY);
  }

  @Test
  void partsMayLackTheTagOrHaveAVariable() {
    assertThat(custom("{image: {repository: q.io/a/b}}").suspected()).containsExactly("q.io/a/b");
    assertThat(custom("{image: {repository: a/b, tag: '{{ .v }}'}}").unresolved())
        .containsExactly("a/b:{{ .v }}");
  }

  @Test
  void whatOnlyLooksLikeAnImageIsSuspectedOnce() {
    Discovery discovery = custom("{any: 'quay.io/any/any:v1', same: {image: 'quay.io/same/x:1'}}");

    assertThat(discovery.suspected()).containsExactly("quay.io/any/any:v1");
    assertThat(discovery.onlyOrigin().rule()).isEqualTo("image-key");
  }

  @Test
  void textsOfAllObjectsAreSuspected() {
    Discovery discovery =
        read(
            """
            kind: ConfigMap
            data:
              conf.json: '{"plugins": [{"image": "quay.io/json/cm:1"}]}'
              values.yaml: |
                image: {repository: quay.io/grp/x, tag: "1.2"}
                args: ["--a-image=quay.io/inner/arg:3"]
              nested.json: '{"manifest": "{\\"image\\": \\"quay.io/nested/n:1\\"}"}'
              script.sh: |
                echo "hello: world" && curl http://a.b.c:8080/x
            ---
            kind: Application
            spec: {helm: {values: "image: {repository: quay.io/app/v, tag: v2}\\nx: 1\\n"}}
            """);

    assertThat(discovery.suspected())
        .containsExactly(
            "quay.io/app/v:v2",
            "quay.io/grp/x:1.2",
            "quay.io/inner/arg:3",
            "quay.io/json/cm:1",
            "quay.io/nested/n:1");
    assertThat(discovery.found()).isEmpty();
    assertThat(discovery.unresolved()).isEmpty();
  }

  @Test
  void annotationsAreSuspectedButNotWhatWasAppliedLast() {
    Discovery discovery =
        read(
            """
            kind: Deployment
            metadata:
              annotations:
                kubectl.kubernetes.io/last-applied-configuration: |
                  {"spec":{"image":"quay.io/old/thing:v1"}}
                sidecar.istio.io/proxyImage: docker.io/istio/proxyv2:1.20.1
                alm-examples: '[{"kind": "X", "spec": {"image": "quay.io/ex/ample:1"}}]'
                prometheus.io/port: "9090"
                note: see https://quay.io/a/b:1
            """);

    assertThat(discovery.suspected())
        .containsExactly("docker.io/istio/proxyv2:1.20.1", "quay.io/ex/ample:1");
  }

  @Test
  void parametersAreSuspected() {
    assertThat(
            custom("{params: [{name: image.tag, value: v1}, {name: IMAGE, default: 'q.io/b/s:1'}]}")
                .suspected())
        .containsExactly("q.io/b/s:1");
  }

  @Test
  void templatesAreReadAsObjectsToo() {
    Discovery discovery =
        Discovery.of(
            "manifests/a.yaml.tmpl",
            """
            kind: Deployment
            metadata:
              name: {{ .Name }}
              labels:
                {{- include "labels" . | nindent 4 }}
            spec:
              containers:
              - name: a
                {{- if .Old }}
                image: quay.io/a/a:1
                {{- else }}
                image: quay.io/a/a:2
                {{- end }}
                args:
                - --helper-image=quay.io/h/h:2
                {{- range .Args }}
                - {{ . }}
                {{- end }}
                - --b-image={{ .Registry }}/b:1
                env:
                - name: X_IMAGE
                  value: "x/y:3"
            {{/* comment
             image: no:1 */}}
            """);

    assertThat(discovery.found())
        .containsExactly("x/y:3", "quay.io/a/a:1", "quay.io/a/a:2", "quay.io/h/h:2");
    assertThat(discovery.unresolved()).containsExactly("{{ .Registry }}/b:1");
    assertThat(discovery.suspected()).isEmpty();
    assertThat(discovery.report().found().get(3).origins())
        .singleElement()
        .hasToString(
            "manifests/a.yaml.tmpl:15 (Deployment/{{ .Name }} spec.containers[0].args[0])");
  }
}
