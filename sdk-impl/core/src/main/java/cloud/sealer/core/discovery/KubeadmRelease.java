package cloud.sealer.core.discovery;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The images that belong to releases of kubeadm, from {@code kubeadm-images.txt}.
 *
 * @param from the first release that has them
 * @param etcd the tag of etcd
 * @param coredns the tag of CoreDNS
 * @param pause the tag of pause
 * @param last the last release of the branch of which this is known
 */
record KubeadmRelease(Version from, String etcd, String coredns, String pause, Version last) {
  /**
   * A version of Kubernetes.
   *
   * @param minor the second number; the first is 1
   * @param patch the third number
   */
  record Version(int minor, int patch) implements Comparable<Version> {
    private static final Pattern TEXT =
        Pattern.compile("v?1\\.([0-9]{1,4})\\.([0-9]{1,4})(?:[-+].*)?");

    static Optional<Version> of(String text) {
      Matcher version = TEXT.matcher(text);
      return version.matches()
          ? Optional.of(
              new Version(Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2))))
          : Optional.empty();
    }

    @Override
    public int compareTo(Version other) {
      return minor == other.minor ? patch - other.patch : minor - other.minor;
    }

    /** Since 1.25 and the releases of that time, kubeadm no longer uses k8s.gcr.io. */
    String defaultRepository() {
      boolean old =
          minor < 22
              || (minor == 22 && patch < 17)
              || (minor == 23 && patch < 15)
              || (minor == 24 && patch < 9);
      return old ? "k8s.gcr.io" : "registry.k8s.io";
    }
  }

  /** All that are known, oldest first. */
  static List<KubeadmRelease> all() {
    InputStream in = KubeadmRelease.class.getResourceAsStream("kubeadm-images.txt");
    if (in == null) {
      throw new IllegalStateException("kubeadm-images.txt is missing");
    }
    try (BufferedReader text =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return text.lines().filter(line -> !line.startsWith("#")).map(KubeadmRelease::of).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KubeadmRelease of(String line) {
    String[] columns = line.split(" +");
    return new KubeadmRelease(
        Version.of(columns[0]).orElseThrow(),
        columns[1],
        columns[2],
        columns[3],
        Version.of(columns[4]).orElseThrow());
  }

  /** The images of a version; empty if they are not known. */
  static Optional<KubeadmRelease> of(Version version, List<KubeadmRelease> all) {
    return all.stream()
        .filter(release -> release.from.minor == version.minor)
        .filter(
            release -> release.from.compareTo(version) <= 0 && version.compareTo(release.last) <= 0)
        .reduce((older, newer) -> newer);
  }
}
