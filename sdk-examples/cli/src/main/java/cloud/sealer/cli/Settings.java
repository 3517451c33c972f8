package cloud.sealer.cli;

import cloud.sealer.aliyun.AccessKeyProvider;
import cloud.sealer.aliyun.AliyunInfrastructure;
import cloud.sealer.sdk.Secret;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What comes from the environment: where the store and the docker configuration are. */
final class Settings {
  private static final Path SYSTEM_STORE = Path.of("/var/lib/sealer/store");

  private final Map<String, String> environment;
  private final Path home;

  Settings(Map<String, String> environment, Path home) {
    this.environment = environment;
    this.home = home;
  }

  static Settings ofProcess() {
    String home = System.getenv().getOrDefault("HOME", "");
    return new Settings(
        System.getenv(), Path.of(home.isEmpty() ? System.getProperty("user.home") : home));
  }

  /** {@code $SEALER_STORE}, else the system's store for root, else one of the user's own. */
  Path store() {
    String set = environment.getOrDefault("SEALER_STORE", "");
    if (!set.isEmpty()) {
      return Path.of(set);
    }
    Path library = Path.of("/var/lib");
    if (Files.isWritable(library)) {
      return SYSTEM_STORE;
    }
    String data = environment.getOrDefault("XDG_DATA_HOME", "");
    return (data.isEmpty() ? home.resolve(".local/share") : Path.of(data)).resolve("sealer/store");
  }

  /**
   * Where docker keeps its logins: {@code $DOCKER_CONFIG/config.json}, else below the home
   * directory.
   */
  Path dockerConfig() {
    String set = environment.getOrDefault("DOCKER_CONFIG", "");
    return (set.isEmpty() ? home.resolve(".docker") : Path.of(set)).resolve("config.json");
  }

  /** What kubectl would take: the first file of {@code $KUBECONFIG}, else the one of the user. */
  Path kubeconfig() {
    String first = environment.getOrDefault("KUBECONFIG", "").split(File.pathSeparator, 2)[0];
    return first.isEmpty() ? home.resolve(".kube/config") : Path.of(first);
  }

  /** Where docker's own client would look for its engine: {@code $DOCKER_HOST}. */
  Optional<String> dockerHost() {
    return Optional.ofNullable(environment.get("DOCKER_HOST")).filter(host -> !host.isEmpty());
  }

  /** The certificates for that engine: {@code $DOCKER_CERT_PATH}, if it is to be asked with TLS. */
  Optional<Path> dockerCertificates() {
    return Optional.ofNullable(environment.get("DOCKER_CERT_PATH"))
        .filter(path -> !path.isEmpty())
        .filter(path -> !environment.getOrDefault("DOCKER_TLS_VERIFY", "").isEmpty())
        .map(Path::of);
  }

  /** Whether there is a key of a cloud: {@code $ACCESSKEYID} and {@code $ACCESSKEYSECRET}. */
  boolean hasCloudKey() {
    return Stream.of(AccessKeyProvider.ID, AccessKeyProvider.SECRET)
        .noneMatch(name -> environment.getOrDefault(name, "").isBlank());
  }

  /** The key of the cloud. */
  AccessKeyProvider cloudKey() {
    return AccessKeyProvider.environment(environment);
  }

  /** The region of the cloud: {@code $RegionID}, else what the library takes. */
  String cloudRegion() {
    String set = environment.getOrDefault("RegionID", "");
    return set.isEmpty() ? AliyunInfrastructure.DEFAULT_REGION : set;
  }

  /** Where clusters are recorded: {@code ~/.sealer}. */
  Path clusters() {
    return home.resolve(".sealer");
  }

  /** Where OpenSSH keeps the keys of hosts. */
  Path knownHosts() {
    return home.resolve(".ssh/known_hosts");
  }

  /** The key that OpenSSH would try first. */
  Optional<Path> privateKey() {
    return Stream.of("id_ed25519", "id_ecdsa", "id_rsa")
        .map(home.resolve(".ssh")::resolve)
        .filter(Files::isReadable)
        .findFirst();
  }

  /** The password of hosts: {@code $SEALER_SSH_PASSWORD}. */
  Optional<Secret> sshPassword() {
    return Optional.ofNullable(environment.get("SEALER_SSH_PASSWORD")).map(Secret::of);
  }

  /** What the key that signs is encrypted with, as cosign has it: {@code $COSIGN_PASSWORD}. */
  Optional<Secret> keyPassphrase() {
    return Optional.ofNullable(environment.get("COSIGN_PASSWORD")).map(Secret::of);
  }

  /** Where ssh-agent listens: {@code $SSH_AUTH_SOCK}. */
  Optional<Path> sshAgent() {
    return Optional.ofNullable(environment.get("SSH_AUTH_SOCK"))
        .filter(path -> !path.isEmpty())
        .map(Path::of);
  }

  /** Whether somebody may be there to answer questions. */
  boolean isInteractive() {
    return !environment.containsKey("CI");
  }

  /** Whether the terminal can move its cursor. */
  @SuppressWarnings("SystemConsoleNull") // the launcher sets jdk.console=java.base
  boolean hasBars() {
    String terminal = environment.getOrDefault("TERM", "dumb");
    return System.console() != null && !terminal.equals("dumb") && isInteractive();
  }
}
