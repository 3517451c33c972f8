package cloud.sealer.core.image;

import cloud.sealer.core.event.TaskStarter;
import cloud.sealer.core.layer.LayerWriter;
import cloud.sealer.core.layer.WrittenLayer;
import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.jspecify.annotations.Nullable;

/**
 * What {@code sealer save} of 0.6 and 0.7 writes: a tar with a directory for each layer, named by
 * its id, and the descriptor of the image in {@code image_metadata.yaml}.
 *
 * <p>The layers are packed again, so the image in the store is as one that sealer pushed, with
 * other layer ids: the archive has nothing that its ids could be checked against.
 */
final class SealerArchive {
  private static final String DESCRIPTOR = "image_metadata.yaml";
  private static final String INDEX_ENTRY = "Metadata";
  private static final Pattern LAYER = Pattern.compile("(?:\\./)?([0-9a-f]{64})/(.*)");
  private static final MediaType CONFIG =
      new MediaType("application/vnd.docker.container.image.v1+json");
  private static final MediaType LAYER_TYPE =
      new MediaType("application/vnd.docker.image.rootfs.diff.tar.gzip");

  private final LayerStore.Session session;

  SealerArchive(LayerStore.Session session) {
    this.session = session;
  }

  /** Whether a file is such an archive, as its first entry tells. */
  static boolean isOne(Path archive) {
    if (!Files.isRegularFile(archive)) {
      return false;
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(archive));
        TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
      TarArchiveEntry first = tar.getNextEntry();
      String name = first == null ? "" : first.getName();
      return LAYER.matcher(name.endsWith("/") ? name : name + "/").matches()
          || name.equals(DESCRIPTOR)
          || name.equals(INDEX_ENTRY);
    } catch (IOException | IllegalArgumentException e) {
      return false; // whoever reads it as another archive says what is wrong
    }
  }

  /** Reads the image into the store; its descriptor has the name it was saved by. */
  List<Descriptor> load(Path archive, TaskStarter parent) {
    try (Task task = parent.start(Event.TaskKind.LOAD, archive.toString(), Files.size(archive));
        TarFile tar = new TarFile(archive)) {
      Descriptor image = load(archive, tar, task);
      task.done("1 image of sealer");
      return List.of(image);
    } catch (ClosedByInterruptException e) {
      throw SealerException.cancelled("loading " + archive);
    } catch (IOException | IllegalArgumentException e) {
      throw invalid(archive, String.valueOf(e.getMessage()), e);
    }
  }

  private Descriptor load(Path archive, TarFile tar, Task task) throws IOException {
    Map<String, Map<RootfsPath, FileTree.Entry>> layers = new LinkedHashMap<>();
    JsonNode descriptor = null;
    JsonNode entryOfIndex = OciJson.MAPPER.createObjectNode();
    for (TarArchiveEntry entry : tar.getEntries()) {
      Matcher layer = LAYER.matcher(entry.getName());
      if (layer.matches()) {
        Map<RootfsPath, FileTree.Entry> files =
            layers.computeIfAbsent(layer.group(1), id -> new TreeMap<>());
        add(files, layer.group(2), entry, tar);
      } else if (entry.getName().equals(DESCRIPTOR)) {
        descriptor = new YAMLMapper().readTree(document(archive, tar, entry));
      } else if (entry.getName().equals(INDEX_ENTRY)) {
        entryOfIndex = OciJson.parse(document(archive, tar, entry), "Metadata of " + archive);
      }
    }
    if (descriptor == null || !SealerDescriptor.isOne(descriptor)) {
      throw invalid(archive, "it has no descriptor of an image in " + DESCRIPTOR, null);
    }
    ObjectNode image = descriptor.deepCopy();
    List<Descriptor> written = new ArrayList<>();
    for (JsonNode layer : image.path("spec").path("layers")) {
      String id = layer.path("id").asText();
      if (!id.isEmpty()) {
        WrittenLayer made = write(archive, id, layers, task);
        ((ObjectNode) layer).put("id", made.diffId().toString());
        Descriptor blob = made.descriptor();
        written.add(new Descriptor(LAYER_TYPE, blob.digest(), blob.size()));
      }
    }
    String name = entryOfIndex.path("name").asText(image.path("metadata").path("name").asText());
    return manifest(image, written).withAnnotation(Annotations.REF_NAME, name);
  }

  private static void add(
      Map<RootfsPath, FileTree.Entry> files, String name, TarArchiveEntry entry, TarFile tar) {
    String text = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    if (text.isEmpty()) {
      return; // the directory of the layer itself
    }
    RootfsPath path = RootfsPath.of(text);
    int mode = entry.getMode() & 07777;
    if (entry.isDirectory()) {
      files.put(path, FileTree.Entry.directory(path, mode));
    } else if (entry.isSymbolicLink()) {
      files.put(path, FileTree.Entry.symlink(path, entry.getLinkName()));
    } else if (entry.isLink()) {
      Matcher target = LAYER.matcher(entry.getLinkName());
      String to = target.matches() ? target.group(2) : entry.getLinkName();
      files.put(path, FileTree.Entry.hardLink(path, RootfsPath.of(to)));
    } else if (entry.isFile()) {
      // A deletion is a file as in a layer: .wh.NAME.
      files.put(
          path, FileTree.Entry.file(path, mode, entry.getSize(), () -> tar.getInputStream(entry)));
    }
  }

  private WrittenLayer write(
      Path archive, String id, Map<String, Map<RootfsPath, FileTree.Entry>> layers, Task task) {
    Map<RootfsPath, FileTree.Entry> files = layers.get(id.substring(id.indexOf(':') + 1));
    if (files == null) {
      throw invalid(archive, "layer " + id + " is missing", null);
    }
    return new LayerWriter(Compression.GZIP, 0).write(List.copyOf(files.values()), session, task);
  }

  /** The documents as sealer pushes them. */
  private Descriptor manifest(ObjectNode image, List<Descriptor> layers) {
    OciConfig config = SealerDescriptor.config(image);
    if (config.platform() != null) {
      image.put("os", config.platform().os());
      image.put("architecture", config.platform().architecture());
    }
    byte[] bytes = OciJson.bytes(image);
    Descriptor blob = new Descriptor(CONFIG, Documents.write(session, bytes), bytes.length);
    byte[] manifest = new OciManifest(blob, layers, Map.of()).toJson(MediaType.DOCKER_MANIFEST);
    return new Descriptor(
        MediaType.DOCKER_MANIFEST, Documents.write(session, manifest), manifest.length);
  }

  private static byte[] document(Path archive, TarFile tar, TarArchiveEntry entry)
      throws IOException {
    if (entry.getSize() > Documents.MAX_SIZE) {
      throw invalid(archive, entry.getName() + " is too large", null);
    }
    try (InputStream in = tar.getInputStream(entry)) {
      return in.readNBytes(Documents.MAX_SIZE);
    }
  }

  private static SealerException invalid(Path archive, String reason, @Nullable Throwable cause) {
    return SealerException.builder(
            ErrorCode.INVALID_ARCHIVE, "cannot load " + archive + ": " + reason)
        .remedy("save the image again with sealer, or push it to a registry and pull it")
        .cause(cause)
        .build();
  }
}
