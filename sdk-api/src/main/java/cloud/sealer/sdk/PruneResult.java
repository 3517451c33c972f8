package cloud.sealer.sdk;

/**
 * What {@link Images#prune(PruneOptions)} deleted, or would delete.
 *
 * @param blobs how many blobs
 * @param blobBytes their bytes
 * @param partials how many unfinished downloads of which no process is at work
 * @param partialBytes their bytes
 * @param sessions how many working directories of processes that died
 * @param sessionBytes the bytes of the files in them
 */
public record PruneResult(
    int blobs, long blobBytes, int partials, long partialBytes, int sessions, long sessionBytes) {
  /** Nothing. */
  public static final PruneResult NOTHING = new PruneResult(0, 0, 0, 0, 0, 0);

  /**
   * All bytes on disk.
   *
   * @return the sum
   */
  public long bytes() {
    return blobBytes + partialBytes + sessionBytes;
  }
}
