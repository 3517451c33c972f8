package cloud.sealer.core.registry;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out what a manifest is: its own {@code mediaType} counts, then the {@code Content-Type},
 * then its fields. Documents that could be read as two things, and schema 1, are refused.
 */
final class ManifestType {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+";
  private static final Set<String> GENERIC =
      Set.of("application/json", "text/plain", "text/html", "application/octet-stream");

  private ManifestType() {}

  /**
   * The type of a manifest.
   *
   * @param request where it came from, for messages
   */
  static MediaType of(byte[] bytes, Optional<String> contentType, String request)
      throws RegistryFailure {
    Map<String, String> fields = fields(bytes, contentType, request);
    String declared = fields.getOrDefault("mediaType", "");
    String type =
        declared.isEmpty() ? contentType.filter(t -> !GENERIC.contains(t)).orElse("") : declared;
    boolean index = fields.containsKey("manifests");
    boolean image = fields.containsKey("layers") || fields.containsKey("config");
    if (type.startsWith(SCHEMA_1) || fields.getOrDefault("schemaVersion", "").equals("1")) {
      throw RegistryFailure.of(
              ErrorCode.IMAGE_UNSUPPORTED,
              "the answer to " + request + " is a manifest of docker's old schema 1")
          .remedy("push the image again with a current tool: skopeo copy --format v2s2 or oci");
    }
    if (index && image) {
      throw RegistryFailure.of(
          ErrorCode.IMAGE_UNSUPPORTED,
          "the answer to " + request + " claims to be an index and an image manifest at once");
    }
    if (!type.isEmpty()) {
      return new MediaType(type);
    }
    if (index || image) {
      return index ? MediaType.OCI_INDEX : MediaType.OCI_MANIFEST;
    }
    throw noManifest(bytes, contentType, request);
  }

  /** The top-level fields; values only of the simple ones. */
  private static Map<String, String> fields(
      byte[] bytes, Optional<String> contentType, String request) throws RegistryFailure {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser json = JSON.createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw noManifest(bytes, contentType, request);
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        fields.put(name, value.isScalarValue() ? json.getText() : "");
        json.skipChildren();
      }
      return fields;
    } catch (RegistryFailure e) {
      throw e;
    } catch (IOException e) {
      throw noManifest(bytes, contentType, request);
    }
  }

  private static RegistryFailure noManifest(
      byte[] bytes, Optional<String> contentType, String request) {
    return RegistryFailure.of(
            ErrorCode.REGISTRY_ERROR,
            "the answer to "
                + request
                + " is not a manifest but "
                + ErrorBody.clean(contentType.orElse("of no declared type"))
                + ": \""
                + ErrorBody.text(Arrays.copyOf(bytes, Math.min(bytes.length, 2048)))
                + "\"")
        .remedy("check that the host is a registry and that no proxy answers in its place");
  }
}
