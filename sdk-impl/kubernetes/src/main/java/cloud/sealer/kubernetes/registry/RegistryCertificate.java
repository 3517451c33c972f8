package cloud.sealer.kubernetes.registry;

import cloud.sealer.kubernetes.certificate.CertificateAuthority;
import cloud.sealer.kubernetes.certificate.KeyAndCertificate;
import cloud.sealer.kubernetes.record.HostPaths;
import cloud.sealer.kubernetes.record.HostRecord;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.kubernetes.step.Verdict;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of the registry, on its host. The authority is made once, and stays: hosts that
 * trust it need nothing when the certificate is made anew, for more names or more time.
 */
final class RegistryCertificate extends HostStep {
  private final ClusterRegistry registry;
  private final CertificateAuthority maker;
  private final Clock clock;
  private final String rootfs;

  RegistryCertificate(
      ClusterRegistry registry, HostPaths paths, CertificateAuthority maker, Clock clock) {
    super("registry certificate", registry.host().host());
    this.registry = registry;
    this.maker = maker;
    this.clock = clock;
    this.rootfs = paths.rootfs();
  }

  /** Where the certificate of the authority is on the host of the registry. */
  static String authorityFile(HostPaths paths) {
    return paths.state() + "/registry-ca.crt";
  }

  private static String authorityKey(HostPaths paths) {
    return paths.state() + "/registry-ca.key";
  }

  private String file(String suffix) {
    return rootfs + "/certs/" + registry.settings().domain() + suffix;
  }

  @Override
  public boolean essential() {
    return true;
  }

  @Override
  public String fingerprint() {
    return String.join("\n", registry.certificateNames());
  }

  @Override
  public String probe() {
    return "test -s " + file(".crt") + " && test -s " + file(".key");
  }

  @Override
  public Verdict check(HostView host, boolean probed) {
    Verdict verdict = super.check(host, probed);
    HostRecord.@Nullable Held held = host.record().steps().get(name());
    if (!verdict.needed()
        && held != null
        && held.since()
            .plus(CertificateAuthority.SERVER_LIFETIME)
            .minus(CertificateAuthority.RENEW_BEFORE)
            .isBefore(clock.instant())) {
      return Verdict.needed("it expires soon");
    }
    return verdict;
  }

  @Override
  public void run(StepContext context) {
    KeyAndCertificate authority = authority(context);
    Set<String> names = new LinkedHashSet<>(registry.certificateNames());
    // An image that was applied before may have brought images of other registries.
    names.addAll(KeyAndCertificate.names(existing(context.session())));
    KeyAndCertificate server = maker.issue(authority, names);
    upload(context.session(), file(".key"), 0600, server.keyPem().reveal());
    upload(context.session(), file(".crt"), 0644, server.certificatePem());
  }

  private String existing(HostSession session) {
    return session.exec(HostCommand.of("test -s " + file(".crt")), HostOutput.NONE).ok()
        ? download(session, file(".crt"))
        : "";
  }

  private KeyAndCertificate authority(StepContext context) {
    HostPaths paths = context.paths();
    HostSession session = context.session();
    boolean there =
        session
            .exec(
                HostCommand.of(
                    "test -s " + authorityKey(paths) + " && test -s " + authorityFile(paths)),
                HostOutput.NONE)
            .ok();
    if (there) {
      try {
        KeyAndCertificate known =
            KeyAndCertificate.read(
                Secret.of(download(session, authorityKey(paths))),
                download(session, authorityFile(paths)));
        if (known.validAt(clock.instant().plus(CertificateAuthority.SERVER_LIFETIME))) {
          return known;
        }
      } catch (GeneralSecurityException e) {
        context.task().notice("the authority of the registry cannot be read and is made anew");
      }
    }
    KeyAndCertificate made = maker.create("registry of " + paths.cluster());
    upload(session, authorityKey(paths), 0600, made.keyPem().reveal());
    upload(session, authorityFile(paths), 0644, made.certificatePem());
    return made;
  }

  static String download(HostSession session, String path) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    session.download(path, bytes);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  static void upload(HostSession session, String path, int mode, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    session.upload(path, mode, () -> new ByteArrayInputStream(bytes));
  }
}
