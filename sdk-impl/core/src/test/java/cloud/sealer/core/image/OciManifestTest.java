package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OciManifestTest {
  private static final String SUM = "sha256:" + "ab".repeat(32);

  private static OciManifest parse(String blob) {
    String descriptor = "{\"mediaType\": \"a/b\", \"size\": 1, \"digest\": \"" + SUM + "\"";
    String json =
        "{\"config\": "
            + descriptor
            + "}, \"layers\": ["
            + descriptor
            + ", \"annotations\": {\"cloud.sealer.blob\": \""
            + blob
            + "\"}}]}";
    return OciManifest.parse(json.getBytes(StandardCharsets.UTF_8), "the manifest");
  }

  @Test
  void aLayerMayHoldOneBlob() {
    assertThat(parse(SUM).layers()).hasSize(1);
  }

  @Test
  void whatALayerHoldsIsADigest() {
    assertThatThrownBy(() -> parse("x"))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_UNSUPPORTED))
        .hasMessageContaining("the manifest: layer " + SUM + ": cloud.sealer.blob: ");
  }
}
