import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Lets the packed program build small images, one of which collects a container image, and archives
 * the classes that this took: it then starts in half the time. Run from source, with the JDK that
 * packs the program.
 *
 * <p>The archive is a static one, since classes as old as those of picocli go into no other; and
 * without the lambdas of such classes, since a class that was linked for one is left out.
 */
public final class Training {
  private static final String OLD_LAMBDAS = "@lambda-proxy picocli";
  private static final String OWN_LAMBDAS = "@lambda-proxy cloud/sealer/cli";
  // Newer JDKs number the classes of a run. Numbers of two runs contradict each other, and only
  // classes of loaders of their own need them: those go into no archive here.
  private static final String OWN_LOADER = " source: ";
  private static final Pattern NUMBER = Pattern.compile(" id: \\d+$");
  private static final byte[] LAYER = new byte[1024];

  private final Path java;
  private final Path jar;
  private final Path work;

  private Training(Path java, Path jar, Path work) {
    this.java = java;
    this.jar = jar;
    this.work = work;
  }

  /** Arguments: the runtime's java, the program's jar, the archive, an empty directory. */
  public static void main(String[] args) throws Exception {
    Training training = new Training(Path.of(args[0]), Path.of(args[1]), Path.of(args[3]));
    HttpServer registry =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext("/v2/", Training::answer);
    registry.start();
    try {
      String address = "127.0.0.1:" + registry.getAddress().getPort();
      Set<String> classes = training.build("gzip", address);
      classes.addAll(training.build("zstd", address));
      training.archive(classes, Path.of(args[2]));
    } finally {
      registry.stop(0);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] body = new byte[0];
    String type = "application/octet-stream";
    if (path.contains("/manifests/")) {
      body = manifest();
      type = "application/vnd.oci.image.manifest.v1+json";
    } else if (path.endsWith(digest(config()))) {
      body = config();
    } else if (path.endsWith(digest(LAYER))) {
      body = LAYER;
    }
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static byte[] config() {
    String diffId = "\"" + digest(LAYER) + "\"";
    return bytes(
        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
            + diffId
            + "]}}");
  }

  private static byte[] manifest() {
    return bytes(
        "{\"schemaVersion\":2,\"config\":"
            + descriptor("application/vnd.oci.image.config.v1+json", config())
            + ",\"layers\":["
            + descriptor("application/vnd.oci.image.layer.v1.tar", LAYER)
            + "]}");
  }

  private static String descriptor(String type, byte[] blob) {
    return "{\"mediaType\":\""
        + type
        + "\",\"digest\":\""
        + digest(blob)
        + "\",\"size\":"
        + blob.length
        + "}";
  }

  private static String digest(byte[] blob) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(blob));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Builds once; returns the lines of the class list. */
  private Set<String> build(String compression, String registry)
      throws IOException, InterruptedException {
    Path context = Files.createDirectories(work.resolve("context"));
    Files.writeString(
        context.resolve("Kubefile"),
        "FROM scratch\n"
            + "ARG NAME=sample\n"
            + "COPY pod.yaml manifests\n"
            + "CMD kubectl -n ${NAME} get pods\n");
    Files.writeString(
        context.resolve("pod.yaml"),
        "apiVersion: v1\nkind: Pod\nmetadata: {name: sample}\nspec:\n  containers:\n  - image: "
            + registry
            + "/sample:v1\n");
    Path list = work.resolve("classes-" + compression);
    String store = work.resolve("store-" + compression).toString();
    run(
        List.of("-XX:DumpLoadedClassList=" + list),
        List.of(
            "build",
            "-t",
            "sample:v1",
            "--platform",
            "linux/amd64",
            "--plain-http",
            registry,
            "--compression",
            compression,
            "--store",
            store,
            context.toString()));
    Set<String> classes = new LinkedHashSet<>();
    for (String line : Files.readAllLines(list)) {
      if (!line.contains(OWN_LOADER)) {
        classes.add(NUMBER.matcher(line).replaceAll(""));
      }
    }
    return classes;
  }

  private void archive(Set<String> classes, Path archive) throws IOException, InterruptedException {
    classes.removeIf(line -> line.startsWith(OLD_LAMBDAS) || line.startsWith(OWN_LAMBDAS));
    Path list = Files.write(work.resolve("classes"), classes);
    run(
        List.of(
            "-Xshare:dump", "-XX:SharedClassListFile=" + list, "-XX:SharedArchiveFile=" + archive),
        List.of());
  }

  private void run(List<String> options, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(java.toString(), "-Xlog:disable"));
    command.addAll(options);
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    process.getInputStream().transferTo(output);
    if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(command + " failed: " + output.toString(StandardCharsets.UTF_8));
    }
  }
}
