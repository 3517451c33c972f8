package cloud.sealer.aliyun;

import cloud.sealer.sdk.Secret;
import cloud.sealer.testkit.EmbeddedCloud;
import java.time.Duration;

/** Providers of an embedded cloud, which have little patience. */
final class Clouds {
  private Clouds() {}

  static AliyunInfrastructure.Builder provider(EmbeddedCloud cloud) {
    return AliyunInfrastructure.builder(
            () -> AccessKey.of(cloud.keyId(), Secret.of(cloud.keySecret())))
        .endpoint(cloud.endpoint())
        .addressService(cloud.addressService())
        .retry(5, Duration.ofMillis(5))
        .removalLimit(Duration.ofSeconds(5))
        .sleeper(time -> Thread.sleep(Math.min(time.toMillis(), 20)));
  }
}
