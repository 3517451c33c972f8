package cloud.sealer.core.image;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;

/** Bytes made by a fuzzer as each document of an image: read, or refused with one clear error. */
@Tag("fuzz")
class ImageDocumentsFuzz {
  @FuzzTest(maxDuration = "1m")
  void anyBytes(byte[] bytes) {
    read(() -> OciConfig.parse(bytes, "fuzz"));
    OciIndex index = read(() -> OciIndex.parse(bytes, "fuzz"));
    if (index != null) {
      for (Descriptor entry : index.manifests()) {
        Attachment.parse(entry.annotations().get(Annotations.REF_NAME), entry)
            .ifPresent(Attachment::name);
      }
    }
    OciManifest manifest = read(() -> OciManifest.parse(bytes, "fuzz"));
    if (manifest != null) {
      read(() -> MetadataCodec.read(manifest.annotations(), "fuzz"));
    }
    ArtifactManifest artifact = read(() -> ArtifactManifest.parse(bytes, "fuzz"));
    if (artifact != null) {
      ArtifactManifest again = ArtifactManifest.parse(artifact.toJson(), "written");
      if (!again.layers().equals(artifact.layers())) {
        throw new AssertionError("an artifact does not survive being written: " + again);
      }
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    read(() -> MetadataCodec.read(Map.of(Annotations.CONTAINER_IMAGES, text), "f"));
    read(() -> MetadataCodec.read(Map.of(Annotations.COMMANDS, text), "fuzz"));
  }

  private static <T> T read(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (SealerException e) {
      if (e.code() != ErrorCode.IMAGE_UNSUPPORTED) {
        throw e;
      }
      return null;
    }
  }
}
