package cloud.sealer.sdk;

import java.util.List;
import java.util.Objects;

/**
 * The machines that were made and that nobody needs: those of builds in {@link BuildMode#CONTAINER}
 * and {@link BuildMode#CLOUD} whose process was killed or whose removal failed, and those of
 * clusters that {@linkplain Runner#clusters are not recorded}, because the process was killed
 * before there was a cluster, or after it was deleted. Machines of a cluster that is recorded are
 * never among them, whatever its state; {@link ClusterChange.Delete} removes those. Thread-safe.
 */
public interface Machines {
  /**
   * Looks for what is left, in the records beside the store and by the labels that every resource
   * carries. Builds and changes of clusters that are at work are left out.
   *
   * @param listener who hears of progress
   * @return what is left, sorted by owner; empty if nothing is
   */
  List<Abandoned> abandoned(EventListener listener);

  /**
   * Removes all of it and sees that it is gone.
   *
   * @param listener who hears of progress
   * @return what was removed
   * @throws SealerException with {@link ErrorCode#MACHINES_LEFT} and a list of what could not be
   *     removed, after everything else was
   */
  List<Abandoned> prune(EventListener listener);

  /**
   * What one build or cluster has left.
   *
   * @param owner the name that its resources carry
   * @param provider who made them
   * @param resources what is recorded, in words; empty if the record is lost and only labels tell
   */
  record Abandoned(String owner, String provider, List<String> resources) {
    /** Checks and copies the parts. */
    public Abandoned {
      Objects.requireNonNull(owner, "owner");
      Objects.requireNonNull(provider, "provider");
      resources = List.copyOf(resources);
    }
  }
}
