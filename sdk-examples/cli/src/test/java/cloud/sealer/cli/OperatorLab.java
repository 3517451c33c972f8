package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Sealer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What the tests of build modes need: a docker engine for machines, a registry that those machines
 * and this host reach, and an application like an operator: its container makes a workload whose
 * image no file names.
 *
 * <p>Nothing leaves this host: the registry listens on an address of a bridge made for the test.
 */
final class OperatorLab implements AutoCloseable {
  static final String BASE = "operator-base:v1";
  static final String MACHINE_IMAGE = "sealer-machine:bare";

  private static final String BRIDGE = "sealer-lab";
  private static final String ADDRESS = "10.214.79.1";
  private static final String REGISTRY = ADDRESS + ":5055";
  private static final Path SCRIPTS = Path.of("../kubernetes").toAbsolutePath().normalize();
  private static final int MINUTES = 25 * 60;

  private final Path work;
  private final Program engine;
  private final Program registry;

  private OperatorLab(Path work, Program engine, Program registry) {
    this.work = work;
    this.engine = engine;
    this.registry = registry;
  }

  static OperatorLab start(Path work) throws IOException {
    script(work, "make-rootfs", work.resolve("base"));
    script(work, "make-machine", work.resolve("machine-images"));
    shell(
        work,
        "ip link add %s type bridge && ip address add %s/32 dev %s && ip link set %s up"
            .formatted(BRIDGE, ADDRESS, BRIDGE, BRIDGE));
    Path config = work.resolve("registry.yml");
    Files.writeString(
        config,
        """
        version: 0.1
        log: {level: warn, accesslog: {disabled: true}}
        storage: {filesystem: {rootdirectory: "%s"}}
        http: {addr: "%s"}
        """
            .formatted(Files.createDirectories(work.resolve("registry")), REGISTRY));
    Files.writeString(work.resolve("none.json"), "{}");
    Program engine =
        Program.start(
            work,
            "dockerd",
            "--host=unix://" + work.resolve("docker.sock"),
            "--data-root=" + work.resolve("engine"),
            "--exec-root=" + work.resolve("exec"),
            "--pidfile=" + work.resolve("engine.pid"),
            "--config-file=" + work.resolve("none.json"),
            "--storage-driver=overlay2",
            "--bridge=none",
            "--iptables=false",
            "--ip6tables=false",
            "--add-runtime=in-container=" + SCRIPTS.resolve("machine/runc-in-container"),
            "--default-runtime=in-container");
    OperatorLab lab =
        new OperatorLab(
            work, engine, Program.start(work, "docker-registry", "serve", config.toString()));
    boolean ready = false;
    try {
      lab.prepare();
      ready = true;
      return lab;
    } finally {
      if (!ready) {
        lab.close();
      }
    }
  }

  private void prepare() throws IOException {
    shell(
        work,
        "for i in $(seq 150); do "
            + docker("info")
            + " >/dev/null 2>&1 && exit 0; sleep 0.2; done; cat err*; exit 1");
    shell(work, docker("load -q -i machine-images/machine.tar"));
    makeImages();
    makeBase();
  }

  private String docker(String words) {
    return "docker -H unix://" + work.resolve("docker.sock") + " " + words;
  }

  /** The images are busybox of this host; that of the controller has kubectl and its script. */
  private void makeImages() throws IOException {
    Path rootfs = Files.createDirectories(work.resolve("image/bin")).getParent();
    Files.writeString(
        work.resolve("controller"),
        """
        #!/bin/sh
        sleep 3
        until kubectl create deployment second --image=%s/team/second:1; do sleep 2; done
        sleep 1000000
        """
            .formatted(REGISTRY));
    shell(
        work,
        """
        set -e
        cd %s && cp /usr/bin/busybox bin/
        for each in $(bin/busybox --list); do ln -s busybox bin/$each 2>/dev/null || true; done
        for each in $(ldd bin/busybox | grep -o '/[^ ]*'); do
          mkdir -p .${each%%/*} && cp -L $each .$each
        done
        tar -c . | %s
        cp ../base/context/bin/kubectl bin/ && install -m 755 ../controller bin/controller
        tar -c . | %s
        for each in second controller; do
          skopeo copy -q --src-daemon-host unix://%s --dest-tls-verify=false \
            docker-daemon:%s/team/$each:1 docker://%s/team/$each:1
        done
        """
            .formatted(
                rootfs,
                docker(
                    "import -c 'CMD [\"/bin/sleep\",\"1000000\"]' - "
                        + REGISTRY
                        + "/team/second:1"),
                docker(
                    "import -c 'CMD [\"/bin/controller\"]' - " + REGISTRY + "/team/controller:1"),
                work.resolve("docker.sock"),
                REGISTRY,
                REGISTRY));
  }

  private void makeBase() throws IOException {
    try (StockRegistry images =
        StockRegistry.serve(
            work.resolve("base/registry"), Files.createDirectories(work.resolve("images")))) {
      sealer(
              "build",
              "-t",
              "kubernetes:v1.20.2",
              "--plain-http",
              images.address(),
              "--mirror",
              "k8s.gcr.io=" + images.address(),
              "--mirror",
              "docker.io=" + images.address(),
              work.resolve("base/context"))
          .succeeds();
    }
    Path context = Files.createDirectories(work.resolve("operator-base"));
    String settings = Files.readString(work.resolve("base/context/etc/daemon.json"));
    Files.writeString(
        context.resolve("daemon.json"),
        settings.replaceFirst("\\{", "{\n  \"insecure-registries\": [\"" + REGISTRY + "\"],"));
    Files.writeString(
        context.resolve("Kubefile"), "FROM kubernetes:v1.20.2\nCOPY daemon.json etc/\n");
    sealer("build", "-t", BASE, context).succeeds();
  }

  /** The context of the application. */
  Path application() throws IOException {
    Path context = Files.createDirectories(work.resolve("application"));
    Files.writeString(
        context.resolve("Kubefile"),
        """
        FROM %s
        COPY controller.yaml manifests/
        CMD kubectl apply -f manifests/controller.yaml
        """
            .formatted(BASE));
    Files.writeString(
        context.resolve("controller.yaml"),
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: controller}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
        subjects: [{kind: ServiceAccount, name: default, namespace: default}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: controller, namespace: default}
        spec:
          selector: {matchLabels: {app: controller}}
          template:
            metadata: {labels: {app: controller}}
            spec:
              containers:
                - {name: controller, image: "%s/team/controller:1"}
        """
            .formatted(REGISTRY));
    return context;
  }

  String registry() {
    return REGISTRY;
  }

  URI engine() {
    return URI.create("unix://" + work.resolve("docker.sock"));
  }

  /** Everything the engine has, but for its images. */
  TreeSet<String> everything() {
    return new TreeSet<>(
        shell(
                work,
                docker("ps -aq")
                    + " | sed 's/^/container /'; "
                    + docker("network ls -q")
                    + " | sed 's/^/network /'; "
                    + docker("volume ls -q")
                    + " | sed 's/^/volume /'")
            .out()
            .lines()
            .toList());
  }

  /** What a cluster image holds: each container image with its digest. */
  TreeSet<String> images(String name) {
    TreeSet<String> images = new TreeSet<>();
    try (Sealer sealer = Sealer.builder().store(store()).build()) {
      for (ClusterImage.PlatformImage platform : sealer.images().inspect(name).platforms()) {
        for (ContainerImage image : platform.metadata().containerImages()) {
          String tag = image.reference().tag().orElse("");
          images.add(image.reference().repository() + ":" + tag + " " + image.digest());
        }
      }
    }
    return images;
  }

  private static void script(Path work, String name, Path target) {
    Program.start(work, SCRIPTS.resolve(name), target).end(MINUTES).succeeds();
  }

  private static Program.Result shell(Path work, String script) {
    return Program.start(work, "sh", "-c", script).end(MINUTES).succeeds();
  }

  /** The program, with a home of its own. */
  Program.Result sealer(Object... arguments) {
    return ended(start(arguments));
  }

  Program start(Object... arguments) {
    return start(List.of(), arguments);
  }

  /** The same, with more variables of its environment. */
  Program start(List<String> variables, Object... arguments) {
    List<Object> command = new ArrayList<>();
    command.addAll(List.of("env", "HOME=" + work, "SEALER_STORE=" + store()));
    command.addAll(variables);
    command.add(Program.sealer());
    command.addAll(List.of(arguments));
    return Program.start(work, command.toArray());
  }

  /** What a program that this started has to say at its end. */
  static Program.Result ended(Program program) {
    return program.end(MINUTES);
  }

  Path store() {
    return work.resolve("store");
  }

  @Override
  public void close() {
    Program.run(
        work,
        "sh",
        "-c",
        docker("ps -aq") + " | xargs -r " + docker("rm -f -v") + "; " + docker("network prune -f"));
    for (Program program : List.of(engine, registry)) {
      program.process().destroy();
      program.end();
    }
    Program.run(work, "ip", "link", "delete", BRIDGE);
  }
}
