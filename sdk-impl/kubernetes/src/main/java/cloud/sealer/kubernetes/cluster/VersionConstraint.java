package cloud.sealer.kubernetes.cluster;

import cloud.sealer.kubernetes.kubeadm.KubernetesVersion;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which versions of Kubernetes a chart or an application accepts, in the words of charts: {@code
 * >=1.19.8, <1.22 || ~1.24}, {@code ^1.20}, {@code 1.20.x}, {@code 1.19 - 1.21}.
 *
 * @see <a href="https://helm.sh/docs/topics/charts/#the-kubeversion-field">kubeVersion</a>
 */
final class VersionConstraint {
  private static final Pattern RANGE = Pattern.compile("(\\S+)\\s+-\\s+(\\S+)");
  private static final Pattern PART =
      Pattern.compile(
          "\\s*,?\\s*(=|!=|>=|=>|<=|=<|>|<|~>?|\\^)?\\s*v?(\\d+|[xX*])"
              + "(?:\\.(\\d+|[xX*]))?(?:\\.(\\d+|[xX*]))?(?:-[0-9A-Za-z.-]+)?(?:\\+\\S+)?\\s*");

  private final List<Predicate<KubernetesVersion>> alternatives;

  private VersionConstraint(List<Predicate<KubernetesVersion>> alternatives) {
    this.alternatives = alternatives;
  }

  /** Reads a constraint. */
  static VersionConstraint parse(String text) {
    List<Predicate<KubernetesVersion>> alternatives = new ArrayList<>();
    for (String alternative : text.split("\\|\\|", -1)) {
      String plain = RANGE.matcher(alternative).replaceAll(">=$1 <=$2");
      Predicate<KubernetesVersion> all = version -> true;
      Matcher part = PART.matcher(plain);
      int end = 0;
      while (end < plain.length() && part.find(end) && part.start() == end) {
        all = all.and(part(part));
        end = part.end();
      }
      if (end == 0 || end < plain.length()) {
        throw SealerException.builder(
                ErrorCode.IMAGE_UNSUPPORTED,
                "kubeVersion \"" + text + "\" in Metadata is no constraint of versions")
            .remedy("write it as charts do, such as >=1.19.0 <1.23.0")
            .build();
      }
      alternatives.add(all);
    }
    return new VersionConstraint(alternatives);
  }

  private static Predicate<KubernetesVersion> part(Matcher part) {
    String operator = part.group(1) == null ? "=" : part.group(1);
    int given = given(part);
    if (given == 0) {
      return version -> true;
    }
    KubernetesVersion low =
        new KubernetesVersion(
            number(part.group(2)),
            given > 1 ? number(part.group(3)) : 0,
            given > 2 ? number(part.group(4)) : 0,
            "");
    // The first version that does not begin as the given one.
    KubernetesVersion after = next(low, given);
    return switch (operator) {
      case "!=" -> version -> version.compareTo(low) < 0 || version.compareTo(after) >= 0;
      case ">=", "=>" -> version -> version.compareTo(low) >= 0;
      case "<" -> version -> version.compareTo(low) < 0;
      case ">" -> version -> version.compareTo(after) >= 0;
      case "<=", "=<" -> version -> version.compareTo(after) < 0;
      case "~", "~>" -> between(low, next(low, Math.min(given, 2)));
      case "^" -> between(low, next(low, low.major() > 0 ? 1 : Math.min(given, 2)));
      default -> between(low, after);
    };
  }

  private static Predicate<KubernetesVersion> between(
      KubernetesVersion low, KubernetesVersion after) {
    return version -> version.compareTo(low) >= 0 && version.compareTo(after) < 0;
  }

  private static KubernetesVersion next(KubernetesVersion version, int kept) {
    return switch (kept) {
      case 1 -> new KubernetesVersion(version.major() + 1, 0, 0, "");
      case 2 -> new KubernetesVersion(version.major(), version.minor() + 1, 0, "");
      default -> new KubernetesVersion(version.major(), version.minor(), version.patch() + 1, "");
    };
  }

  private static int given(Matcher part) {
    for (int i = 0; i < 3; i++) {
      String text = part.group(i + 2);
      if (text == null || !Character.isDigit(text.charAt(0))) {
        return i;
      }
    }
    return 3;
  }

  private static int number(String digits) {
    return Integer.parseInt(digits);
  }

  /** Whether a version is accepted. */
  boolean allows(KubernetesVersion version) {
    return alternatives.stream().anyMatch(alternative -> alternative.test(version));
  }
}
