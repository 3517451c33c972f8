package cloud.sealer.core.registry;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Certificates by registry, laid out as in docker's <a
 * href="https://docs.docker.com/engine/security/certificates/">{@code certs.d}</a>: {@code *.crt}
 * are authorities, {@code NAME.cert} and {@code NAME.key} a client certificate. Files in the
 * directory itself count for every registry.
 */
final class CertificateDirectory {
  private final Optional<Path> root;

  CertificateDirectory(Optional<Path> root) {
    this.root = root;
  }

  /** Whether there are certificates for a registry of its own. */
  boolean knows(String registry) {
    return directory(registry).filter(Files::isDirectory).isPresent();
  }

  /** The files with authorities to trust at a registry, sorted. */
  List<Path> authorities(String registry) {
    List<Path> all = new ArrayList<>();
    root.ifPresent(directory -> all.addAll(files(directory, "*.crt")));
    directory(registry).ifPresent(directory -> all.addAll(files(directory, "*.crt")));
    return all;
  }

  /** The file with the client certificate for a registry; its key lies beside it. */
  Optional<Path> clientCertificate(String registry) {
    return directory(registry)
        .flatMap(directory -> files(directory, "*.cert").stream().findFirst())
        .or(() -> root.flatMap(directory -> files(directory, "*.cert").stream().findFirst()));
  }

  /** The key that belongs to a client certificate. */
  static Path key(Path certificate) {
    String name = String.valueOf(certificate.getFileName());
    return certificate.resolveSibling(name.substring(0, name.length() - "cert".length()) + "key");
  }

  private Optional<Path> directory(String registry) {
    try {
      return registry.isEmpty() ? Optional.empty() : root.map(dir -> dir.resolve(registry));
    } catch (InvalidPathException e) {
      return Optional.empty(); // such as a colon where file names have none
    }
  }

  private static List<Path> files(Path directory, String glob) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
        files.forEach(found::add);
      } catch (IOException e) {
        throw SealerException.builder(
                ErrorCode.INVALID_REQUEST,
                "cannot read the directory of certificates " + directory + ": " + e.getMessage())
            .cause(e)
            .build();
      }
    }
    found.sort(null);
    return found;
  }
}
