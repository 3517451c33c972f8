package cloud.sealer.sdk;

import java.util.Objects;

/**
 * How the layers of an image get to hosts. Whatever the way, a host is sent only layers it lacks,
 * and checks the digest of each before it uses it.
 *
 * @param distributor the {@linkplain cloud.sealer.sdk.spi.ImageDistributor#name name} of the
 *     distributor
 * @param from where it takes layers from, in its own words; empty for its default
 */
public record Distribution(String distributor, String from) {
  /** We send layers over the connection to each host. The default. */
  public static final Distribution SEND = new Distribution("send", "");

  /** Hosts pull layers from the registry in the name of the image. */
  public static final Distribution PULL = new Distribution("pull", "");

  /** Checks the parts. */
  public Distribution {
    Objects.requireNonNull(from, "from");
    if (!distributor.matches("[a-z0-9-]+")) {
      throw new IllegalArgumentException(
          "a distributor is named by lower-case letters, digits and dashes, got \""
              + distributor
              + "\"");
    }
  }

  /**
   * Hosts pull layers from another registry, such as a mirror near them.
   *
   * @param repository the registry, with port if need be; with a path after it, if the image has
   *     another repository there than in its own registry, such as {@code mirror.test:5000/k8s}
   * @return the distribution
   */
  public static Distribution pullFrom(String repository) {
    return new Distribution(PULL.distributor, repository);
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @param text {@code DISTRIBUTOR} or {@code DISTRIBUTOR=FROM}, such as {@code pull=mirror.test}
   * @return the distribution
   * @throws IllegalArgumentException if it is neither
   */
  public static Distribution parse(String text) {
    int equals = text.indexOf('=');
    return equals < 0
        ? new Distribution(text, "")
        : new Distribution(text.substring(0, equals), text.substring(equals + 1));
  }

  /** Returns {@code send}, {@code pull} or {@code pull=mirror.test:5000}. */
  @Override
  public String toString() {
    return from.isEmpty() ? distributor : distributor + "=" + from;
  }
}
