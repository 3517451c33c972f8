package cloud.sealer.sdk;

import java.util.List;
import java.util.Objects;

/**
 * A change of one file of the rootfs before it is sent to the hosts: the {@code Config} document of
 * a Clusterfile.
 *
 * @param name the name of the document, for messages
 * @param path the file
 * @param strategy how the data and the file come together
 * @param process what is done to the data first, in this order
 * @param data the data
 */
public record ConfigSpec(
    String name, RootfsPath path, Strategy strategy, List<Step> process, String data) {
  /** How the data and the file come together. */
  public enum Strategy {
    /** The data is the file. */
    OVERWRITE,
    /** The keys of the data are set in each YAML document of the file that has them. */
    MERGE
  }

  /** What is done to the data. */
  public enum Step {
    /** The following steps work on each value of the map, not on the whole text. */
    VALUE,
    /** YAML becomes JSON. */
    TO_JSON,
    /** Text becomes Base64. */
    TO_BASE64
  }

  /** Checks and copies the parts. */
  public ConfigSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(strategy, "strategy");
    Objects.requireNonNull(data, "data");
    process = List.copyOf(process);
  }
}
