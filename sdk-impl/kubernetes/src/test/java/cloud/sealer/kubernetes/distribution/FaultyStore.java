package cloud.sealer.kubernetes.distribution;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.PruneResult;
import cloud.sealer.sdk.spi.LayerStore;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A store whose streams can be spoilt, and which counts what is opened. */
final class FaultyStore implements LayerStore {
  private final LayerStore store;
  final List<Digest> opened = Collections.synchronizedList(new ArrayList<>());
  volatile UnaryOperator<InputStream> fault = UnaryOperator.identity();

  FaultyStore(LayerStore store) {
    this.store = store;
  }

  @Override
  public OptionalLong size(Digest digest) {
    return store.size(digest);
  }

  @Override
  public InputStream open(Digest digest) {
    opened.add(digest);
    return fault.apply(store.open(digest));
  }

  @Override
  public void evict(Digest digest) {
    store.evict(digest);
  }

  @Override
  public Map<String, Descriptor> names() {
    return store.names();
  }

  @Override
  public void putName(String name, Descriptor image) {
    store.putName(name, image);
  }

  @Override
  public boolean removeName(String name) {
    return store.removeName(name);
  }

  @Override
  public Optional<String> recall(String kind, String key) {
    return store.recall(kind, key);
  }

  @Override
  public void remember(String kind, String key, String value) {
    store.remember(kind, key, value);
  }

  @Override
  public Session session() {
    return store.session();
  }

  @Override
  public PruneResult prune(Set<Digest> kept, Instant before, boolean dryRun) {
    return store.prune(kept, before, dryRun);
  }

  @Override
  public long bytes() {
    return store.bytes();
  }

  @Override
  public void close() {
    store.close();
  }
}
