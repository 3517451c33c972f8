package cloud.sealer.testkit;

import cloud.sealer.sdk.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out what a request wants: the routes of the <a
 * href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#endpoints">OCI
 * distribution specification</a>.
 */
final class RegistryProtocol {
  private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final Pattern ROUTE =
      Pattern.compile(
          "/v2/("
              + COMPONENT
              + "(?:/"
              + COMPONENT
              + ")*)"
              + "/(blobs/uploads|blobs|manifests|tags|referrers)/([^/]*)");

  private final RegistryStorage storage;
  private final Authority authority;
  private final String address;
  private final int pageSize;
  private final BlobRoutes blobs;
  private final ManifestRoutes manifests;

  RegistryProtocol(RegistryStorage storage, Authority authority, String address, int pageSize) {
    this.storage = storage;
    this.authority = authority;
    this.address = address;
    this.pageSize = pageSize;
    this.blobs = new BlobRoutes(storage, authority);
    this.manifests = new ManifestRoutes(storage);
  }

  void handle(Call call) throws IOException, RegistryError {
    call.set("Docker-Distribution-Api-Version", "registry/2.0");
    String path = call.path().endsWith("/uploads") ? call.path() + "/" : call.path();
    Matcher route = ROUTE.matcher(path);
    if (path.equals(Authority.TOKEN_PATH)) {
      authority.giveToken(call);
    } else if (path.equals("/v2/") || path.equals("/v2")) {
      if (authority.admits(call, "", address)) {
        call.reply(200, "{}");
      }
    } else if (path.equals("/v2/_catalog")) {
      if (authority.admits(call, "", address)) {
        page(call, "", "repositories", storage.repositories());
      }
    } else if (!route.matches()) {
      throw new RegistryError(404, "NAME_INVALID", "there is nothing at " + path);
    } else if (authority.admits(call, route.group(1), address)) {
      handle(call, route.group(1), route.group(2), route.group(3));
    }
  }

  private void handle(Call call, String repository, String kind, String name)
      throws IOException, RegistryError {
    switch (kind) {
      case "blobs/uploads" -> blobs.upload(call, repository, name);
      case "blobs" -> blobs.blob(call, repository, digest(name));
      case "manifests" -> manifests.manifest(call, repository, name);
      case "tags" -> tags(call, repository, name);
      default -> manifests.referrers(call, repository, digest(name));
    }
  }

  static Digest digest(String text) throws RegistryError {
    try {
      return Digest.parse(text);
    } catch (IllegalArgumentException e) {
      throw RegistryError.badDigest(String.valueOf(e.getMessage()));
    }
  }

  private void tags(Call call, String repository, String name) throws IOException, RegistryError {
    if (!name.equals("list") || !call.method().equals("GET")) {
      throw RegistryError.unsupported(call.method());
    }
    if (!storage.hasRepository(repository)) {
      throw RegistryError.unknownName(repository);
    }
    String prefix = "\"name\":" + JsonText.quoted(repository) + ",";
    page(call, prefix, "tags", storage.tags(repository));
  }

  /** Answers with the part of a sorted list that {@code n} and {@code last} ask for. */
  private void page(Call call, String prefix, String field, List<String> all) throws IOException {
    String last = call.parameter("last");
    List<String> rest = new ArrayList<>(all);
    rest.removeIf(name -> name.compareTo(last) <= 0);
    int size = Math.min(pageSize, number(call.parameter("n")));
    if (rest.size() > size) {
      rest = rest.subList(0, size);
      if (size > 0) {
        String next = call.path() + "?n=" + size + "&last=" + rest.get(size - 1);
        call.set("Link", "<" + next + ">; rel=\"next\"");
      }
    }
    call.reply(200, "{" + prefix + "\"" + field + "\":" + JsonText.strings(rest) + "}");
  }

  private static int number(String text) {
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : Integer.MAX_VALUE;
  }
}
