package cloud.sealer.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.CredentialProvider;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerConfigFileIT {
  @TempDir Path dir;

  private Path config(String json) throws IOException {
    return Files.writeString(dir.resolve("config.json"), json);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String pair(Optional<Credentials> credentials) {
    return credentials
        .map(c -> c.username() + "|" + c.secret() + "|" + c.isIdentityToken())
        .orElse("");
  }

  @Test
  void findsEntriesInAllTheirSpellings() throws Exception {
    DockerConfigFile config =
        DockerConfigFile.read(
            config(
                """
                {"auths": {
                  "https://index.docker.io/v1/": {"auth": "%s"},
                  "https://quay.io/v1/": {"username": "q", "password": "w"},
                  "r.example:5000": {"identitytoken": "idt", "auth": "%s"},
                  "empty.example": {}
                }}"""
                    .formatted(base64("ann:pass:with:colons"), base64("x:y"))));
    assertThat(pair(config.credentials("docker.io"))).isEqualTo("ann|pass:with:colons|false");
    assertThat(pair(config.credentials("quay.io"))).isEqualTo("q|w|false");
    assertThat(pair(config.credentials("r.example:5000"))).isEqualTo("|idt|true");
    assertThat(config.credentials("r.example")).isEmpty();
    assertThat(config.credentials("empty.example")).isEmpty();
    assertThat(config.helper("quay.io")).isEmpty();
  }

  @Test
  void anAbsentOrEmptyFileIsNobody() throws Exception {
    assertThat(DockerConfigFile.read(dir.resolve("none")).credentials("a.example")).isEmpty();
    assertThat(DockerConfigFile.read(config("")).credentials("a.example")).isEmpty();
  }

  @Test
  void namesTheFileButNoSecretIfItIsMalformed() throws Exception {
    Path file = config("{\"auths\": {\"a.example\": {\"auth\": hunter2}}}");
    assertThatThrownBy(() -> DockerConfigFile.read(file))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("line 1")
        .hasMessageNotContaining("hunter2")
        .hasNoCause();
    Path other = config("{\"auths\": {\"a.example\": {\"auth\": \"%%\"}}}");
    assertThatThrownBy(() -> DockerConfigFile.read(other).credentials("a.example"))
        .hasMessageContaining(other.toString())
        .hasMessageContaining("a.example");
  }

  @Test
  void storeKeepsEverythingElse() throws Exception {
    Path real =
        config(
            """
            {"credHelpers": {"gcr.io": "gcloud"}, "HttpHeaders": {"X": "1"}, "unknown": [1.50, null],
             "auths": {"index.docker.io": {"auth": "b2xkOm9sZA=="},
                       "https://index.docker.io/v1/": {"auth": "b2xkOm9sZA==", "email": "a@b"},
                       "quay.io": {"auth": "cTp3"}}}""");
    Path file = Files.createSymbolicLink(dir.resolve("link.json"), real);
    DockerConfigFile.store(file, "docker.io", Credentials.basic("ann", "new:pass"));
    DockerConfigFile.store(file, "r.example:5000", Credentials.identityToken("idt"));

    assertThat(file).isSymbolicLink();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(real))
        .contains("gcloud", "HttpHeaders", "unknown", "1.5", "a@b", "cTp3")
        .doesNotContain("b2xkOm9sZA==");
    DockerConfigFile config = DockerConfigFile.read(real);
    assertThat(pair(config.credentials("docker.io"))).isEqualTo("ann|new:pass|false");
    assertThat(pair(config.credentials("r.example:5000"))).isEqualTo("|idt|true");
    assertThat(config.helper("gcr.io")).contains("gcloud");
    assertThat(dir.toFile().list()).containsExactlyInAnyOrder("config.json", "link.json");
  }

  @Test
  void storeMakesTheFileAndLeavesAMalformedOneAlone() throws Exception {
    Path file = dir.resolve("a/b/config.json");
    DockerConfigFile.store(file, "r.example", Credentials.basic("u", "p"));
    assertThat(pair(DockerConfigFile.read(file).credentials("r.example"))).isEqualTo("u|p|false");

    Path broken = config("{\"auths\": 1}");
    assertThatThrownBy(
            () -> DockerConfigFile.store(broken, "r.example", Credentials.basic("u", "p")))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
    assertThat(broken).hasContent("{\"auths\": 1}");
  }

  private CredentialHelper helpers(Duration limit) {
    return new CredentialHelper(name -> dir.resolve(name).toString(), limit);
  }

  private void program(String name, String script) throws IOException {
    Path file = Files.writeString(dir.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void asksTheHelperOfTheRegistryAndThenTheFile() throws Exception {
    program(
        "one",
        "read server; case $server in"
            + " a.example) echo '{\"ServerURL\":\"x\",\"Username\":\"u\",\"Secret\":\"s:t\"}';;"
            + " https://index.docker.io/v1/) echo '{\"Username\":\"<token>\",\"Secret\":\"idt\"}';;"
            + " *) echo 'credentials not found in native keychain'; exit 1;; esac");
    program("two", "echo \"{\\\"Username\\\":\\\"$1\\\",\\\"Secret\\\":\\\"two\\\"}\"");
    Path file =
        config(
            "{\"credsStore\":\"one\",\"credHelpers\":{\"b.example\":\"two\"},"
                + "\"auths\":{\"c.example\":{\"auth\":\"YzpjYw==\"}}}");
    ConfiguredCredentials credentials =
        new ConfiguredCredentials(
            RegistryOptions.builder().dockerConfig(file).build(), helpers(Duration.ofSeconds(20)));
    assertThat(pair(credentials.credentials("a.example"))).isEqualTo("u|s:t|false");
    assertThat(pair(credentials.credentials("docker.io"))).isEqualTo("|idt|true");
    assertThat(pair(credentials.credentials("b.example"))).isEqualTo("get|two|false");
    assertThat(pair(credentials.credentials("c.example"))).isEqualTo("c|cc|false");
    assertThat(credentials.credentials("d.example")).isEmpty();
  }

  @Test
  void asksTheProviderFirstAndTheHelperOnce() throws Exception {
    program(
        "one",
        "echo x >> " + dir.resolve("asked") + "; echo '{\"Username\":\"u\",\"Secret\":\"s\"}'");
    CredentialProvider provider =
        registry ->
            registry.equals("mine.example")
                ? Optional.of(Credentials.basic("me", "pw"))
                : Optional.empty();
    ConfiguredCredentials credentials =
        new ConfiguredCredentials(
            RegistryOptions.builder()
                .credentials(provider)
                .dockerConfig(config("{\"credsStore\":\"one\"}"))
                .build(),
            helpers(Duration.ofSeconds(20)));
    assertThat(pair(credentials.credentials("mine.example"))).isEqualTo("me|pw|false");
    assertThat(dir.resolve("asked")).doesNotExist();
    credentials.credentials("a.example");
    credentials.credentials("a.example");
    assertThat(dir.resolve("asked")).hasContent("x");
    credentials.refused("a.example");
    credentials.credentials("a.example");
    assertThat(Files.readAllLines(dir.resolve("asked"))).hasSize(2);
  }

  @Test
  void aHelperThatFailsOrHangsIsAClearError() throws Exception {
    program("broken", "echo 'keychain is locked'; exit 3");
    program("nonsense", "echo 'hunter2 is no json'");
    program("hanging", "sleep 600");
    CredentialHelper helper = helpers(Duration.ofSeconds(1));
    assertThatThrownBy(() -> helper.get("broken", "a")).hasMessageContaining("keychain is locked");
    assertThatThrownBy(() -> helper.get("nonsense", "a"))
        .hasMessageContaining("JSON")
        .hasMessageNotContaining("hunter2")
        .hasNoCause();
    assertThatThrownBy(() -> helper.get("absent", "a"))
        .hasMessageContaining("docker-credential-absent cannot be started");
    assertThatThrownBy(() -> helper.get("../broken", "a"))
        .hasMessageContaining("name that is none");
    assertThatThrownBy(() -> helper.get("hanging", "a")).hasMessageContaining("within 1 s");
    assertThat(
            ProcessHandle.current()
                .descendants()
                .filter(p -> p.info().command().orElse("").endsWith("sleep")))
        .isEmpty();
  }

  @Test
  void storesInTheHelperOfTheRegistry() throws Exception {
    program("keep", "cat > " + dir.resolve("kept") + "; echo $1 > " + dir.resolve("action"));
    Path file = config("{\"credsStore\":\"keep\"}");
    DockerConfigFile.store(
        file, "docker.io", Credentials.basic("u", "p"), helpers(Duration.ofSeconds(20)));
    assertThat(dir.resolve("action")).hasContent("store");
    assertThat(Files.readString(dir.resolve("kept")))
        .contains("\"https://index.docker.io/v1/\"", "\"Username\":\"u\"", "\"Secret\":\"p\"");
    assertThat(file).hasContent("{\"credsStore\":\"keep\"}");
  }
}
