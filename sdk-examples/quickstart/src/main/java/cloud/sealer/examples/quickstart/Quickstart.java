package cloud.sealer.examples.quickstart;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.VerifyReport;
import cloud.sealer.testkit.EmbeddedRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Builds a cluster image from a Kubefile, sends it through a registry to another store, and looks
 * at what arrived. Everything happens in a temporary directory and on the loopback address.
 */
public final class Quickstart {
  /** The base of this example carries one container image, not all that real nodes need. */
  private static final DiscoveryPolicy WITHOUT_NODES =
      new DiscoveryPolicy(
          DiscoveryPolicy.Action.WARN,
          DiscoveryPolicy.Action.FAIL,
          List.of(),
          List.of("sea.hub:5000/*"));

  static final String BASE = "kubernetes:v1.19.8";
  static final String IMAGE = "my-dashboard:v1";

  private final Path directory;
  private final String registry;
  private final Console console;

  private Quickstart(Path directory, String registry, Console console) {
    this.directory = directory;
    this.registry = registry;
    this.console = console;
  }

  /**
   * Runs the quickstart on standard output.
   *
   * @param args not used
   * @throws IOException if the temporary directory cannot be used
   */
  public static void main(String[] args) throws IOException {
    Console console = new Console(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    try (TemporaryDirectory temporary = new TemporaryDirectory();
        EmbeddedRegistry registry = EmbeddedRegistry.start()) {
      ExampleImages.pushTo(registry);
      new Quickstart(temporary.path(), registry.address(), console).run();
    }
  }

  private void run() throws IOException {
    try (Sealer here = sealer("here");
        Sealer there = sealer("there")) {
      console.heading("A base image, " + BASE + ", from scratch");
      buildBase(here);

      BuildRequest request = request(here);
      console.heading("The application's Kubefile");
      console.text(request.kubefile().toString());

      console.heading("Build " + IMAGE + ", lite mode");
      BuildResult built = build(here, request);

      console.heading("Build it again: nothing has changed, so nothing is executed");
      build(here, request);

      console.heading("Push it, pull it into another store, verify it there");
      here.images().push(IMAGE, console);
      ClusterImage pulled = there.images().pull(IMAGE, console);
      VerifyReport verified = there.images().verify(IMAGE, WITHOUT_NODES, console);
      console.line(
          "  %d blobs, %s, %s; %s digest as built",
          verified.blobs(),
          Console.bytes(verified.bytes()),
          verified.ok() ? "all good" : verified.problems().toString(),
          pulled.digest().equals(built.image().digest()) ? "same" : "other");

      console.heading("Which container images were found, and where");
      console.report(built.discovery());
      console.heading("What is in the image");
      console.image(pulled);
      console.heading("Its files, unpacked");
      RootfsTree.of(there, IMAGE).print(console);
    }
  }

  /**
   * A store of its own. Short names mean the embedded registry, so Kubefiles need not know its
   * port.
   */
  private Sealer sealer(String store) {
    return Sealer.builder()
        .store(directory.resolve(store))
        .names(new Reference.Defaults(registry, "sealer-io"))
        .registries(RegistryOptions.builder().plainHttp(registry).build())
        .build();
  }

  /** A base image is an image like any other: its context is the rootfs. */
  private void buildBase(Sealer sealer) {
    Kubefile kubefile = Kubefile.builder().from("scratch").copy(".", ".").build();
    build(
        sealer,
        BuildRequest.builder()
            .kubefile(kubefile)
            .context(ExampleFiles.base(registry))
            .name(BASE)
            .listener(console)
            .build());
  }

  private BuildRequest request(Sealer sealer) throws IOException {
    Path context = ExampleFiles.writeApplication(directory.resolve("context"), registry);
    String mysql = ExampleImages.mysql(registry);
    sealer.images().pull(mysql, EventListener.NONE);
    sealer.images().save(mysql, context.resolve("mysql.tar"), EventListener.NONE);
    return BuildRequest.builder()
        .kubefile(Kubefile.parse(context.resolve("Kubefile")))
        .context(BuildContext.directory(context))
        .name(IMAGE)
        .listener(console)
        .build();
  }

  private BuildResult build(Sealer sealer, BuildRequest request) {
    BuildResult result = sealer.builder(BuildMode.LITE).build(request);
    console.line(
        "  %s %s%n  %d executed, %d cached, %s of container images downloaded",
        request.name(),
        Console.shorten(result.image().digest()),
        result.executed(),
        result.cached(),
        Console.bytes(result.downloadedBytes()));
    return result;
  }
}
