package cloud.sealer.docker;

import cloud.sealer.core.host.HostFailure;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.LocalDirectorySSLConfig;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Connections to one engine, made when first needed. Thread-safe. */
final class EngineClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(30);

  /** Eight commands on each of many containers; every one holds a connection. */
  private static final int CONNECTIONS = 1000;

  private static final List<String> CERTIFICATES = List.of("ca.pem", "cert.pem", "key.pem");

  private final URI engine;
  private final @Nullable Path certificates;
  private @Nullable DockerClient client;

  /**
   * A client.
   *
   * @throws SealerException with {@link ErrorCode#INVALID_REQUEST} if a certificate is missing:
   *     docker-java would speak without TLS then
   */
  EngineClient(URI engine, @Nullable Path certificates) {
    if (certificates != null) {
      CERTIFICATES.forEach(name -> requireFile(certificates, name));
    }
    this.engine = engine;
    this.certificates = certificates;
  }

  private static void requireFile(Path directory, String name) {
    if (!Files.isReadable(directory.resolve(name))) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST,
              "the directory " + directory + " has no " + name + " that can be read")
          .remedy("give one with " + String.join(", ", CERTIFICATES) + " of the docker engine")
          .build();
    }
  }

  URI engine() {
    return engine;
  }

  @Nullable Path certificates() {
    return certificates;
  }

  synchronized DockerClient get() {
    DockerClient open = client;
    if (open == null) {
      LocalDirectorySSLConfig tls =
          certificates == null ? null : new LocalDirectorySSLConfig(certificates.toString());
      open =
          DockerClientImpl.getInstance(
              new EngineConfig(engine, tls),
              new ZerodepDockerHttpClient.Builder()
                  .dockerHost(engine)
                  .sslConfig(tls)
                  .connectionTimeout(CONNECT)
                  .maxConnections(CONNECTIONS)
                  .build());
      client = open;
    }
    return open;
  }

  /** Asks the engine something; what it complains about becomes an exception of ours. */
  <T> T ask(String what, Supplier<T> question) {
    if (Thread.currentThread().isInterrupted()) {
      throw SealerException.cancelled(what);
    }
    try {
      return question.get();
    } catch (SealerException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failure(what, e);
    }
  }

  /** The exception for a call that failed. */
  SealerException failure(String what, RuntimeException cause) {
    if (Thread.currentThread().isInterrupted()) {
      return SealerException.cancelled(what);
    }
    return SealerException.builder(
            ErrorCode.MACHINES_UNAVAILABLE,
            "the docker engine at " + engine + ": " + what + " failed: " + reason(cause))
        .remedy("see the log of the engine, and what it has: docker ps -a, docker network ls")
        .cause(cause)
        .detail("engine", engine)
        .build();
  }

  /** What the engine says, without the status line and braces around it. */
  static String reason(RuntimeException cause) {
    String text = HostFailure.reason(cause).strip();
    return text.replaceFirst("(?s)^Status \\d+: \\{\"message\":\"(.*)\"\\}$", "$1");
  }

  @Override
  public synchronized void close() {
    DockerClient open = client;
    client = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      // It is not wanted any more.
    }
  }
}
