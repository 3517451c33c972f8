package cloud.sealer.core.build;

import cloud.sealer.core.image.OciConfig;
import cloud.sealer.core.layer.WrittenLayer;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import java.util.ArrayList;
import java.util.List;

/** The layers of a build so far, and the cache key they add up to. Not thread-safe. */
final class Chain {
  private final List<Descriptor> baseLayers;
  private final List<Digest> baseDiffIds;
  private final List<OciConfig.History> baseHistory;
  private final List<WrittenLayer> layers = new ArrayList<>();
  private final List<OciConfig.History> history = new ArrayList<>();
  private Digest key;

  Chain(
      List<Descriptor> baseLayers,
      List<Digest> baseDiffIds,
      List<OciConfig.History> baseHistory,
      Digest key) {
    this.baseLayers = baseLayers;
    this.baseDiffIds = baseDiffIds;
    this.baseHistory = baseHistory;
    this.key = key;
  }

  Digest key() {
    return key;
  }

  /** Adds what an instruction made: a layer, or none. */
  void add(String text, Digest newKey, List<WrittenLayer> made) {
    key = newKey;
    layers.addAll(made);
    history.add(new OciConfig.History(text, made.isEmpty()));
  }

  /** Adds layers that no instruction made. */
  void addCollected(List<WrittenLayer> collected) {
    for (WrittenLayer layer : collected) {
      layers.add(layer);
      history.add(new OciConfig.History("collected container images", false));
    }
  }

  /** All layers with those of the base, and their uncompressed digests. */
  List<WrittenLayer> all() {
    List<WrittenLayer> all = new ArrayList<>();
    for (int i = 0; i < baseLayers.size(); i++) {
      all.add(new WrittenLayer(baseLayers.get(i), baseDiffIds.get(i), -1));
    }
    all.addAll(layers);
    return all;
  }

  /** What goes into the image: with or without the base. */
  List<WrittenLayer> image(boolean includeBase) {
    return includeBase ? all() : List.copyOf(layers);
  }

  List<OciConfig.History> history(boolean includeBase) {
    List<OciConfig.History> all = new ArrayList<>(includeBase ? baseHistory : List.of());
    all.addAll(history);
    return all;
  }
}
