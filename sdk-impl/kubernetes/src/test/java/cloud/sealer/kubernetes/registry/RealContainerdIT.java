package cloud.sealer.kubernetes.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cloud.sealer.kubernetes.certificate.CertificateAuthority;
import cloud.sealer.kubernetes.certificate.KeyAndCertificate;
import cloud.sealer.kubernetes.rootfs.ContainerdConfig;
import cloud.sealer.kubernetes.rootfs.HostsToml;
import cloud.sealer.kubernetes.rootfs.RegistrySettings;
import cloud.sealer.testkit.ContainerImages;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debian's containerd pulls an image by the name of a registry that does not exist from the stock
 * registry that stands in for it, over TLS, by nothing but the files we write.
 */
@Tag("real")
@Timeout(180)
class RealContainerdIT {
  private static final String ORIGIN = "registry.invalid";

  @TempDir private Path directory;
  private final List<Process> processes = new ArrayList<>();
  private int port;
  private Path socket;

  @BeforeEach
  void startAll() throws Exception {
    for (String program : List.of("containerd", "ctr", "docker-registry")) {
      boolean there = run("sh", "-c", "command -v " + program).status() == 0;
      assertThat(there || !Boolean.getBoolean("sealer.real")).as(program + " is there").isTrue();
      assumeTrue(there, program + " is not installed");
    }
    port = freePort();
    // The path of a socket may not be long.
    socket = Files.createTempDirectory("sealer-cd").resolve("s");
  }

  @AfterEach
  void stopAll() throws Exception {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
    if (socket != null) {
      run("rm", "-rf", socket.getParent().toString());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return server.getLocalPort();
    }
  }

  private record Run(int status, String output) {}

  private Run run(String... command) throws Exception {
    Path output = Files.createTempFile(directory, "out", "");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), Files.readString(output));
  }

  private Process start(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Files.createTempFile(directory, "log", "").toFile())
            .start();
    processes.add(process);
    return process;
  }

  private Process registry(String tls) throws Exception {
    Path config =
        Files.writeString(
            Files.createTempFile(directory, "registry", ".yml"),
            """
            version: 0.1
            log: {level: warn}
            storage:
              filesystem: {rootdirectory: "STORAGE"}
            http: {addr: "127.0.0.1:PORT"TLS}
            """
                .replace("STORAGE", directory.resolve("storage").toString())
                .replace("PORT", Integer.toString(port))
                .replace("TLS", tls));
    Process process = start("docker-registry", "serve", config.toString());
    for (int i = 0; ; i++) {
      try (Socket connection = new Socket("127.0.0.1", port)) {
        return process;
      } catch (IOException e) {
        assertThat(i).as("docker-registry starts").isLessThan(100);
        Thread.sleep(100);
      }
    }
  }

  @Test
  void anImageIsPulledByItsOwnNameFromTheRegistryThatStandsIn() throws Exception {
    Process plain = registry("");
    ContainerImages.of("team/app", "v1")
        .file("hello", "hello\n")
        .build()
        .pushTo("127.0.0.1:" + port);
    plain.destroy();
    plain.waitFor();
    CertificateAuthority maker = new CertificateAuthority(Clock.systemUTC(), new SecureRandom());
    KeyAndCertificate authority = maker.create("test");
    KeyAndCertificate server = maker.issue(authority, List.of("localhost", "127.0.0.1"));
    Path key = Files.writeString(directory.resolve("key"), server.keyPem().reveal());
    Path certificate = Files.writeString(directory.resolve("crt"), server.certificatePem());
    registry(", tls: {certificate: \"%s\", key: \"%s\"}".formatted(certificate, key));
    RegistrySettings own = RegistrySettings.parse("{domain: localhost, port: " + port + "}");
    Path certs = Files.createDirectories(directory.resolve("certs.d/" + ORIGIN));
    Path ca = Files.writeString(directory.resolve("ca.crt"), authority.certificatePem());
    Files.writeString(certs.resolve("hosts.toml"), HostsToml.merge("", ORIGIN, own, ca.toString()));
    startContainerd();

    Run pull =
        run(
            "ctr",
            "-a",
            socket.toString(),
            "images",
            "pull",
            "--snapshotter",
            "native",
            "--hosts-dir",
            directory.resolve("certs.d").toString(),
            ORIGIN + "/team/app:v1");

    assertThat(pull.status()).as(pull.output()).isZero();
    assertThat(run("ctr", "-a", socket.toString(), "images", "ls", "-q").output())
        .contains(ORIGIN + "/team/app:v1");
  }

  /** With a file of the host that has settings of its own, which containerd still follows. */
  private void startContainerd() throws Exception {
    String host =
        """
        version = 2
        root = "ROOT/root"
        state = "ROOT/state"
        [grpc]
          address = "SOCKET"
        """
            .replace("ROOT", directory.toString())
            .replace("SOCKET", socket.toString());
    Path config =
        Files.writeString(directory.resolve("config.toml"), ContainerdConfig.merge(host).text());
    Run dump = run("containerd", "-c", config.toString(), "config", "dump");
    assertThat(dump.output())
        .contains("config_path = \"" + ContainerdConfig.DIRECTORY + "\"")
        .contains("address = \"" + socket + "\"");
    start("containerd", "-c", config.toString());
    for (int i = 0; run("ctr", "-a", socket.toString(), "version").status() != 0; i++) {
      assertThat(i).as("containerd starts").isLessThan(60);
      Thread.sleep(500);
    }
  }
}
