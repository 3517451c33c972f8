package cloud.sealer.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.testkit.RecordingTask;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An engine that listens on TCP and wants a client's certificate, as docker's manual sets it up.
 */
@Tag("real")
class DockerTlsIT {
  private static Engine engine;
  private static URI address;
  private static Path certificates;
  private static Path foreign;
  @TempDir private static Path directory;

  @BeforeAll
  static void start() throws Exception {
    certificates = authority("engine");
    Path server = certificate(certificates, "server", "serverAuth");
    certificate(certificates, "cert", "clientAuth");
    foreign = authority("foreign");
    certificate(foreign, "cert", "clientAuth");
    int port = freePort();
    address = URI.create("tcp://127.0.0.1:" + port);
    engine =
        Engine.start(
            Files.createDirectory(directory.resolve("e")),
            "vfs",
            "--host=" + address,
            "--tlsverify",
            "--tlscacert=" + certificates.resolve("ca.pem"),
            "--tlscert=" + server,
            "--tlskey=" + certificates.resolve("server-key.pem"));
  }

  @AfterAll
  static void stop() throws Exception {
    if (engine != null) {
      engine.close();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** A directory with an authority of its own. */
  private static Path authority(String name) throws Exception {
    Path made = Files.createDirectory(directory.resolve(name));
    openssl(
        made,
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN="
            + name
            + " -keyout ca-key.pem"
            + " -out ca.pem");
    return made;
  }

  /** A certificate that the authority of a directory has signed. */
  private static Path certificate(Path authority, String name, String usage) throws Exception {
    String key = name.equals("cert") ? "key.pem" : name + "-key.pem";
    Files.writeString(
        authority.resolve(name + ".ext"),
        "subjectAltName = IP:127.0.0.1\nextendedKeyUsage = " + usage + "\n");
    openssl(
        authority,
        "req -newkey rsa:2048 -nodes -subj /CN="
            + name
            + " -keyout "
            + key
            + " -out "
            + name
            + ".csr");
    openssl(
        authority,
        "x509 -req -days 2 -in "
            + name
            + ".csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial"
            + " -extfile "
            + name
            + ".ext -out "
            + name
            + ".pem");
    return authority.resolve(name + ".pem");
  }

  private static void openssl(Path authority, String arguments) throws Exception {
    Path log = authority.resolve("openssl.log");
    Process run =
        new ProcessBuilder(("openssl " + arguments).split(" "))
            .directory(authority.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(run.exitValue()).as(Files.readString(log)).isZero();
  }

  private static void check(@Nullable Path directory) {
    InfrastructureSpec spec =
        new InfrastructureSpec(
            "", List.of(MachineGroup.of(Host.CONTROL_PLANE, 1)), Engine.IMAGE, Map.of());
    try (DockerInfrastructure provider = DockerInfrastructure.of(address, directory)) {
      provider.check(spec, new RecordingTask());
    }
  }

  private static SealerException refused(@Nullable Path directory) {
    return catchThrowableOfType(SealerException.class, () -> check(directory));
  }

  @Test
  void aCertificateOfTheEnginesAuthorityOpensIt() {
    RecordingTask task = new RecordingTask();
    try (DockerHostConnector connector = DockerHostConnector.of(address, certificates)) {
      Host host = Host.at(HostAddress.parse(Engine.CONTAINER));
      assertThat(connector.reaches(host)).isTrue();
      try (HostSession session = connector.connect(host, task)) {
        assertThat(session.exec(HostCommand.of("test \"$(id -u)\" = 0"), HostOutput.NONE).ok())
            .isTrue();
      }
    }
    SealerException vfs = refused(certificates);
    assertThat(vfs.getMessage()).as("it was asked").contains("its storage driver is vfs");
  }

  @Test
  void anEngineOfAnotherAuthorityIsNotTrusted() {
    SealerException refused = refused(foreign);

    assertThat(refused.code()).isEqualTo(ErrorCode.PREFLIGHT_FAILED);
    assertThat(refused.getMessage().lines()).hasSize(1);
    assertThat(refused.getMessage()).contains(address.toString(), "does not answer", "certif");
    assertThat(refused.remedy()).contains("ca.pem", foreign.toString());
  }

  @Test
  void aClientOfAnotherAuthorityIsNotLetIn() throws Exception {
    Path mixed = Files.createDirectory(directory.resolve("mixed"));
    Files.copy(certificates.resolve("ca.pem"), mixed.resolve("ca.pem"));
    Files.copy(foreign.resolve("cert.pem"), mixed.resolve("cert.pem"));
    Files.copy(foreign.resolve("key.pem"), mixed.resolve("key.pem"));

    SealerException refused = refused(mixed);

    assertThat(refused.code()).isEqualTo(ErrorCode.PREFLIGHT_FAILED);
    assertThat(refused.remedy()).contains("cert.pem and key.pem in " + mixed);
  }

  @Test
  void whoSpeaksNoTlsIsToldSo() {
    SealerException refused = refused(null);

    assertThat(refused.code()).isEqualTo(ErrorCode.PREFLIGHT_FAILED);
    assertThat(refused.getMessage().lines()).hasSize(1);
    assertThat(refused.remedy()).contains("TLS");
  }

  @Test
  void aDirectoryWithoutCertificatesIsSaid() {
    SealerException refused = refused(directory.resolve("nowhere"));

    assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(refused.getMessage()).contains("nowhere", "ca.pem");
  }
}
