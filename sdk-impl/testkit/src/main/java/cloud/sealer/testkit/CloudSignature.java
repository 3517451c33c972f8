package cloud.sealer.testkit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Checks signatures of requests by ACS3-HMAC-SHA256, as the cloud does. Thread-safe. */
final class CloudSignature {
  private static final String ALGORITHM = "ACS3-HMAC-SHA256";
  private static final Duration SKEW = Duration.ofMinutes(15);
  private static final List<String> SIGNED =
      List.of(
          "host",
          "x-acs-action",
          "x-acs-content-sha256",
          "x-acs-date",
          "x-acs-signature-nonce",
          "x-acs-version");

  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          ALGORITHM + " Credential=([^,]+),\\s?SignedHeaders=([^,]+),\\s?Signature=([0-9a-f]{64})");

  private final String id;
  private final String secret;
  private final Set<String> nonces = ConcurrentHashMap.newKeySet();

  CloudSignature(String id, String secret) {
    this.id = id;
    this.secret = secret;
  }

  /** Checks a request with an empty body. */
  void check(String method, String rawQuery, UnaryOperator<String> header) {
    Matcher authorization = AUTHORIZATION.matcher(header.apply("Authorization"));
    if (!authorization.matches()) {
      throw CloudError.wrong("IncompleteSignature", "no Authorization of " + ALGORITHM);
    }
    if (!authorization.group(1).equals(id)) {
      throw new CloudError(404, "InvalidAccessKeyId.NotFound", "no such key");
    }
    List<String> names = List.of(authorization.group(2).split(";", -1));
    if (!names.containsAll(SIGNED)) {
      throw CloudError.wrong("IncompleteSignature", "these must be signed: " + SIGNED);
    }
    checkFresh(header.apply("x-acs-date"), header.apply("x-acs-signature-nonce"));
    String body = hex(sha256(""));
    String canonical =
        Stream.of(
                method,
                "/",
                rawQuery,
                names.stream()
                    .map(name -> name + ":" + header.apply(name).strip() + "\n")
                    .collect(Collectors.joining()),
                String.join(";", names),
                body)
            .collect(Collectors.joining("\n"));
    byte[] expected = hmac(ALGORITHM + "\n" + hex(sha256(canonical)));
    if (!header.apply("x-acs-content-sha256").equals(body)
        || !MessageDigest.isEqual(expected, HexFormat.of().parseHex(authorization.group(3)))) {
      throw CloudError.wrong("SignatureDoesNotMatch", "the signature is another one");
    }
  }

  private void checkFresh(String date, String nonce) {
    try {
      if (Duration.between(Instant.parse(date), Instant.now()).abs().compareTo(SKEW) > 0) {
        throw CloudError.wrong("InvalidTimeStamp.Expired", "the date is " + date);
      }
    } catch (DateTimeParseException e) {
      throw CloudError.wrong("InvalidTimeStamp.Format", "the date is " + date);
    }
    if (nonce.isEmpty() || !nonces.add(nonce)) {
      throw CloudError.wrong("SignatureNonceUsed", "the nonce was used before");
    }
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

  private byte[] hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
