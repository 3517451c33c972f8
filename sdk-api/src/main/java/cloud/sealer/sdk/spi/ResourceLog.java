package cloud.sealer.sdk.spi;

import java.nio.file.Path;
import java.util.List;

/**
 * The durable record of what a provider has made, or was about to make, for one owner. It outlives
 * the process: whoever has it can go on, or remove everything. Thread-safe.
 */
public interface ResourceLog {
  /**
   * What is recorded.
   *
   * @return the resources in the order in which they were first recorded
   */
  List<MachineResource> resources();

  /**
   * Records a resource, in place of one of the same kind and name. Durable when it returns.
   *
   * @param resource the resource
   * @throws cloud.sealer.sdk.SealerException with {@link cloud.sealer.sdk.ErrorCode#STORE_IO} if it
   *     cannot be recorded; what it stands for must not be made or used then
   */
  void put(MachineResource resource);

  /**
   * Forgets a resource that was seen to be gone.
   *
   * @param resource the resource; only kind and name count
   */
  void remove(MachineResource resource);

  /**
   * A directory that goes with the record, readable by its owner only, for files that a provider
   * needs as long as the machines live, such as the private key it made to log in with.
   *
   * @return an existing directory
   */
  Path directory();
}
