package cloud.sealer.kubernetes.kubeadm;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of Kubernetes, ordered as <a href="https://semver.org/#spec-item-11">semantic
 * versions</a> are. What follows {@code +} counts for nothing.
 *
 * @param major the first number
 * @param minor the second number
 * @param patch the third number
 * @param preRelease what follows {@code -}, such as {@code rc.1}; empty for a release
 */
public record KubernetesVersion(int major, int minor, int patch, String preRelease)
    implements Comparable<KubernetesVersion> {
  private static final Pattern TEXT =
      Pattern.compile(
          "v?([0-9]{1,6})\\.([0-9]{1,6})(?:\\.([0-9]{1,6}))?(?:-([0-9A-Za-z.-]+))?"
              + "(?:\\+[0-9A-Za-z.-]+)?");
  private static final Comparator<KubernetesVersion> ORDER =
      Comparator.comparingInt(KubernetesVersion::major)
          .thenComparingInt(KubernetesVersion::minor)
          .thenComparingInt(KubernetesVersion::patch)
          .thenComparing(KubernetesVersion::preRelease, KubernetesVersion::comparePreReleases);

  /**
   * Reads a version.
   *
   * @param text the version, with or without {@code v}; a missing patch is 0
   * @throws IllegalArgumentException if it has another shape
   */
  public static KubernetesVersion parse(String text) {
    Matcher version = TEXT.matcher(text.strip());
    if (!version.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no version of Kubernetes, such as v1.20.2");
    }
    return new KubernetesVersion(
        Integer.parseInt(version.group(1)),
        Integer.parseInt(version.group(2)),
        version.group(3) == null ? 0 : Integer.parseInt(version.group(3)),
        version.group(4) == null ? "" : version.group(4));
  }

  /** Whether this is a version of the given minor release, or a later one. */
  public boolean isAtLeast(int major, int minor) {
    return this.major != major ? this.major > major : this.minor >= minor;
  }

  /**
   * Whether kubeadm upgrades a cluster of this version to another: to a later one, of the same
   * minor release or the next.
   */
  public boolean upgradesTo(KubernetesVersion target) {
    return compareTo(target) < 0 && major == target.major && target.minor - minor <= 1;
  }

  @Override
  public int compareTo(KubernetesVersion other) {
    return ORDER.compare(this, other);
  }

  private static int comparePreReleases(String a, String b) {
    if (a.isEmpty() || b.isEmpty()) {
      return Boolean.compare(a.isEmpty(), b.isEmpty());
    }
    String[] left = a.split("\\.", -1);
    String[] right = b.split("\\.", -1);
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      int order = compareIdentifiers(left[i], right[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.length, right.length);
  }

  private static int compareIdentifiers(String a, String b) {
    boolean number = isNumber(a);
    if (number != isNumber(b)) {
      return number ? -1 : 1;
    }
    return number ? new BigInteger(a).compareTo(new BigInteger(b)) : a.compareTo(b);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Returns the version with {@code v}, as Kubernetes writes it. */
  @Override
  public String toString() {
    return "v" + major + "." + minor + "." + patch + (preRelease.isEmpty() ? "" : "-" + preRelease);
  }
}
