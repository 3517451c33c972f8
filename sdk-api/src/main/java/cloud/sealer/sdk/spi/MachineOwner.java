package cloud.sealer.sdk.spi;

import java.util.Objects;

/**
 * Whose machines they are. Every resource that a provider makes carries all three as labels or
 * tags, so that it can be found when the record of it is lost.
 *
 * @param name a name that nobody else has: lower-case letters, digits and dashes, at most 40, the
 *     first a letter; also the start of the names of resources
 * @param purpose what they are for
 * @param home who keeps the record of them: an identifier of the directory of records
 */
public record MachineOwner(String name, Purpose purpose, String home) {
  /** The name of the label or tag that holds {@link #name}. */
  public static final String NAME_LABEL = "cloud.sealer.owner";

  /** The name of the label or tag that holds {@link #purpose}, in lower case. */
  public static final String PURPOSE_LABEL = "cloud.sealer.purpose";

  /** The name of the label or tag that holds {@link #home}. */
  public static final String HOME_LABEL = "cloud.sealer.home";

  /** What machines are for. */
  public enum Purpose {
    /** One build; they go when it ends, however it ends. */
    BUILD,
    /** A cluster; they go when it is deleted. */
    CLUSTER
  }

  /** Checks the parts. */
  public MachineOwner {
    Objects.requireNonNull(purpose, "purpose");
    if (!name.matches("[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?")) {
      throw new IllegalArgumentException(
          "an owner's name has lower-case letters, digits and dashes, got \"" + name + "\"");
    }
    if (!home.matches("[a-z0-9]{1,64}")) {
      throw new IllegalArgumentException(
          "a home has lower-case letters and digits, got \"" + home + "\"");
    }
  }
}
