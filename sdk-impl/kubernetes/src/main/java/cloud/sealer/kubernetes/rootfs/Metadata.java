package cloud.sealer.kubernetes.rootfs;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * The file {@code Metadata} at the root of the rootfs.
 *
 * @param version the version of Kubernetes that the image brings; empty if it does not say
 * @param arch the CPU architecture, such as {@code amd64}; empty if it does not say
 * @param variant the variant of the architecture; empty for none
 * @param kubeVersion which versions of Kubernetes an application image fits, such as {@code
 *     >=1.19.8, <=1.21.0}; empty for all
 */
public record Metadata(String version, String arch, String variant, String kubeVersion) {
  /** What an image without the file says. */
  public static final Metadata NONE = new Metadata("", "", "", "");

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads the file. Fields it does not know are left alone.
   *
   * @param text its text
   * @throws SealerException with {@link ErrorCode#IMAGE_UNSUPPORTED} if it is not a JSON object of
   *     texts
   */
  public static Metadata parse(String text) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw unreadable("it is not JSON, line " + line);
    }
    if (!root.isObject()) {
      throw unreadable("it is not a JSON object");
    }
    return new Metadata(
        text(root, "version"),
        text(root, "arch"),
        text(root, "variant"),
        text(root, "kubeVersion"));
  }

  private static String text(JsonNode root, String field) {
    JsonNode value = root.path(field);
    if (value.isContainerNode()) {
      throw unreadable(field + " is not a text");
    }
    return value.isNull() ? "" : value.asText("").strip();
  }

  private static SealerException unreadable(String reason) {
    return SealerException.builder(
            ErrorCode.IMAGE_UNSUPPORTED, "Metadata of the image cannot be read: " + reason)
        .remedy("write an object such as {\"version\": \"v1.20.2\", \"arch\": \"amd64\"}")
        .build();
  }
}
