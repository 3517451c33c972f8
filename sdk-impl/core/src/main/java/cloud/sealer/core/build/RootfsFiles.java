package cloud.sealer.core.build;

import cloud.sealer.core.store.StoreFailure;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What the files of a rootfs say about the image: {@code Metadata} (version of Kubernetes,
 * architecture) and {@code etc/Clusterfile}.
 *
 * @param kubernetesVersion such as {@code v1.20.2}
 * @param platform the platform, if the file names an architecture
 * @param clusterfile the default Clusterfile
 */
record RootfsFiles(
    Optional<String> kubernetesVersion, Optional<Platform> platform, Optional<String> clusterfile) {
  private static final RootfsPath METADATA = RootfsPath.of("Metadata");
  private static final RootfsPath CLUSTERFILE = RootfsPath.of("etc/Clusterfile");
  private static final int MAX_SIZE = 1024 * 1024;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static boolean isWanted(RootfsPath path) {
    return path.equals(METADATA) || path.equals(CLUSTERFILE);
  }

  static RootfsFiles read(FileTree files) {
    JsonNode metadata = MAPPER.createObjectNode();
    Optional<String> clusterfile = Optional.empty();
    for (FileTree.Entry entry : files.entries()) {
      if (entry.path().equals(CLUSTERFILE)) {
        clusterfile = text(entry).filter(text -> !text.isBlank());
      } else if (entry.path().equals(METADATA)) {
        metadata = parse(text(entry).orElse("{}"));
      }
    }
    String version = metadata.path("version").asText();
    String architecture = metadata.path("arch").asText();
    return new RootfsFiles(
        version.isEmpty() ? Optional.empty() : Optional.of(version),
        architecture.isEmpty() ? Optional.empty() : Optional.of(platform(metadata, architecture)),
        clusterfile);
  }

  private static Platform platform(JsonNode metadata, String architecture) {
    try {
      return new Platform("linux", architecture, metadata.path("variant").asText());
    } catch (IllegalArgumentException e) {
      throw invalid("names a bad platform: " + e.getMessage(), e);
    }
  }

  private static JsonNode parse(String json) {
    try {
      JsonNode node = MAPPER.readTree(json);
      return node != null && node.isObject() ? node : MAPPER.createObjectNode();
    } catch (IOException e) {
      throw invalid("is not JSON", e);
    }
  }

  private static SealerException invalid(String reason, Exception cause) {
    return SealerException.builder(
            ErrorCode.INVALID_CONTEXT, "the file Metadata of the rootfs " + reason)
        .remedy("write it as {\"version\": \"v1.20.2\", \"arch\": \"amd64\"}")
        .cause(cause)
        .build();
  }

  private static Optional<String> text(FileTree.Entry entry) {
    FileTree.Content content = entry.content();
    if (content == null) {
      return Optional.empty();
    }
    byte[] bytes;
    try (InputStream in = content.open()) {
      bytes = in.readNBytes(MAX_SIZE + 1);
    } catch (IOException e) {
      throw StoreFailure.of("read", entry.path().toString(), e);
    }
    if (bytes.length > MAX_SIZE) {
      throw SealerException.builder(
              ErrorCode.INVALID_CONTEXT,
              "the file " + entry.path() + " of the rootfs is larger than " + MAX_SIZE + " bytes")
          .remedy("it goes into the image's metadata: make it smaller")
          .build();
    }
    return Optional.of(new String(bytes, StandardCharsets.UTF_8));
  }
}
