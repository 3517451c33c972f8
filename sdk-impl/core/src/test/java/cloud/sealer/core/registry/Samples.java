package cloud.sealer.core.registry;

import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** Small images, and clients that do not wait, for the tests of this package. */
final class Samples {
  static final Clock CLOCK = Clock.fixed(Instant.parse("2024-05-06T07:08:09Z"), ZoneOffset.UTC);

  private Samples() {}

  static byte[] bytes(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static Digest digest(byte[] bytes) {
    try {
      return Digest.sha256(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static Descriptor blob(byte[] bytes) {
    return new Descriptor(MediaType.OCI_LAYER, digest(bytes), bytes.length);
  }

  static byte[] manifest(Descriptor config, Descriptor layer) {
    String json =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(MediaType.OCI_MANIFEST, json(config), json(layer));
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static String json(Descriptor descriptor) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(descriptor.mediaType(), descriptor.digest(), descriptor.size());
  }

  static Reference reference(String host, String rest) {
    return Reference.parse(host + "/" + rest);
  }

  static RegistryOptions.Builder plain(String host) {
    return RegistryOptions.builder()
        .plainHttp(host)
        .attempts(3)
        .readTimeout(Duration.ofSeconds(5))
        .connectTimeout(Duration.ofSeconds(5));
  }

  static HttpRegistryClient client(RegistryOptions options) {
    return new HttpRegistryClient(options, 4, CLOCK, duration -> {});
  }

  /** Remembers how long it was asked to wait, and does not. */
  static final class Naps implements Sleeper {
    final List<Duration> naps = new CopyOnWriteArrayList<>();

    @Override
    public void sleep(Duration duration) {
      naps.add(duration);
    }
  }
}
