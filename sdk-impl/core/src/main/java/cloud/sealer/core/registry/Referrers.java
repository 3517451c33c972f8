package cloud.sealer.core.registry;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Asks what refers to a manifest, page by page, by the referrers API. */
final class Referrers {
  static final int MAX_PAGES = 100;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_PAGE = 4 * 1024 * 1024;

  /** How registries say that they do not know the API. */
  private static final Set<Integer> UNKNOWN = Set.of(400, 404, 405, 406, 501);

  private final Exchange exchange;
  private final Addresses addresses;
  private final Clock clock;

  Referrers(Exchange exchange, Addresses addresses, Clock clock) {
    this.exchange = exchange;
    this.addresses = addresses;
    this.clock = clock;
  }

  URI first(Reference subject) throws RegistryFailure {
    Digest digest =
        subject.digest().orElseThrow(() -> new IllegalArgumentException("a subject has a digest"));
    return addresses.of(subject.registry(), subject.repository() + "/referrers/" + digest);
  }

  /**
   * Some of the referrers.
   *
   * @param manifests their descriptors
   * @param next where there are more
   */
  record Page(List<Descriptor> manifests, Optional<URI> next) {}

  /** Reads one page: one try. Empty if the registry does not have the API. */
  Optional<Page> page(Reference subject, URI page) throws IOException, InterruptedException {
    Call call = Call.of("GET", page).header("Accept", MediaType.OCI_INDEX.value());
    try (Answer answer = exchange.send(call, Scope.pull(subject))) {
      if (UNKNOWN.contains(answer.status())) {
        return Optional.empty();
      }
      if (!answer.isOk()) {
        throw StatusFailures.of(
            answer, subject.registry(), ErrorCode.IMAGE_NOT_FOUND, clock.instant());
      }
      Optional<String> link = Tags.next(answer.headers("Link"));
      Optional<URI> next = Optional.empty();
      if (link.isPresent()) {
        URI more = addresses.named(page, link.get(), "Link");
        if (Origin.of(more).equals(Origin.of(page)) && !more.equals(page)) {
          next = Optional.of(more);
        }
      }
      Optional<URI> following = next;
      return parse(answer.read(MAX_PAGE)).map(found -> new Page(found, following));
    }
  }

  /** What is no index comes from a server that answers everything. */
  static Optional<List<Descriptor>> parse(byte[] body) {
    try {
      JsonNode index = JSON.readTree(body);
      if (index == null || !index.path("manifests").isArray()) {
        return Optional.empty();
      }
      List<Descriptor> found = new ArrayList<>();
      for (JsonNode manifest : index.path("manifests")) {
        Map<String, String> annotations = new TreeMap<>();
        manifest
            .path("annotations")
            .properties()
            .forEach(field -> annotations.put(field.getKey(), field.getValue().asText()));
        found.add(
            new Descriptor(
                new MediaType(manifest.path("mediaType").asText()),
                Digest.parse(manifest.path("digest").asText()),
                manifest.path("size").asLong(-1),
                null,
                annotations));
      }
      return Optional.of(List.copyOf(found));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException("reading an array cannot fail", e);
    }
  }
}
