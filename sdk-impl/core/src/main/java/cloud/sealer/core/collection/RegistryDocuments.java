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
import java.util.stream.IntStream;

/**
 * The links, manifests and configurations of collected images: one layer, and the same for all
 * platforms, so that a registry which gets the blobs of several platforms serves them all.
 */
final class RegistryDocuments {
  private final RegistryTree tree = new RegistryTree();

  /**
   * The documents of some images.
   *
   * @param images the images
   * @param attached what is attached to each, in the same order
   */
  RegistryDocuments(List<ResolvedImage> images, List<CollectedAttachments.Documented> attached) {
    // A tag of its own wins over one that only stands beside a digest.
    IntStream.range(0, images.size())
        .boxed()
        .sorted(Comparator.comparing(i -> images.get(i).reference().digest().isEmpty()))
        .forEach(i -> add(images.get(i), attached.get(i)));
  }

  private void add(ResolvedImage image, CollectedAttachments.Documented attached) {
    attach(image.reference().repository(), attached);
    add(image, attached.isEmpty());
  }

  private void attach(String repository, CollectedAttachments.Documented attached) {
    attached.manifests().forEach(tree::addBlob);
    attached.manifests().keySet().forEach(digest -> tree.addRevision(repository, digest));
    attached.blobs().forEach(tree::addBlob);
    attached.blobs().keySet().forEach(digest -> tree.addLayerLink(repository, digest));
    attached.tags().forEach((tag, digest) -> tree.addTag(repository, tag, digest));
  }

  /** Of a signed image the tag leads to what was signed, though some of it is not there. */
  private void add(ResolvedImage image, boolean subset) {
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
      Manifest served = subset ? image.served() : image.root();
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
