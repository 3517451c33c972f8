package cloud.sealer.core.registry;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Reference;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the list of tags of a repository, page by page. */
final class Tags {
  static final int MAX_PAGES = 2000;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_PAGE = 4 * 1024 * 1024;
  // RFC 8288: <target>; rel="next"; the list may hold other links.
  private static final Pattern NEXT =
      Pattern.compile(
          "<([^>]*)>(?:\\s*;[^,;<]*)*?\\s*;\\s*rel=(?:next\\b|\"(?:[^\"]*\\s)?next(?:\\s[^\"]*)?\")",
          Pattern.CASE_INSENSITIVE);

  private final Exchange exchange;
  private final Addresses addresses;
  private final Clock clock;

  Tags(Exchange exchange, Addresses addresses, Clock clock) {
    this.exchange = exchange;
    this.addresses = addresses;
    this.clock = clock;
  }

  URI first(Reference repository) throws RegistryFailure {
    return addresses.of(repository.registry(), repository.repository() + "/tags/list");
  }

  /**
   * Some of the tags.
   *
   * @param tags in the registry's order
   * @param next where there are more
   */
  record Page(List<String> tags, Optional<URI> next) {}

  /** Reads one page: one try. */
  Page page(Reference repository, URI page) throws IOException, InterruptedException {
    try (Answer answer = exchange.send(Call.of("GET", page), Scope.pull(repository))) {
      if (!answer.isOk()) {
        throw StatusFailures.of(
            answer, repository.registry(), ErrorCode.IMAGE_NOT_FOUND, clock.instant());
      }
      Optional<String> link = next(answer.headers("Link"));
      if (link.isEmpty()) {
        return new Page(parse(answer), Optional.empty());
      }
      URI next = addresses.named(page, link.get(), "Link");
      if (!Origin.of(next).equals(Origin.of(page)) || next.equals(page)) {
        throw RegistryFailure.of(
            ErrorCode.REGISTRY_ERROR,
            answer.request() + " names a next page that is not a further page of this registry");
      }
      return new Page(parse(answer), Optional.of(next));
    }
  }

  static Optional<String> next(List<String> headers) {
    for (String header : headers) {
      Matcher matcher = NEXT.matcher(header);
      if (matcher.find()) {
        return Optional.of(matcher.group(1));
      }
    }
    return Optional.empty();
  }

  private static List<String> parse(Answer answer) throws IOException {
    byte[] body = answer.read(MAX_PAGE);
    try {
      JsonNode tags = JSON.readTree(body).path("tags");
      if (tags.isArray() || tags.isNull()) {
        List<String> names = new ArrayList<>();
        tags.forEach(tag -> names.add(tag.asText()));
        return List.copyOf(names);
      }
    } catch (JsonProcessingException e) {
      // Said below.
    }
    throw RegistryFailure.of(
        ErrorCode.REGISTRY_ERROR,
        "the answer to "
            + answer.request()
            + " is not a list of tags: \""
            + ErrorBody.text(body)
            + "\"");
  }
}
