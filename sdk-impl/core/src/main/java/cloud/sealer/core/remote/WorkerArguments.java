package cloud.sealer.core.remote;

import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.HttpProxy;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryHost;
import cloud.sealer.sdk.RegistryOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The command line of the worker, as a file of arguments: it may hold secrets. */
final class WorkerArguments {
  private final List<String> arguments = new ArrayList<>();

  private WorkerArguments() {}

  /**
   * The arguments of a build.
   *
   * @param request what to build
   * @param name the name of the image, in full
   * @param registries how registries are reached
   * @param kubeconfig whether a cluster runs on the machine
   */
  static WorkerArguments build(
      BuildRequest request, Reference name, RegistryOptions registries, boolean kubeconfig) {
    WorkerArguments made = new WorkerArguments();
    made.add("build", "--mode=local", "-t", name.toString(), "-f", RemotePaths.KUBEFILE);
    if (kubeconfig) {
      made.add("--kubeconfig=" + RemotePaths.KUBECONFIG);
    }
    made.add("--settle-timeout=" + seconds(request.cluster().settleTimeout()));
    made.add("--quiet-period=" + seconds(request.cluster().quietPeriod()));
    request.args().forEach((arg, value) -> made.add("--build-arg=" + arg + "=" + value));
    request.platforms().forEach(platform -> made.add("--platform=" + platform));
    made.add("--missing-platform=" + request.missingPlatforms().name().toLowerCase(Locale.ROOT));
    if (request.lock().isPresent()) {
      made.add("--lock-in=" + RemotePaths.LOCK);
    }
    if (!request.cache()) {
      made.add("--no-cache");
    }
    made.add("--base=" + request.includeBase());
    made.add("--signatures=" + request.signatures());
    made.add("--compression=" + request.compression().name().toLowerCase(Locale.ROOT));
    request.runExecutor().ifPresent(executor -> made.add("--run-executor=" + executor));
    made.add("--run-timeout=" + seconds(request.runTimeout()));
    made.add("--source-date-epoch=" + request.sourceDateEpoch());
    made.discovery(request.discovery());
    made.common(registries);
    made.add(RemotePaths.CONTEXT);
    return made;
  }

  /** The arguments of a push. */
  static WorkerArguments push(Reference name, RegistryOptions registries) {
    WorkerArguments made = new WorkerArguments();
    made.add("push");
    made.common(registries);
    made.add(name.toString());
    return made;
  }

  private static long seconds(Duration time) {
    return Math.max(1, time.toSeconds());
  }

  private void add(String... more) {
    arguments.addAll(List.of(more));
  }

  private void discovery(DiscoveryPolicy policy) {
    add("--unresolved=" + policy.unresolved().name().toLowerCase(Locale.ROOT));
    add("--suspected=" + policy.suspected().name().toLowerCase(Locale.ROOT));
    policy.additions().forEach(image -> add("--add-image=" + image));
    policy.exclusions().forEach(pattern -> add("--exclude-image=" + pattern));
  }

  private void common(RegistryOptions registries) {
    add("--progress=json", "--store=" + RemotePaths.STORE);
    for (RegistryHost host : registries.hosts().values()) {
      if (host.plainHttp()) {
        add("--plain-http=" + host.host());
      }
      if (host.insecure()) {
        add("--insecure=" + host.host());
      }
      host.mirrors().forEach(mirror -> add("--mirror=" + host.host() + "=" + mirror));
      host.proxy().ifPresent(proxy -> add("--proxy=" + host.host() + "=" + url(proxy)));
    }
    registries.proxy().ifPresent(proxy -> add("--proxy=" + url(proxy)));
    if (!registries.noProxy().isEmpty()) {
      add("--no-proxy=" + String.join(",", registries.noProxy()));
    }
    if (registries.certificates().isPresent()
        || registries.hosts().values().stream().anyMatch(host -> !host.authorities().isEmpty())) {
      add("--cert-dir=" + RemotePaths.CERTIFICATES);
    }
  }

  private static String url(HttpProxy proxy) {
    String login =
        proxy
            .credentials()
            .map(who -> encoded(who.username()) + ":" + encoded(who.secret()) + "@")
            .orElse("");
    return "http://" + login + proxy.host() + ":" + proxy.port();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The arguments, one after the other. */
  List<String> list() {
    return List.copyOf(arguments);
  }

  /** The file: one argument on each line, quoted as picocli reads it. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (String argument : arguments) {
      text.append('"')
          .append(
              argument
                  .replace("\\", "\\\\")
                  .replace("\"", "\\\"")
                  .replace("\n", "\\n")
                  .replace("\r", "\\r"))
          .append("\"\n");
    }
    return text.toString();
  }
}
