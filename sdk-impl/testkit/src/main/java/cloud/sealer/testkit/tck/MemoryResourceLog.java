package cloud.sealer.testkit.tck;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.MachineResource;
import cloud.sealer.sdk.spi.ResourceLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A record in memory, which can refuse to go on, as if the process died there. */
final class MemoryResourceLog implements ResourceLog {
  private final Map<String, MachineResource> resources = new LinkedHashMap<>();
  private final Path directory;
  private int remaining = Integer.MAX_VALUE;

  MemoryResourceLog(Path directory) {
    this.directory = directory;
  }

  /** Takes so many entries, and fails on all further ones. */
  synchronized void dieAfter(int entries) {
    remaining = entries;
  }

  synchronized void live() {
    remaining = Integer.MAX_VALUE;
  }

  @Override
  public synchronized List<MachineResource> resources() {
    return new ArrayList<>(resources.values());
  }

  @Override
  public synchronized void put(MachineResource resource) {
    if (remaining-- <= 0) {
      throw SealerException.builder(ErrorCode.STORE_IO, "the process dies here").build();
    }
    resources.put(key(resource), resource);
  }

  @Override
  public synchronized void remove(MachineResource resource) {
    resources.remove(key(resource));
  }

  @Override
  public Path directory() {
    return directory;
  }

  private static String key(MachineResource resource) {
    return resource.kind() + "\n" + resource.name();
  }
}
