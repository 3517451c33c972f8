package cloud.sealer.cli;

import cloud.sealer.docker.DockerInfrastructure;
import cloud.sealer.sdk.Sealer;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say which docker engine carries machines. */
final class DockerFlags {
  @Option(
      names = "--docker-host",
      paramLabel = "URI",
      arity = "0..1",
      fallbackValue = "",
      description =
          "The docker engine, such as unix:///var/run/docker.sock, which is the default, or"
              + " tcp://HOST:2376; without URI the one of $$DOCKER_HOST.")
  private @Nullable String host;

  @Option(
      names = "--docker-certs",
      paramLabel = "DIR",
      description =
          "Speak TLS to the docker engine, with ca.pem, cert.pem and key.pem of this directory; by"
              + " default $$DOCKER_CERT_PATH if the engine is that of $$DOCKER_HOST.")
  private @Nullable Path certificates;

  @SuppressWarnings("NullAway.Init")
  DockerFlags() {}

  /** Adds the engine, if one is named. */
  Sealer.Builder applyTo(Sealer.Builder builder, Settings settings, CommandLine command) {
    if (host == null) {
      return builder;
    }
    boolean ofEnvironment = host.isEmpty();
    String address =
        ofEnvironment
            ? settings
                .dockerHost()
                .orElseThrow(
                    () ->
                        new ParameterException(
                            command, "--docker-host without a value needs $DOCKER_HOST"))
            : host;
    Path tls = certificates;
    if (tls == null && ofEnvironment) {
      tls = settings.dockerCertificates().orElse(null);
    }
    return builder.infrastructure(DockerInfrastructure.of(engine(address, command), tls));
  }

  private static URI engine(String address, CommandLine command) {
    try {
      URI uri = URI.create(address);
      if ("unix".equals(uri.getScheme()) || "tcp".equals(uri.getScheme())) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new ParameterException(
        command, "a docker engine is unix://SOCKET or tcp://HOST:PORT, got \"" + address + "\"");
  }
}
