package cloud.sealer.examples.quickstart;

import cloud.sealer.sdk.BuildContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The files that the two builds start from. They stand where real ones would: the programs of the
 * base image are scripts that only say their name.
 */
final class ExampleFiles {
  private static final String KUBEFILE =
      """
      FROM kubernetes:v1.19.8
      ARG Version=4.0.0
      RUN echo ${Version}
      COPY mysql.tar images
      COPY imageList manifests
      COPY traefik charts
      COPY shell.yaml plugins
      COPY recommended.yaml manifests
      CMD kubectl apply -f manifests/recommended.yaml
      CMD helm install mytest charts/traefik
      """;

  private static final String RECOMMENDED =
      """
      apiVersion: v1
      kind: Namespace
      metadata:
        name: kubernetes-dashboard
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: kubernetes-dashboard
        namespace: kubernetes-dashboard
      spec:
        selector:
          matchLabels: {k8s-app: kubernetes-dashboard}
        template:
          metadata:
            labels: {k8s-app: kubernetes-dashboard}
          spec:
            containers:
              - name: kubernetes-dashboard
                image: REGISTRY/kubernetesui/dashboard:v2.2.0
              - name: metrics-scraper
                image: REGISTRY/kubernetesui/metrics-scraper:v1.0.6
      """;

  private static final String IMAGE_LIST =
      """
      # what no manifest names
      REGISTRY/library/mysql:8.0.26
      REGISTRY/library/traefik:v2.5.3
      """;

  private static final String PLUGIN =
      """
      apiVersion: sealer.aliyun.com/v1alpha1
      kind: Plugin
      metadata:
        name: taint
      spec:
        type: SHELL
        action: PostInstall
        on: node-role.kubernetes.io/master=
        data: |
          kubectl taint nodes --all node-role.kubernetes.io/master-
      """;

  private static final String CHART =
      """
      apiVersion: v2
      name: traefik
      version: 10.6.0
      appVersion: v2.5.3
      """;

  private static final String CHART_VALUES =
      """
      image:
        repository: REGISTRY/library/traefik
        tag: v2.5.3
      """;

  private static final String CHART_TEMPLATE =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: traefik
      spec:
        containers:
          - name: traefik
            image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
      """;

  private static final String CLUSTERFILE =
      """
      apiVersion: sealer.cloud/v2
      kind: Cluster
      metadata:
        name: my-cluster
      spec:
        image: kubernetes:v1.19.8
      """;

  private ExampleFiles() {}

  /** The rootfs of a base image, in memory. */
  static BuildContext base(String registry) {
    BuildContext.MemoryBuilder files =
        BuildContext.inMemory()
            .file("Kubefile", "FROM scratch\nCOPY . .\n")
            .file("Metadata", "{\"version\": \"v1.19.8\", \"arch\": \"amd64\"}\n")
            .file("README.md", "Kubernetes v1.19.8, an example.\n")
            .file("etc/Clusterfile", CLUSTERFILE)
            .file("manifests/imageList", registry + "/pause:3.2\n")
            .file("statics/audit-policy.yml", "apiVersion: audit.k8s.io/v1\nkind: Policy\n");
    List.of("conntrack", "crictl", "kubeadm", "kubectl", "kubelet", "nerdctl", "seautil")
        .forEach(name -> script(files, "bin/" + name));
    List.of("clean.sh", "docker.sh", "init-kube.sh", "init-registry.sh", "init.sh")
        .forEach(name -> script(files, "scripts/" + name));
    return files.build();
  }

  private static void script(BuildContext.MemoryBuilder files, String path) {
    files.file(path, "#!/bin/sh\necho \"${0##*/}\"\n".getBytes(StandardCharsets.UTF_8), 0755);
  }

  /** The context of the application, but for {@code mysql.tar}. */
  static Path writeApplication(Path directory, String registry) throws IOException {
    write(directory.resolve("Kubefile"), KUBEFILE, registry);
    write(directory.resolve("imageList"), IMAGE_LIST, registry);
    write(directory.resolve("recommended.yaml"), RECOMMENDED, registry);
    write(directory.resolve("shell.yaml"), PLUGIN, registry);
    write(directory.resolve("traefik/Chart.yaml"), CHART, registry);
    write(directory.resolve("traefik/values.yaml"), CHART_VALUES, registry);
    write(directory.resolve("traefik/templates/pod.yaml"), CHART_TEMPLATE, registry);
    return directory;
  }

  private static void write(Path file, String text, String registry) throws IOException {
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.writeString(file, text.replace("REGISTRY", registry));
  }
}
