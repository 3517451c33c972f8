package cloud.sealer.docker;

import cloud.sealer.core.host.Escalation;
import cloud.sealer.core.host.HostFailure;
import cloud.sealer.core.host.ShellSession;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.Task;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerNetworkSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Connects to running containers of a docker engine by {@code exec}, as root. The address of a host
 * is the name, the identifier or an IP address of a container. Thread-safe.
 */
public final class DockerHostConnector implements HostConnector {
  private final EngineClient engine;
  private final Predicate<Container> known;

  private DockerHostConnector(EngineClient engine, Predicate<Container> known) {
    this.engine = engine;
    this.known = known;
  }

  /**
   * A connector to some containers of an engine, and to no other: on other networks of the engine
   * there may be one with the same address.
   */
  static DockerHostConnector of(EngineClient engine, Set<String> identifiers) {
    return new DockerHostConnector(engine, container -> identifiers.contains(container.getId()));
  }

  /**
   * A connector to an engine.
   *
   * @param engine where it listens, such as {@code unix:///var/run/docker.sock}
   * @return the connector, to be closed by the caller
   */
  public static DockerHostConnector of(URI engine) {
    return new DockerHostConnector(new EngineClient(engine, null), container -> true);
  }

  /**
   * A connector to an engine that wants a client's certificate.
   *
   * @param engine where it listens, such as {@code tcp://engine.example.com:2376}
   * @param certificates a directory with {@code ca.pem}, {@code cert.pem} and {@code key.pem}
   * @return the connector, to be closed by the caller
   * @throws SealerException with {@link ErrorCode#INVALID_REQUEST} if one of them is missing
   */
  public static DockerHostConnector of(URI engine, Path certificates) {
    return new DockerHostConnector(new EngineClient(engine, certificates), container -> true);
  }

  @Override
  public String name() {
    return "docker";
  }

  @Override
  public boolean reaches(Host host) {
    return host.address().port() == 0 && container(host).isPresent();
  }

  @Override
  public HostSession connect(Host host, Task task) {
    String id =
        container(host)
            .orElseThrow(
                () ->
                    HostFailure.of(
                            ErrorCode.HOST_UNREACHABLE,
                            host,
                            "no running container has the name, identifier or address "
                                + host.address(),
                            null)
                        .remedy("see which there are: docker ps")
                        .build());
    return new ShellSession(
        host, new DockerTransport(engine.get(), id), Escalation.NONE, Clock.systemUTC());
  }

  /** The identifier of the container that a host is; empty if there is none that runs. */
  private Optional<String> container(Host host) {
    if (Thread.currentThread().isInterrupted()) {
      throw SealerException.cancelled("the connection to " + host.address());
    }
    String address = host.address().host();
    try {
      return engine.get().listContainersCmd().exec().stream()
          .filter(known)
          .filter(each -> is(each, address))
          .map(Container::getId)
          .findFirst();
    } catch (RuntimeException e) {
      throw HostFailure.unreachable(
              host, "the docker engine at " + engine.engine() + " does not answer", e)
          .remedy("check the address of the engine, and that this user may use it")
          .build();
    }
  }

  private static boolean is(Container container, String address) {
    for (String name : container.getNames()) {
      if (name.toLowerCase(Locale.ROOT).equals("/" + address)) {
        return true;
      }
    }
    if (address.length() >= 12 && container.getId().startsWith(address)) {
      return true;
    }
    ContainerNetworkSettings settings = container.getNetworkSettings();
    return settings != null
        && settings.getNetworks().values().stream()
            .anyMatch(
                each ->
                    address.equals(each.getIpAddress())
                        || address.equals(each.getGlobalIPv6Address()));
  }

  /** Ends the connection to the engine. */
  @Override
  public void close() {
    engine.close();
  }
}
