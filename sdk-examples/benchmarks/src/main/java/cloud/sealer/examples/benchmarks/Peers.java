package cloud.sealer.examples.benchmarks;

import java.nio.file.Path;
import java.util.List;

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

  /**
   * jib-core, which is a library, in a program of ours. It compresses by gzip only.
   *
   * @param work what the table calls it
   * @param prepare a shell command before each run
   * @param target what {@link JibRun} makes
   * @param directory of which directory
   * @return with an empty cache, and then with the one that this has filled
   */
  static List<Contender> jib(String work, String prepare, String target, Path directory) {
    String arguments = target + " " + directory + " jib-cache";
    List<String> needs = List.of(Contender.JAVA);
    return List.of(
        Contender.ofMain(
            work + ", cold cache", needs, prepare + "; rm -rf jib-cache", JibRun.class, arguments),
        Contender.ofMain(work + ", warm cache", needs, prepare, JibRun.class, arguments));
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
