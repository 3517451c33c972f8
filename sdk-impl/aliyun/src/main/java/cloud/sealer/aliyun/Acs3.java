package cloud.sealer.aliyun;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests by ACS3-HMAC-SHA256, as <a
 * href="https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature">Request
 * syntax and signature method V3</a> says. All parameters are in the query; there is no body.
 */
final class Acs3 {
  private static final String ALGORITHM = "ACS3-HMAC-SHA256";
  private static final String HMAC = "HmacSHA256";
  private static final String EMPTY_BODY = hex(sha256(""));

  private Acs3() {}

  /** The query of a URI: names sorted, each part percent-encoded by RFC 3986. */
  static String query(Map<String, String> parameters) {
    return new TreeMap<>(parameters)
        .entrySet().stream()
            .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  /**
   * The headers of a signed request, without {@code Host}, which the HTTP client adds.
   *
   * @param method the HTTP method
   * @param uri where it goes, with its query
   * @param action the call
   * @param version the version of the interface
   * @param key what to sign with
   * @param now the time
   * @param nonce text that no other request has
   */
  static Map<String, String> headers(
      String method,
      URI uri,
      String action,
      String version,
      AccessKey key,
      Instant now,
      String nonce) {
    SortedMap<String, String> headers = new TreeMap<>();
    headers.put("host", uri.getRawAuthority());
    headers.put("x-acs-action", action);
    headers.put("x-acs-content-sha256", EMPTY_BODY);
    headers.put("x-acs-date", now.truncatedTo(ChronoUnit.SECONDS).toString());
    headers.put("x-acs-signature-nonce", nonce);
    headers.put("x-acs-version", version);
    key.token().ifPresent(token -> headers.put("x-acs-security-token", token.reveal()));
    String names = String.join(";", headers.keySet());
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    String canonical =
        method
            + "\n/\n"
            + query
            + "\n"
            + headers.entrySet().stream()
                .map(each -> each.getKey() + ":" + each.getValue() + "\n")
                .collect(Collectors.joining())
            + "\n"
            + names
            + "\n"
            + EMPTY_BODY;
    String signature = hex(hmac(key, ALGORITHM + "\n" + hex(sha256(canonical))));
    headers.put(
        "Authorization",
        ALGORITHM
            + " Credential="
            + key.id()
            + ",SignedHeaders="
            + names
            + ",Signature="
            + signature);
    headers.remove("host");
    return headers;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static byte[] hmac(AccessKey key, String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      byte[] secret = key.secret().reveal().getBytes(StandardCharsets.UTF_8);
      mac.init(new SecretKeySpec(secret, HMAC));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }
}
