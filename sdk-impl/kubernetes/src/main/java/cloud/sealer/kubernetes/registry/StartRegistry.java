package cloud.sealer.kubernetes.registry;

import cloud.sealer.kubernetes.record.HostPaths;
import cloud.sealer.kubernetes.rootfs.RegistrySettings;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.spi.HostCommand;
import java.security.SecureRandom;
import java.time.Duration;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * The container {@code sealer-registry}, by {@code scripts/init-registry.sh} of the rootfs, with
 * the archives of {@code images/} in it.
 */
final class StartRegistry extends HostStep {
  private static final String CONTAINER = "sealer-registry";
  private static final Duration TIMEOUT = Duration.ofMinutes(30);
  private static final int BCRYPT_COST = 10;
  private static final int SALT = 16;

  // Images are served under the path that nodes ask for: without the registry they come from.
  private static final String PUSH =
      """
      if [ -f scripts/push-images.sh ]; then exec bash scripts/push-images.sh "$DOMAIN" "$PORT"; fi
      engine=$(command -v docker || command -v nerdctl || echo docker)
      for archive in images/*; do
        [ -f "$archive" ] || continue
        "$engine" load -q -i "$archive" | sed -n 's/^Loaded image: //p' | while read -r image; do
          path=$image
          case ${path%%/*} in *.*|*:*|localhost) [ "$path" = "${path%%/*}" ] || path=${path#*/} ;; esac
          case $path in */*) ;; *) path=library/$path ;; esac
          "$engine" tag "$image" "$DOMAIN:$PORT/$path" || exit 1
          "$engine" push "$DOMAIN:$PORT/$path" </dev/null || exit 1
        done || exit 1
      done
      """;

  private final ClusterRegistry registry;
  private final String rootfsFingerprint;
  private final SecureRandom random;

  /** The step; rootfsFingerprint changes when the rootfs is made anew. */
  StartRegistry(ClusterRegistry registry, String rootfsFingerprint, SecureRandom random) {
    super(RegistrySteps.NAME, registry.host().host());
    this.registry = registry;
    this.rootfsFingerprint = rootfsFingerprint;
    this.random = random;
  }

  @Override
  public boolean essential() {
    return true;
  }

  @Override
  public String fingerprint() {
    return String.join(
        "\n",
        rootfsFingerprint,
        registry.settings().authority(),
        registry.settings().credentials().map(Credentials::username).orElse(""),
        String.join(" ", registry.certificateNames()));
  }

  @Override
  public String probe() {
    return "for engine in docker nerdctl; do $engine inspect -f '{{.State.Running}}' "
        + CONTAINER
        + " 2>/dev/null; done | grep -qx true";
  }

  @Override
  public void run(StepContext context) {
    RegistrySettings settings = registry.settings();
    HostPaths paths = context.paths();
    if (settings.credentials().isPresent()) {
      Credentials credentials = settings.credentials().get();
      String line = credentials.username() + ":" + hash(credentials) + "\n";
      RegistryCertificate.upload(
          context.session(), paths.rootfs() + "/etc/registry_htpasswd", 0600, line);
    }
    context
        .journal()
        .undo(
            "container " + CONTAINER,
            "for engine in docker nerdctl; do $engine rm -f "
                + CONTAINER
                + " >/dev/null 2>&1 || true; done");
    context.exec(
        command("bash init-registry.sh \"$PORT\" \"$VOLUME\" \"$DOMAIN\"")
            .title("init-registry.sh")
            .directory(paths.rootfs() + "/scripts")
            .environment("VOLUME", paths.rootfs() + "/registry")
            .build());
    context.exec(
        command(PUSH)
            .title("push the archives of images/ into the registry")
            .directory(paths.rootfs())
            .build());
  }

  private HostCommand.Builder command(String text) {
    return HostCommand.builder(text)
        .timeout(TIMEOUT)
        .environment("DOMAIN", registry.settings().domain())
        .environment("PORT", Integer.toString(registry.settings().port()));
  }

  private String hash(Credentials credentials) {
    byte[] salt = new byte[SALT];
    random.nextBytes(salt);
    return OpenBSDBCrypt.generate("2y", credentials.secret().toCharArray(), salt, BCRYPT_COST);
  }
}
