package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.InfrastructureSpec;
import java.util.List;
import java.util.Objects;

/**
 * Makes and removes machines. Thread-safe for different owners.
 *
 * <p>What holds for every provider:
 *
 * <ul>
 *   <li>A resource is {@linkplain ResourceLog#put recorded} without identifier before it is made,
 *       with its identifier before it is used, and {@linkplain ResourceLog#remove forgotten} after
 *       it was seen to be gone.
 *   <li>Every resource carries the labels of its {@link MachineOwner} from the moment it exists. So
 *       one that was made when the process died, or whose record is lost, is found by its labels.
 *   <li>A call that failed, was cancelled or died with its process may be made again, by another
 *       process too, and goes on where it stopped: nothing is made twice.
 *   <li>Passwords are random of cryptographic quality, keys are made for the owner alone; secrets
 *       stand in no label, record, log or message, but may lie in {@link ResourceLog#directory}.
 * </ul>
 */
public interface InfrastructureProvider extends AutoCloseable {
  /**
   * The name users choose it by.
   *
   * @return a short lower-case word, such as {@code docker}
   */
  String name();

  /**
   * The build mode whose machines it makes.
   *
   * @return {@link BuildMode#CONTAINER} or {@link BuildMode#CLOUD}
   */
  BuildMode mode();

  /**
   * Checks whether the machines could be made, as far as that can be known without making any:
   * access, stock, quotas, room. Changes nothing.
   *
   * @param spec the machines
   * @param task where to report retries and notices
   * @throws cloud.sealer.sdk.SealerException with {@link
   *     cloud.sealer.sdk.ErrorCode#PREFLIGHT_FAILED} and everything that is wrong, each with a
   *     remedy; with {@link cloud.sealer.sdk.ErrorCode#INVALID_REQUEST} for an option or a size
   *     that it does not know
   */
  void check(InfrastructureSpec spec, Task task);

  /**
   * Makes what is missing and waits until commands can be executed on every machine. Never removes
   * a machine: where there are more than wanted, all are returned.
   *
   * @param owner whose machines they are
   * @param spec the machines
   * @param log the record of what the owner has
   * @param task where to report progress
   * @return all machines of the owner: by group in the order of the spec, within a group in the
   *     order in which they were made
   * @throws cloud.sealer.sdk.SealerException with {@link
   *     cloud.sealer.sdk.ErrorCode#MACHINES_UNAVAILABLE} if a machine cannot be had; what was made
   *     stays, and stays recorded
   */
  List<Machine> provide(MachineOwner owner, InfrastructureSpec spec, ResourceLog log, Task task);

  /**
   * The machines of an owner that run. Makes, starts and waits for nothing.
   *
   * @param owner whose machines they are
   * @param log the record of what the owner has, which is not written to
   * @param task where to report retries
   * @return the machines in the order of {@link #provide}, those of groups that no spec has any
   *     more among them; empty if there are none
   */
  List<Machine> machines(MachineOwner owner, ResourceLog log, Task task);

  /**
   * Removes some machines with what belongs to them alone, and sees that they are gone. The caller
   * has taken them out of the cluster before.
   *
   * @param owner whose machines they are
   * @param machines the machines, as {@link #provide} returned them
   * @param log the record of what the owner has
   * @param task where to report progress
   * @return what could not be removed; empty if all are gone
   */
  List<Leftover> release(MachineOwner owner, List<Machine> machines, ResourceLog log, Task task);

  /**
   * Removes everything of an owner, what is recorded as well as what only its labels tell, and sees
   * that it is gone. Tries again where one resource is still in use by another. Does not stop at
   * the first that cannot be removed.
   *
   * @param owner whose machines they are
   * @param log the record of what the owner has
   * @param task where to report progress
   * @return what could not be removed, which stays recorded; empty if nothing is left
   * @throws cloud.sealer.sdk.SealerException if the provider's interface cannot be asked at all
   */
  List<Leftover> remove(MachineOwner owner, ResourceLog log, Task task);

  /**
   * Who has resources, by their labels, whatever is recorded.
   *
   * @param task where to report retries
   * @return the owners, sorted by name
   */
  List<MachineOwner> owners(Task task);

  /**
   * A way to execute commands on machines, and on no other.
   *
   * @param machines the machines, at least one, as {@link #provide} or {@link #machines} returned
   *     them
   * @param log the record of what their owner has
   * @return a connector that reaches them at the addresses of their hosts; closed by the caller
   */
  HostConnector connector(List<Machine> machines, ResourceLog log);

  /** Releases what this holds. Does nothing by default. Machines stay. */
  @Override
  default void close() {}

  /**
   * A resource that could not be removed.
   *
   * @param resource the resource
   * @param reason why, as one sentence
   * @param cost whether it costs money as long as it is there
   */
  record Leftover(MachineResource resource, String reason, boolean cost) {
    /** Checks the parts. */
    public Leftover {
      Objects.requireNonNull(resource, "resource");
      Objects.requireNonNull(reason, "reason");
    }
  }
}
