package cloud.sealer.kubernetes.rootfs;

import cloud.sealer.kubernetes.finding.Findings;
import cloud.sealer.kubernetes.finding.Section;
import cloud.sealer.kubernetes.yaml.YamlException;
import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlReader;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ConfigSpec;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.RegistrySpec;
import cloud.sealer.sdk.RootfsPath;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The cluster's own registry, as the file {@code etc/registry.yml} has it. Immutable. */
public final class RegistrySettings {
  /** The domain if the file says none. */
  public static final String DEFAULT_DOMAIN = "sea.hub";

  /** The port if the file says none. */
  public static final int DEFAULT_PORT = 5000;

  /** What an image without the file has. */
  public static final RegistrySettings DEFAULT =
      new RegistrySettings(null, DEFAULT_DOMAIN, DEFAULT_PORT, null);

  private static final String FILE = "etc/registry.yml";

  private final @Nullable HostAddress host;
  private final String domain;
  private final int port;
  private final @Nullable Credentials credentials;

  private RegistrySettings(
      @Nullable HostAddress host, String domain, int port, @Nullable Credentials credentials) {
    this.host = host;
    this.domain = domain;
    this.port = port;
    this.credentials = credentials;
  }

  /**
   * What an image and a spec say together.
   *
   * @param files the text of a file of the image; empty if there is no such file
   * @param spec its documents change the file, and its own settings win over the file
   * @throws cloud.sealer.sdk.SealerException with {@link ErrorCode#INVALID_CLUSTERFILE} and all
   *     mistakes of the file
   */
  public static RegistrySettings of(
      Function<RootfsPath, Optional<String>> files, ClusterSpec spec) {
    RootfsPath path = RootfsPath.of(FILE);
    List<ConfigSpec> configs =
        spec.configs().stream().filter(config -> config.path().equals(path)).toList();
    return Optional.ofNullable(ConfigFiles.apply(configs, files).get(path))
        .or(() -> files.apply(path))
        .map(RegistrySettings::parse)
        .orElse(DEFAULT)
        .with(spec.registry());
  }

  /**
   * Reads the file.
   *
   * @param text its text
   * @throws cloud.sealer.sdk.SealerException with {@link ErrorCode#INVALID_CLUSTERFILE} and all its
   *     mistakes
   */
  public static RegistrySettings parse(String text) {
    Findings findings = new Findings(FILE);
    Section section = new Section("", read(text, findings), findings);
    HostAddress host = section.scalar("ip").map(ip -> address(ip, section)).orElse(null);
    String domain =
        section.scalar("domain").map(name -> domain(name, section)).orElse(DEFAULT_DOMAIN);
    int port = section.scalar("port").map(number -> port(number, section)).orElse(DEFAULT_PORT);
    String user = section.text("username");
    String password = section.text("password");
    if (user.isEmpty() != password.isEmpty()) {
      findings.error(
          section.placeOf(user.isEmpty() ? "password" : "username"),
          "",
          "username and password must both be set, or neither",
          "");
    }
    findings.throwIfAny(ErrorCode.INVALID_CLUSTERFILE);
    return new RegistrySettings(
        host, domain, port, user.isEmpty() ? null : Credentials.basic(user, password));
  }

  /**
   * The same with what a Clusterfile says over it. A user of the Clusterfile comes with a password
   * of its own; without one there are no credentials.
   *
   * @param spec what the Clusterfile says
   */
  public RegistrySettings with(RegistrySpec spec) {
    Credentials login =
        spec.username().isEmpty()
            ? credentials
            : spec.password()
                .map(password -> Credentials.basic(spec.username().get(), password.reveal()))
                .orElse(null);
    return new RegistrySettings(
        spec.host().orElse(host),
        spec.domain().orElse(domain),
        spec.port() == 0 ? port : spec.port(),
        login);
  }

  private static YamlNode read(String text, Findings findings) {
    try {
      return YamlReader.read(text, 1);
    } catch (YamlException e) {
      findings.error(e.place(), "", "the file is not YAML: " + e.getMessage(), "");
      return Scalar.NULL;
    }
  }

  private static @Nullable HostAddress address(Scalar ip, Section section) {
    try {
      return ip.text().isBlank() ? null : HostAddress.parse(ip.text());
    } catch (IllegalArgumentException e) {
      section.findings().error(ip.place(), ip.text(), String.valueOf(e.getMessage()), "");
      return null;
    }
  }

  private static String domain(Scalar name, Section section) {
    String domain = name.text().strip();
    if (domain.isEmpty()) {
      return DEFAULT_DOMAIN;
    }
    if (!domain.matches("[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")) {
      section.findings().error(name.place(), domain, "domain must be a host name", "");
    }
    return domain;
  }

  private static int port(Scalar number, Section section) {
    try {
      int port = Integer.parseInt(number.text().strip());
      if (port >= 1 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    section.findings().error(number.place(), number.text(), "port must be from 1 to 65535", "");
    return DEFAULT_PORT;
  }

  /** The host it runs on; empty for the initial control plane. */
  public Optional<HostAddress> host() {
    return Optional.ofNullable(host);
  }

  /** The name by which hosts know it. */
  public String domain() {
    return domain;
  }

  /** Its port. */
  public int port() {
    return port;
  }

  /** Domain and port, as they stand in names of images. */
  public String authority() {
    return domain + ":" + port;
  }

  /** Who may use it; empty if everyone may. */
  public Optional<Credentials> credentials() {
    return Optional.ofNullable(credentials);
  }

  /** Returns domain and port. */
  @Override
  public String toString() {
    return "RegistrySettings[" + authority() + "]";
  }
}
