package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.Diagnostic;
import java.util.List;
import java.util.Objects;

/** Turns Clusterfiles into values and back. Implementations are stateless and thread-safe. */
public interface ClusterfileFormat {
  /**
   * Reads a Clusterfile of any known version.
   *
   * @param text YAML documents
   * @param file the file's name, for positions
   * @return the spec and what does not stop it
   * @throws cloud.sealer.sdk.SealerException with {@link
   *     cloud.sealer.sdk.ErrorCode#INVALID_CLUSTERFILE} and every mistake of the text as a
   *     diagnostic
   */
  Read read(String text, String file);

  /**
   * Writes a Clusterfile of the newest version, without passwords and passphrases.
   *
   * @param spec the spec
   * @return YAML documents
   */
  String write(ClusterSpec spec);

  /**
   * A Clusterfile that was read.
   *
   * @param spec its content
   * @param warnings what does not stop it, such as unknown kinds and fields
   */
  record Read(ClusterSpec spec, List<Diagnostic> warnings) {
    /** Checks and copies the parts. */
    public Read {
      Objects.requireNonNull(spec, "spec");
      warnings = List.copyOf(warnings);
    }
  }
}
