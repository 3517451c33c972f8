package cloud.sealer.core.collection;

import cloud.sealer.core.image.Annotations;
import cloud.sealer.core.image.PlatformSearch;
import cloud.sealer.core.layer.LayerWriter;
import cloud.sealer.core.layer.RegistryTree;
import cloud.sealer.core.layer.WrittenLayer;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient.Manifest;
import cloud.sealer.sdk.spi.Task;
import java.util.Comparator;
import java.util.List;

/**
 * The links, manifests and configurations of collected images: one layer, and the same for all
 * platforms, so that a registry which gets the blobs of several platforms serves them all.
 */
final class RegistryDocuments {
  private final RegistryTree tree = new RegistryTree();

  RegistryDocuments(List<ResolvedImage> images) {
    // A tag of its own wins over one that only stands beside a digest.
    images.stream()
        .sorted(Comparator.comparing(image -> image.reference().digest().isEmpty()))
        .forEach(this::add);
  }

  private void add(ResolvedImage image) {
    String repository = image.reference().repository();
    image
        .documents()
        .forEach(
            (digest, bytes) -> {
              tree.addBlob(digest, bytes);
              tree.addRevision(repository, digest);
            });
    for (PlatformSearch.Found content : image.contents().values()) {
      Digest config = content.manifest().config().digest();
      tree.addBlob(config, content.config());
      tree.addLayerLink(repository, config);
      content.manifest().layers().forEach(layer -> tree.addLayerLink(repository, layer.digest()));
    }
    if (image.reference().tag().isPresent() && !image.contents().isEmpty()) {
      Manifest served = image.served();
      tree.addBlob(served.descriptor().digest(), served.bytes());
      tree.addRevision(repository, served.descriptor().digest());
      tree.addTag(repository, image.reference().tag().get(), served.descriptor().digest());
    }
  }

  WrittenLayer write(LayerWriter writer, LayerStore.Session session, Task parent) {
    try (Task task = parent.start(Event.TaskKind.LAYER, "registry links and manifests", -1)) {
      WrittenLayer layer = writer.write(tree.entries(), session, task);
      task.done(layer.descriptor().digest().toString());
      return new WrittenLayer(
          layer.descriptor().withAnnotation(Annotations.LAYER, Annotations.LAYER_REGISTRY),
          layer.diffId(),
          layer.uncompressedSize());
    }
  }
}
