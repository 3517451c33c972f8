package cloud.sealer.kubernetes.distribution;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Distribution;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryHost;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.ImageDistributor;
import cloud.sealer.sdk.spi.RegistryClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hosts pull layers with curl from a registry: the one in the name of the image, or one near them,
 * such as a pull-through mirror. It must have the image; whoever pushed it there can do without us.
 *
 * <p>We log in, and a host gets what its request has to carry, which a registry with tokens lets
 * pull this repository for some minutes, while one with passwords wants the password itself: it is
 * in no file and no list of processes there. The authorities that are set for the registry count
 * for hosts too; client certificates and proxies stay here.
 */
final class PullingDistributor implements ImageDistributor {
  private static final String DOCKER = "docker.io";
  private static final String DOCKER_API = "registry-1.docker.io";

  // The header goes in over standard input, since others on the host can see arguments.
  private static final String PULL =
      """
      command -v curl >/dev/null || { echo "there is no curl to pull with" >&2; exit 1; }
      authority=
      trap '[ -z "$authority" ] || rm -f "$authority"' EXIT
      trap 'exit 1' HUP INT TERM
      if [ -n "$AUTHORITY" ]; then
        authority=$(mktemp) && {
          cat /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt 2>/dev/null
          printf '%s\n' "$AUTHORITY"
        } >"$authority" || exit 1
      fi
      curl -sSfL --proto "=$PROTOCOL" --connect-timeout 20 --speed-time 60 --speed-limit 1 \
        $OPTIONS ${authority:+--cacert "$authority"} -K - "$URL"
      """;

  private final RegistryClient client;
  private final RegistryOptions registries;

  PullingDistributor(RegistryClient client, RegistryOptions registries) {
    this.client = client;
    this.registries = registries;
  }

  @Override
  public String name() {
    return Distribution.PULL.distributor();
  }

  @Override
  public HostCommand fetch(Request request) {
    Reference repository = repository(request.image(), request.from());
    Digest digest = request.layer().digest();
    if (!client.hasBlob(repository, digest, request.task())) {
      throw SealerException.builder(
              ErrorCode.IMAGE_NOT_FOUND,
              repository.registry()
                  + "/"
                  + repository.repository()
                  + " does not have layer "
                  + digest
                  + " of "
                  + request.image())
          .remedy("push the image there first, or let layers be sent")
          .detail("digest", digest)
          .build();
    }
    Optional<RegistryHost> settings =
        Optional.ofNullable(registries.hosts().get(repository.registry()));
    boolean plain = settings.filter(RegistryHost::plainHttp).isPresent();
    boolean insecure = settings.filter(RegistryHost::insecure).isPresent();
    String server = repository.registry().equals(DOCKER) ? DOCKER_API : repository.registry();
    String protocol = plain ? "http" : "https";
    String header =
        client
            .authorization(repository, request.task())
            .map(Secret::reveal)
            .map(value -> "header = \"Authorization: " + value + "\"\n")
            .orElse("");
    return HostCommand.builder(PULL)
        .title("pull layer " + digest + " from " + server)
        .environment(
            "URL",
            protocol + "://" + server + "/v2/" + repository.repository() + "/blobs/" + digest)
        // An object store that the registry leads to may speak TLS where the registry does not.
        .environment("PROTOCOL", plain ? "http,https" : "https")
        .environment("OPTIONS", insecure ? "--insecure" : "")
        .environment("AUTHORITY", authorities(settings, repository.registry()))
        .stdin(() -> new ByteArrayInputStream(header.getBytes(StandardCharsets.UTF_8)))
        .build();
  }

  /** Where the image is: in its own registry, in another one, or in another repository. */
  private static Reference repository(Reference image, String from) {
    if (from.isEmpty()) {
      return image;
    }
    String place = from.indexOf('/') < 0 ? from + "/" + image.repository() : from;
    try {
      return Reference.parse(place);
    } catch (IllegalArgumentException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST,
              "hosts cannot pull from \"" + from + "\": " + e.getMessage())
          .remedy("name a registry, or a repository of one, such as mirror.test:5000/k8s")
          .cause(e)
          .build();
    }
  }

  private String authorities(Optional<RegistryHost> settings, String registry) {
    List<Path> files = new ArrayList<>();
    settings.map(RegistryHost::authorities).ifPresent(files::addAll);
    StringBuilder pem = new StringBuilder();
    try {
      Optional<Path> directory = registries.certificates().map(all -> all.resolve(registry));
      if (directory.filter(Files::isDirectory).isPresent()) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory.get(), "*.crt")) {
          found.forEach(files::add);
        }
      }
      for (Path file : files) {
        pem.append(Files.readString(file, StandardCharsets.US_ASCII)).append('\n');
      }
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST,
              "the authorities of " + registry + " cannot be read: " + e.getMessage())
          .cause(e)
          .build();
    }
    return pem.toString();
  }
}
