package cloud.sealer.core.sbom;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes <a href="https://github.com/package-url/purl-spec">package URLs</a>. */
final class PackageUrl {
  private static final String PLAIN = "-._~";

  private PackageUrl() {}

  /** The URL of an image by digest; {@code architecture} may be empty. */
  static String image(Reference image, Digest digest, String architecture) {
    String repository = image.repository();
    String name = repository.substring(repository.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    Map<String, String> qualifiers = new TreeMap<>();
    qualifiers.put("repository_url", image.registry() + "/" + repository);
    image.tag().ifPresent(tag -> qualifiers.put("tag", tag));
    if (!architecture.isEmpty()) {
      qualifiers.put("arch", architecture);
    }
    return "pkg:oci/" + encode(name, "") + "@" + encode(digest.toString(), "") + query(qualifiers);
  }

  static String chart(Item.Chart chart) {
    return "pkg:helm/" + encode(chart.name(), "") + "@" + encode(chart.version(), "");
  }

  static String installed(Item.Installed installed) {
    Map<String, String> qualifiers = new TreeMap<>();
    if (!installed.architecture().isEmpty()) {
      qualifiers.put("arch", installed.architecture());
    }
    return "pkg:"
        + installed.type()
        + "/"
        + encode(installed.distribution(), "")
        + "/"
        + encode(installed.name(), "")
        + "@"
        + encode(installed.version(), "")
        + query(qualifiers);
  }

  private static String query(Map<String, String> qualifiers) {
    return qualifiers.isEmpty()
        ? ""
        : qualifiers.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + encode(entry.getValue(), "/:"))
            .collect(Collectors.joining("&", "?", ""));
  }

  private static String encode(String text, String also) {
    StringBuilder url = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (plain || PLAIN.indexOf(c) >= 0 || also.indexOf(c) >= 0) {
        url.append(c);
      } else {
        url.append('%').append("%02X".formatted((int) c));
      }
    }
    return url.toString();
  }
}
