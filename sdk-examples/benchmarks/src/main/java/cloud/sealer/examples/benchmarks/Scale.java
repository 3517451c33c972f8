package cloud.sealer.examples.benchmarks;

import java.util.List;

/**
 * How large the inputs are and how often everything runs.
 *
 * @param largeFiles the size of each of five programs
 * @param smallFiles how many small files
 * @param smallFileSize how large one of them is on average
 * @param blob the size of each of twelve blobs of container images
 * @param sharedBase the size of the base that many images share
 * @param images the numbers of images that share it
 * @param rebuilt how many container images the image has of which one changes
 * @param hosts the numbers of hosts that an image is distributed to
 * @param manifests how many manifests are discovered
 * @param kubefileLines the lines of the Kubefile that is parsed
 * @param runs how often each contender runs
 */
record Scale(
    long largeFiles,
    int smallFiles,
    long smallFileSize,
    long blob,
    long sharedBase,
    List<Integer> images,
    int rebuilt,
    List<Integer> hosts,
    int manifests,
    int kubefileLines,
    int runs) {
  static final int LARGE_FILES = 5;

  /** What the tables of the README are made with. */
  static final Scale FULL =
      new Scale(
          102_600_000,
          20_000,
          11_300,
          20_700_000,
          30_000_000,
          List.of(10, 20, 40, 80),
          20,
          List.of(1, 4, 8),
          10_000,
          20_000,
          5);

  /** Only shows that everything works. */
  static final Scale SMOKE =
      new Scale(100_000, 40, 1_000, 10_000, 10_000, List.of(2), 3, List.of(1, 2), 20, 50, 1);
}
