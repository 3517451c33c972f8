package cloud.sealer.kubernetes.record;

import cloud.sealer.core.files.TreeRemoval;
import cloud.sealer.core.store.DurableFiles;
import cloud.sealer.core.store.StoreFailure;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.SealerException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The records of clusters in a directory of this machine, for its owner only. One file for each
 * cluster; it is there whole or not at all. Thread-safe.
 */
public final class ClusterRecords {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String FILE = "cluster.json";
  private static final int FORMAT = 1;

  private final Path directory;

  /** The records in a directory, which is made when first needed. */
  public ClusterRecords(Path directory) {
    this.directory = directory;
  }

  /** The record of a cluster; empty if there is none. */
  public Optional<ClusterState> find(String cluster) {
    Path file = file(cluster);
    try {
      return Optional.of(parse(Files.readString(file, StandardCharsets.UTF_8), file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw StoreFailure.of("read", file, e);
    }
  }

  /**
   * The record of a cluster.
   *
   * @throws SealerException with {@link ErrorCode#CLUSTER_NOT_FOUND} if there is none
   */
  public ClusterState require(String cluster) {
    return find(cluster)
        .orElseThrow(
            () ->
                SealerException.builder(
                        ErrorCode.CLUSTER_NOT_FOUND,
                        "there is no record of a cluster \"" + cluster + "\" in " + directory)
                    .remedy(
                        "use the directory of records that the cluster was made with; there are: "
                            + all().stream().map(ClusterState::name).toList())
                    .detail("cluster", cluster)
                    .build());
  }

  /** All records, sorted by name. */
  public List<ClusterState> all() {
    List<ClusterState> states = new ArrayList<>();
    try (DirectoryStream<Path> children =
        Files.newDirectoryStream(directory, child -> Files.exists(child.resolve(FILE)))) {
      for (Path child : children) {
        find(child.getFileName().toString()).ifPresent(states::add);
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw StoreFailure.of("read", directory, e);
    }
    states.sort(Comparator.comparing(ClusterState::name));
    return states;
  }

  /** Writes the record of a cluster. */
  public void save(ClusterState state) {
    Path file = file(state.name());
    Path temporary = file.resolveSibling(FILE + "." + UUID.randomUUID() + ".new");
    try {
      Files.createDirectories(file.getParent(), only(file, "rwx------"));
      Files.createFile(temporary, only(file, "rw-------"));
      DurableFiles.replace(file, temporary, json(state).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw StoreFailure.of("write", file, e);
    }
  }

  /** Removes the record of a cluster. */
  public void remove(String cluster) {
    Path parent = file(cluster).resolveSibling("");
    try {
      TreeRemoval.remove(parent);
    } catch (IOException e) {
      throw StoreFailure.of("delete", parent, e);
    }
  }

  private static FileAttribute<?>[] only(Path path, String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private Path file(String cluster) {
    return directory.resolve(new HostPaths(HostPaths.DATA, cluster).cluster()).resolve(FILE);
  }

  private static String json(ClusterState state) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("format", FORMAT);
    node.put("image", state.image().toString());
    node.put("complete", state.complete());
    node.put("changed", state.changed().toString());
    node.putArray("nodes");
    state.nodes().forEach(address -> node.withArray("/nodes").add(address.toString()));
    node.put("clusterfile", state.spec().toYaml());
    for (ClusterState.Application application : state.applications()) {
      node.withArray("/applications")
          .addObject()
          .put("image", application.image().toString())
          .put("clusterfile", application.spec().toYaml());
    }
    return node.toPrettyString() + "\n";
  }

  private static ClusterState parse(String json, Path file) {
    try {
      JsonNode node = MAPPER.readTree(json);
      if (node.path("format").asInt() != FORMAT) {
        throw new IllegalArgumentException("its format " + node.path("format") + " is not known");
      }
      List<HostAddress> nodes = new ArrayList<>();
      node.path("nodes").forEach(address -> nodes.add(HostAddress.parse(address.asText())));
      List<ClusterState.Application> applications = new ArrayList<>();
      node.path("applications")
          .forEach(
              each ->
                  applications.add(new ClusterState.Application(spec(each, file), image(each))));
      return new ClusterState(
          spec(node, file),
          image(node),
          applications,
          nodes,
          node.path("complete").asBoolean(),
          Instant.parse(node.path("changed").asText()));
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw SealerException.builder(
              ErrorCode.STORE_CORRUPT, "the record " + file + " cannot be read: " + e.getMessage())
          .remedy("bring it back from a backup, or remove it and apply the Clusterfile again")
          .cause(e)
          .build();
    }
  }

  private static ClusterSpec spec(JsonNode node, Path file) {
    return ClusterSpec.parse(node.path("clusterfile").asText(), file + " (clusterfile)");
  }

  private static Digest image(JsonNode node) {
    return Digest.parse(node.path("image").asText());
  }
}
