package cloud.sealer.examples.benchmarks;

import java.nio.file.Path;

/** The command lines of other tools, set up so that they ask nobody and keep nothing of ours. */
final class Peers {
  /** Makes what {@link #buildah} needs, in the directory where it runs. */
  static final String BUILDAH_START =
      "rm -rf buildah*; printf '{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}'"
          + " >policy.json";

  private Peers() {}

  /** Copies an image as it is: {@code docker://}, {@code oci:} or {@code oci-archive:}. */
  static String skopeo(String from, String to) {
    return "skopeo --insecure-policy copy -q --all --preserve-digests"
        + (from.startsWith("docker:") ? " --src-tls-verify=false" : "")
        + (to.startsWith("docker:") ? " --dest-tls-verify=false" : "")
        + " "
        + from
        + " "
        + to;
  }

  /** A command of buildah with a storage of its own below a directory. */
  static String buildah(Path directory, String arguments) {
    return "buildah --root "
        + directory.resolve("buildah-root")
        + " --runroot "
        + directory.resolve("buildah-run")
        + " "
        + arguments.replaceFirst(" ", " --signature-policy policy.json ");
  }
}
