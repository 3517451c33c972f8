package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.testkit.EmbeddedRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands for signatures and bills of materials, in this process. */
class TrustCommandsIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path work;
  private Path key;
  private Path pub;

  /** What a command line came to. */
  private record Run(int exit, String out, String err) {
    JsonNode json() throws IOException {
      return JSON.readTree(out);
    }
  }

  private Run run(Object... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(Stream.of(words).map(Object::toString).toList());
    all.addAll(List.of("--store", work.resolve("store").toString(), "--progress", "none"));
    String[] arguments = all.toArray(String[]::new);
    CommandLine command = Main.commandLine(arguments);
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int exit = command.execute(arguments);
    return new Run(exit, out.toString(), err.toString());
  }

  @BeforeEach
  void build() throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    key = pem("release.key", "PRIVATE KEY", pair.getPrivate().getEncoded());
    pub = pem("release.pub", "PUBLIC KEY", pair.getPublic().getEncoded());
    Path context = Files.createDirectories(work.resolve("context"));
    Files.writeString(context.resolve("hello.txt"), "hello\n");
    Files.writeString(context.resolve("Kubefile"), "FROM scratch\nCOPY hello.txt bin\n");
    assertThat(run("build", "-t", "app:v1", context).exit()).isZero();
  }

  private Path pem(String name, String label, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return Files.writeString(
        work.resolve(name),
        "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n");
  }

  @Test
  void anUnsignedImageIsNeitherVerifiedNorRun() {
    Run verified = run("verify", "app:v1", "--key", pub);
    assertThat(verified.exit()).isEqualTo(1);
    assertThat(verified.err()).contains("has no signature by a trusted key");
    Run started = run("run", "app:v1", "-m", "127.0.0.1:1", "--verify-key", pub, "-p", "secret");
    assertThat(started.exit()).isEqualTo(1);
    assertThat(started.err()).contains("has no signature by a trusted key").doesNotContain(":1 ");
  }

  @Test
  void aSignedImageIsVerified() throws IOException {
    Run signed = run("sign", "app:v1", "--key", key, "-a", "build=42", "--json");
    assertThat(signed.exit()).as(signed.err()).isZero();
    assertThat(signed.json()).hasSize(2);
    Run verified = run("verify", "app:v1", "--key", pub);
    assertThat(verified.exit()).as(verified.err()).isZero();
    assertThat(run("verify", "app:v1", "--key", pub, "-a", "build=41").exit()).isEqualTo(1);
    Run listed = run("referrers", "app:v1");
    assertThat(listed.out().lines()).hasSize(2);
    assertThat(listed.out()).contains("application/vnd.dev.cosign.artifact.sig.v1+json");
    // It would be run: only the host is not there.
    Run started = run("run", "app:v1", "-m", "127.0.0.1:1", "--verify-key", pub, "-p", "secret");
    assertThat(started.err()).doesNotContain("signature");
  }

  @Test
  void signaturesAreCheckedAtTheRegistryWithoutAPull() throws IOException {
    try (EmbeddedRegistry registry = EmbeddedRegistry.start()) {
      String name = registry.address() + "/team/app:v1";
      run("tag", "app:v1", name);
      run("sign", name, "--key", key);
      assertThat(run("push", name, "--plain-http", registry.address()).exit()).isZero();
      registry.clearRequests();
      Run verified =
          run(
              "verify",
              name,
              "--remote",
              "--key",
              pub,
              "--json",
              "--plain-http",
              registry.address());
      assertThat(verified.exit()).as(verified.err()).isZero();
      assertThat(verified.json().at("/signatures/trusted").asBoolean()).isTrue();
      assertThat(registry.requests())
          .filteredOn(EmbeddedRegistry.Request::isBlobDownload)
          .hasSize(1);
    }
  }

  @Test
  void billsOfMaterialsAreWrittenAndAttached() throws IOException {
    Run spdx = run("sbom", "app:v1");
    assertThat(spdx.json().path("spdxVersion").asText()).isEqualTo("SPDX-2.3");
    Path file = work.resolve("sbom.json");
    assertThat(run("sbom", "app:v1", "--format", "cyclonedx", "-o", file, "--attach").exit())
        .isZero();
    assertThat(JSON.readTree(file.toFile()).path("specVersion").asText()).isEqualTo("1.6");
    Run listed = run("referrers", "app:v1", "--json");
    assertThat(listed.json().path(0).path("artifactType").asText())
        .isEqualTo("application/vnd.cyclonedx+json");
    assertThat(Arrays.stream(run("images").out().split("\n")).filter(l -> l.contains("sha256-")))
        .isEmpty();
  }
}
