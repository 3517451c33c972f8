package cloud.sealer.core.image;

import cloud.sealer.core.event.TaskStarter;
import cloud.sealer.core.layer.LayerFiles;
import cloud.sealer.core.layer.RegistryTree;
import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Images;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Proves that an image in the store is whole: every blob has its digest, and every container image
 * that the metadata promises can be served from the {@code registry/} tree.
 */
final class ImageVerifier {
  private static final int BUFFER = 256 * 1024;

  private final LayerStore store;
  private final Transfers transfers;

  ImageVerifier(LayerStore store, Transfers transfers) {
    this.store = store;
    this.transfers = transfers;
  }

  Images.VerifyReport verify(ClusterImage image, LayerStore.Session session, TaskStarter parent) {
    Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
    new ImageReader(store)
        .blobs(image.descriptor())
        .forEach(blob -> blobs.putIfAbsent(blob.digest(), blob));
    long bytes = blobs.values().stream().mapToLong(Descriptor::size).sum();
    try (Task task = parent.start(Event.TaskKind.VERIFY, image.reference().toString(), bytes)) {
      List<String> problems = new ArrayList<>();
      problems.addAll(
          transfers
              .map("verifying " + image.reference(), blobs.values(), blob -> check(blob, task))
              .stream()
              .flatMap(Optional::stream)
              .toList());
      if (problems.isEmpty()) {
        for (ClusterImage.PlatformImage platform : image.platforms()) {
          problems.addAll(checkImages(platform, session));
        }
      }
      task.done(problems.isEmpty() ? "all blobs hold" : problems.size() + " problems");
      return new Images.VerifyReport(blobs.size(), bytes, problems);
    }
  }

  private Optional<String> check(Descriptor blob, Task task) {
    if (store.size(blob.digest()).isEmpty()) {
      return Optional.of("blob " + blob.digest() + " (" + blob.mediaType() + ") is missing");
    }
    boolean sha512 = blob.digest().algorithm().equals("sha512");
    Hasher hasher = sha512 ? Hashing.sha512().newHasher() : Hashing.sha256().newHasher();
    long size = 0;
    try (InputStream in = store.open(blob.digest())) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (Thread.currentThread().isInterrupted()) {
          throw SealerException.cancelled("verifying");
        }
        hasher.putBytes(buffer, 0, n);
        size += n;
        task.advance(n);
      }
    } catch (ClosedByInterruptException e) {
      throw SealerException.cancelled("verifying");
    } catch (IOException e) {
      return Optional.of("blob " + blob.digest() + " cannot be read: " + e.getMessage());
    }
    Digest actual = new Digest(blob.digest().algorithm(), hasher.hash().toString());
    if (size == blob.size() && actual.equals(blob.digest())) {
      return Optional.empty();
    }
    if (!actual.equals(blob.digest())) {
      store.evict(blob.digest());
      task.evicted(blob.digest(), "its bytes hash to " + actual);
    }
    return Optional.of(
        "blob "
            + blob.digest()
            + " is damaged: its bytes hash to "
            + actual
            + "; it was removed, so pull or build the image again");
  }

  private List<String> checkImages(
      ClusterImage.PlatformImage platform, LayerStore.Session session) {
    Collection<ContainerImage> images = platform.metadata().containerImages();
    if (images.isEmpty()) {
      return List.of();
    }
    Map<RootfsPath, Long> files = new HashMap<>();
    List<Descriptor> others = new ArrayList<>();
    for (Descriptor layer : platform.layers()) {
      String blob = layer.annotations().get(Annotations.BLOB);
      if (blob == null) {
        others.add(layer);
      } else {
        files.put(RegistryTree.blob(Digest.parse(blob)), layer.size());
      }
    }
    List<String> problems = new ArrayList<>();
    try (FileTree tree =
        LayerFiles.open(
            store,
            LayerFiles.stored(others),
            path -> path.startsWith(RegistryTree.ROOT),
            session.scratch())) {
      Map<RootfsPath, FileTree.Entry> documents = new HashMap<>();
      tree.entries().forEach(entry -> documents.put(entry.path(), entry));
      for (ContainerImage image : images) {
        check(image, documents, files).ifPresent(problems::add);
      }
    }
    return problems;
  }

  private static Optional<String> check(
      ContainerImage image,
      Map<RootfsPath, FileTree.Entry> documents,
      Map<RootfsPath, Long> blobs) {
    FileTree.Entry entry = documents.get(RegistryTree.blob(image.manifest()));
    if (entry == null || !documents.containsKey(RegistryTree.blob(image.digest()))) {
      return Optional.of("the manifest of container image " + image.reference() + " is missing");
    }
    OciManifest manifest;
    try (InputStream in = Objects.requireNonNull(entry.content()).open()) {
      byte[] bytes = in.readNBytes(Documents.MAX_SIZE);
      if (!Documents.digest(bytes, image.manifest()).equals(image.manifest())) {
        return Optional.of("the manifest of container image " + image.reference() + " is damaged");
      }
      manifest = OciManifest.parse(bytes, "manifest of " + image.reference());
    } catch (ClosedByInterruptException e) {
      throw SealerException.cancelled("verifying");
    } catch (IOException e) {
      return Optional.of(
          "the manifest of container image " + image.reference() + " cannot be read");
    }
    List<Descriptor> parts = new ArrayList<>(manifest.layers());
    parts.add(manifest.config());
    for (Descriptor part : parts) {
      RootfsPath path = RegistryTree.blob(part.digest());
      if (!blobs.containsKey(path) && !documents.containsKey(path)) {
        return Optional.of(
            "blob " + part.digest() + " of container image " + image.reference() + " is missing");
      }
    }
    return Optional.empty();
  }
}
