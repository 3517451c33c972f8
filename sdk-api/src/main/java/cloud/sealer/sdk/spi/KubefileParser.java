package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.Kubefile;

/** Turns text into a {@link Kubefile}. Implementations are stateless and thread-safe. */
public interface KubefileParser {
  /**
   * Parses a whole Kubefile.
   *
   * @param text the text
   * @param file the file's name, for positions
   * @return the Kubefile
   * @throws cloud.sealer.sdk.SealerException with {@link
   *     cloud.sealer.sdk.ErrorCode#INVALID_KUBEFILE} and every mistake of the text as a diagnostic
   */
  Kubefile parse(String text, String file);
}
