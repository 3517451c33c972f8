package cloud.sealer.core.fetch;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An http or https URL, with the name and password it may have kept apart.
 *
 * <p>Its text has neither the password nor the query, which often is one too (presigned URLs).
 */
final class SourceUrl {
  private final URI uri;
  private final @Nullable String userInfo;

  private SourceUrl(URI uri, @Nullable String userInfo) {
    this.uri = uri;
    this.userInfo = userInfo;
  }

  static boolean isHttp(String source) {
    return source.regionMatches(true, 0, "http://", 0, 7)
        || source.regionMatches(true, 0, "https://", 0, 8);
  }

  /** Reads a URL; its fragment means nothing to a server and is dropped. */
  static SourceUrl parse(String source) {
    int fragment = source.indexOf('#');
    String text = fragment < 0 ? source : source.substring(0, fragment);
    try {
      URI uri = new URI(text);
      if (uri.getHost() == null) {
        throw new URISyntaxException("", "it has no host");
      }
      return new SourceUrl(withoutUser(uri), uri.getRawUserInfo());
    } catch (URISyntaxException e) {
      // the text itself may hold a password, and a part that cannot be read cannot be hidden
      throw SealerException.builder(
              ErrorCode.FETCH_FAILED,
              "COPY source " + masked(text) + " is not a URL: " + e.getReason())
          .remedy("Write characters such as blanks and braces as %20, %7B, %7D.")
          .build();
    }
  }

  private static String masked(String text) {
    return text.replaceAll("//.*@", "//***@").replaceAll("\\?.*", "?***");
  }

  private static URI withoutUser(URI uri) throws URISyntaxException {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    return new URI(scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port + path + query);
  }

  /** The URL to ask for. */
  URI uri() {
    return uri;
  }

  /** Where a redirect leads; a name and password in it are not used. */
  SourceUrl redirected(String location) throws FetchFailure {
    SourceUrl next;
    try {
      URI target = uri.resolve(new URI(location));
      if (target.getHost() == null || target.getScheme() == null || !isHttp(target.toString())) {
        throw new URISyntaxException("", "it is not http or https");
      }
      next = new SourceUrl(withoutUser(target), null);
    } catch (URISyntaxException e) {
      throw FetchFailure.lasting(
          ErrorCode.FETCH_FAILED, "the server redirects to a bad address: " + e.getReason(), "");
    }
    if (isSecure() && !next.isSecure()) {
      throw FetchFailure.lasting(
          ErrorCode.FETCH_FAILED,
          "the server redirects from https to plain http, to " + next,
          "Fetch it from a server that stays with https.");
    }
    return next;
  }

  boolean isSecure() {
    return "https".equals(uri.getScheme());
  }

  int port() {
    return uri.getPort() >= 0 ? uri.getPort() : isSecure() ? 443 : 80;
  }

  /** Whether the same server answers, so that a password for one may be told to the other. */
  boolean sameOrigin(SourceUrl other) {
    return Objects.equals(uri.getScheme(), other.uri.getScheme())
        && Objects.equals(uri.getHost(), other.uri.getHost())
        && port() == other.port();
  }

  Optional<String> user() {
    return userPart(0);
  }

  Optional<String> password() {
    return userPart(1);
  }

  private Optional<String> userPart(int index) {
    if (userInfo == null) {
      return Optional.empty();
    }
    String[] parts = userInfo.split(":", 2);
    return Optional.of(index < parts.length ? decodedOr(parts[index], parts[index]) : "");
  }

  /** The header for the name and password in the URL. */
  Optional<String> authorization() {
    return user()
        .map(user -> user + ":" + password().orElse(""))
        .map(pair -> pair.getBytes(StandardCharsets.UTF_8))
        .map(pair -> "Basic " + Base64.getEncoder().encodeToString(pair));
  }

  /** What the file is called in the destination: the last element of the path, decoded. */
  String fileName() {
    String path = uri.getRawPath();
    String raw = path.substring(path.lastIndexOf('/') + 1);
    String name = decodedOr(raw, "");
    boolean odd = name.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == '/');
    if (name.isEmpty() || odd) {
      throw SealerException.builder(
              ErrorCode.FETCH_FAILED, "COPY source " + this + " does not end in a file name")
          .remedy("Give the URL of a file; a server's directory cannot be copied.")
          .build();
    }
    if (name.equals(".") || name.equals("..")) {
      throw SealerException.builder(
              ErrorCode.PATH_ESCAPES,
              "COPY source " + this + " would be written as \"" + name + "\"")
          .build();
    }
    return name;
  }

  private static String decodedOr(String raw, String otherwise) {
    byte[] text = raw.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(text.length);
    for (int i = 0; i < text.length; i++) {
      if (text[i] == '%' && i + 2 < text.length) {
        int high = Character.digit(text[i + 1], 16);
        int low = Character.digit(text[i + 2], 16);
        if (high < 0 || low < 0) {
          return otherwise;
        }
        bytes.put((byte) (high << 4 | low));
        i += 2;
      } else {
        bytes.put(text[i]);
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      return otherwise;
    }
  }

  @Override
  public String toString() {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String user = userInfo == null ? "" : "***@";
    String query = uri.getRawQuery() == null ? "" : "?***";
    return uri.getScheme() + "://" + user + uri.getHost() + port + uri.getRawPath() + query;
  }
}
