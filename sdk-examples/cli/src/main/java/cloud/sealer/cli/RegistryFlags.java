package cloud.sealer.cli;

import cloud.sealer.sdk.HttpProxy;
import cloud.sealer.sdk.RegistryOptions;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say how registries are reached. */
final class RegistryFlags {
  @Option(
      names = "--plain-http",
      paramLabel = "HOST",
      description = "Ask this registry over plain HTTP; may be repeated.")
  private List<String> plainHttp = List.of();

  @Option(
      names = "--insecure",
      paramLabel = "HOST",
      description = "Take any certificate of this registry: dangerous; may be repeated.")
  private List<String> insecure = List.of();

  @Option(
      names = "--cert-dir",
      paramLabel = "DIR",
      description =
          "Certificates as in /etc/docker/certs.d: DIR/HOST/*.crt, *.cert, *.key; files in DIR"
              + " itself count for every registry.")
  private @Nullable Path certificates;

  @Option(
      names = "--mirror",
      paramLabel = "HOST=MIRROR",
      description = "Pull what is of HOST from MIRROR[/PATH] if it has it; may be repeated.")
  private List<String> mirrors = List.of();

  @Option(
      names = "--proxy",
      paramLabel = "[HOST=]URL",
      description =
          "Go through this HTTP proxy, to all registries or to HOST; may be repeated. An URL with a"
              + " password belongs in a file of options: sealer @FILE.")
  private List<String> proxies = List.of();

  @Option(
      names = "--no-proxy",
      paramLabel = "LIST",
      split = ",",
      description = "Hosts, domains and address ranges to reach without the proxy for all.")
  private List<String> noProxy = List.of();

  @SuppressWarnings("NullAway.Init")
  RegistryFlags() {}

  /** Adds what was given to the options. */
  void applyTo(RegistryOptions.Builder options, CommandLine command) {
    try {
      plainHttp.forEach(options::plainHttp);
      insecure.forEach(host -> options.host(options.host(host).insecure(true).build()));
      options.certificates(certificates);
      for (String mirror : mirrors) {
        int equals = mirror.indexOf('=');
        if (equals <= 0) {
          throw new IllegalArgumentException(
              "a mirror is written HOST=MIRROR, got \"" + mirror + "\"");
        }
        options.host(
            options.host(mirror.substring(0, equals)).mirror(mirror.substring(equals + 1)).build());
      }
      for (String proxy : proxies) {
        int equals = proxy.indexOf('=');
        int scheme = proxy.indexOf("://");
        boolean ofHost = equals > 0 && (scheme < 0 || equals < scheme);
        HttpProxy parsed = HttpProxy.parse(ofHost ? proxy.substring(equals + 1) : proxy);
        if (ofHost) {
          options.host(options.host(proxy.substring(0, equals)).proxy(parsed).build());
        } else {
          options.proxy(parsed);
        }
      }
      options.noProxy(noProxy.toArray(new String[0]));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command, String.valueOf(e.getMessage()), e);
    }
  }
}
