package cloud.sealer.core.store;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a store: recognises it, makes it when it is first written to, refuses another
 * one.
 */
final class Layout {
  private static final String VERSION = "1.0.0";
  private static final String MARKER = "oci-layout";

  /**
   * What may be in a directory that becomes a store: an empty disk has the one, the probe of RUN
   * the other.
   */
  private static final Set<String> HARMLESS = Set.of("lost+found", "work");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path directory;
  private volatile boolean known;

  Layout(Path directory) {
    this.directory = directory;
  }

  /** Whether there is a store; false if there is nothing yet. */
  boolean exists() {
    if (known) {
      return true;
    }
    try {
      check(Files.readString(directory.resolve(MARKER)));
      known = true;
      return true;
    } catch (NoSuchFileException e) {
      requireFresh();
      return false;
    } catch (IOException e) {
      throw StoreFailure.of("read", directory.resolve(MARKER), e);
    }
  }

  /** Makes the store if there is none. */
  void prepare() {
    if (exists()) {
      return;
    }
    Path marker = directory.resolve(MARKER);
    try {
      Files.createDirectories(directory);
      DurableFiles.replace(
          marker,
          directory.resolve(MARKER + "." + UUID.randomUUID()),
          ("{\"imageLayoutVersion\":\"" + VERSION + "\"}").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw StoreFailure.of("create the store", directory, e);
    }
    known = true;
  }

  private void check(String marker) {
    String version;
    try {
      JsonNode json = MAPPER.readTree(marker);
      version = json == null ? "" : json.path("imageLayoutVersion").asText();
    } catch (JacksonException e) {
      throw refused("its file " + MARKER + " is not JSON", e);
    }
    if (!version.equals(VERSION)) {
      throw SealerException.builder(
              ErrorCode.IMAGE_UNSUPPORTED,
              "the store " + directory + " has image layout version \"" + version + "\"")
          .remedy("use another directory: this library reads and writes version " + VERSION)
          .build();
    }
  }

  private void requireFresh() {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      for (Path child : children) {
        String name = child.getFileName().toString();
        // A process that died while it made the store leaves the marker under a temporary name.
        // Another process that makes the store at this moment made the marker first.
        if (!HARMLESS.contains(name)
            && !name.startsWith(MARKER + ".")
            && !Files.exists(directory.resolve(MARKER))) {
          throw refused("it holds other things, such as " + name, null);
        }
      }
    } catch (NoSuchFileException e) {
      return;
    } catch (NotDirectoryException e) {
      throw refused("it is a file", e);
    } catch (IOException e) {
      throw StoreFailure.of("read", directory, e);
    }
  }

  private SealerException refused(String reason, @Nullable Exception cause) {
    return SealerException.builder(
            ErrorCode.INVALID_REQUEST, directory + " cannot be a store of images: " + reason)
        .remedy("give an OCI image layout, or a directory that is empty or does not exist")
        .cause(cause)
        .build();
  }
}
