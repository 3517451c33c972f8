package cloud.sealer.aliyun;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Secret;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Acs3Test {
  private static final AccessKey KEY =
      AccessKey.of("YourAccessKeyId", Secret.of("YourAccessKeySecret"));

  /** The example of the documentation, with the signature that stands there. */
  @Test
  void theDocumentedExampleHasTheDocumentedSignature() {
    URI uri =
        URI.create(
            "https://ecs.cn-shanghai.aliyuncs.com/?"
                + Acs3.query(
                    Map.of(
                        "RegionId", "cn-shanghai",
                        "ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd")));

    Map<String, String> headers =
        Acs3.headers(
            "POST",
            uri,
            "RunInstances",
            "2014-05-26",
            KEY,
            Instant.parse("2023-10-26T10:22:32Z"),
            "3156853299f313e23d1673dc12e1703d");

    assertThat(headers.get("Authorization"))
        .isEqualTo(
            "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
                + "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
                + "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0");
  }

  @Test
  void queriesAreEncodedAsRfc3986Says() {
    assertThat(Acs3.query(Map.of("b", "a b*c~d", "a", "[\"ü\"]/")))
        .isEqualTo("a=%5B%22%C3%BC%22%5D%2F&b=a%20b%2Ac~d");
  }

  @Test
  void secretsStandInNoText() {
    assertThat(KEY.toString()).contains("YourAccessKeyId").doesNotContain("Secret");
  }
}
