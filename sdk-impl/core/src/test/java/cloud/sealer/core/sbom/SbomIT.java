package cloud.sealer.core.sbom;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SbomFormat;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bills of materials of an image with everything in it, against the published schemas. */
@Timeout(60)
class SbomIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HELLO_SHA1 = "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d";
  private static final String HELLO_SHA256 =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  @TempDir private Path work;
  private EmbeddedRegistry registry;
  private Sealer sealer;
  private ClusterImage image;

  @BeforeEach
  void build() throws IOException {
    registry = EmbeddedRegistry.start();
    ContainerImages.of("team/web", "1.0").file("etc/x", "x").build().putInto(registry);
    sealer =
        Sealer.builder()
            .store(work.resolve("store"))
            .registries(RegistryOptions.builder().plainHttp(registry.address()).build())
            .explicitProvidersOnly()
            .build();
    request("base:v1", "FROM scratch\nCOPY gone etc\nCOPY hello bin\nCOPY status var/lib/dpkg\n");
    image =
        request(
            "team/app:v2",
            "FROM base:v1\n"
                + "COPY manifests .\n"
                + "COPY charts .\n"
                + "COPY os-release etc\n"
                + "RUN rm etc/gone\n");
  }

  private ClusterImage request(String name, String kubefile) throws IOException {
    BuildContext context =
        BuildContext.inMemory()
            .file("gone", "gone")
            .file("hello", "hello")
            .file("os-release", "NAME=x\nID=debian\n")
            .file(
                "status",
                "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\n"
                    + "Version: 2:2.36-9+deb12u1\nDescription: x\n y\n\n"
                    + "Package: old\nStatus: deinstall ok config-files\nVersion: 1\n")
            .file("manifests/imageList", registry.address() + "/team/web:1.0\n")
            .file("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\n")
            .file("charts/db-4.5.6.tgz", chart(), 0644)
            .build();
    return sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .kubefile(Kubefile.parse(kubefile))
                .context(context)
                .name(name)
                .sourceDateEpoch(1_700_000_000)
                .build())
        .image();
  }

  private static byte[] chart() throws IOException {
    byte[] yaml =
        "apiVersion: v2\nname: db\nversion: 4.5.6\nappVersion: \"9.0\"\n"
            .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      TarArchiveEntry entry = new TarArchiveEntry("db/Chart.yaml");
      entry.setSize(yaml.length);
      tar.putArchiveEntry(entry);
      tar.write(yaml);
      tar.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  @AfterEach
  void close() {
    sealer.close();
    registry.close();
  }

  private JsonNode sbom(SbomFormat format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    sealer.trust().sbom("team/app:v2", format, out, EventListener.NONE);
    return JSON.readTree(out.toByteArray());
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(
        SbomIT.class.getClassLoader().getResourceAsStream(name), () -> name + " is missing");
  }

  @Test
  void cycloneDxIsAsItsSchemaSays() throws IOException {
    JsonNode sbom = sbom(SbomFormat.CYCLONEDX);
    JsonSchema schema =
        JsonSchemaFactory.getInstance(
                VersionFlag.V7,
                builder ->
                    builder.schemaMappers(
                        mappers -> mappers.mapPrefix("http://cyclonedx.org/schema/", "classpath:")))
            .getSchema(resource("bom-1.6.schema.json"));
    assertThat(schema.validate(sbom)).isEmpty();

    assertThat(sbom.at("/metadata/timestamp").asText()).isEqualTo("2023-11-14T22:13:20Z");
    assertThat(sbom.at("/metadata/component/purl").asText())
        .startsWith("pkg:oci/app@sha256%3A" + image.digest().hex() + "?repository_url=")
        .endsWith("&tag=v2");
    assertThat(sbom.at("/metadata/component/pedigree/ancestors/0/name").asText())
        .contains("base:v1");
    List<String> components =
        sbom.path("components").findValuesAsText("name").stream()
            .filter(name -> !name.startsWith("cloud.sealer"))
            .toList();
    assertThat(components)
        .contains("web", "db", "libc6", "bin/hello", registry.address() + "/team/web")
        .doesNotContain("etc/gone", "old")
        .noneMatch(name -> name.startsWith("registry/"));
    ContainerImage container = image.platforms().get(0).metadata().containerImages().get(0);
    assertThat(sbom.path("components").path(0).path("hashes").path(0).path("content").asText())
        .isEqualTo(container.digest().hex());
    assertThat(sbom.path("components").findValuesAsText("purl"))
        .contains(
            "pkg:helm/db@4.5.6",
            "pkg:helm/web@1.2.3",
            "pkg:deb/debian/libc6@2%3A2.36-9%2Bdeb12u1?arch=amd64");
  }

  @Test
  void spdxIsAsItsSchemaSays() throws IOException {
    JsonNode sbom = sbom(SbomFormat.SPDX);
    JsonSchema schema =
        JsonSchemaFactory.getInstance(VersionFlag.V7)
            .getSchema(resource("resources/spdx-schema-v2.3.json"));
    assertThat(schema.validate(sbom)).isEmpty();

    JsonNode hello = null;
    for (JsonNode file : sbom.path("files")) {
      hello = file.path("fileName").asText().equals("./bin/hello") ? file : hello;
    }
    assertThat(Objects.requireNonNull(hello).path("checksums").findValuesAsText("checksumValue"))
        .containsExactly(HELLO_SHA1, HELLO_SHA256);
    assertThat(sbom.path("packages").findValuesAsText("versionInfo"))
        .contains("v2", "1.0", "1.2.3", "4.5.6", "2:2.36-9+deb12u1");
    List<String> ids = sbom.findValuesAsText("SPDXID");
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(sbom.path("relationships").findValuesAsText("relatedSpdxElement"))
        .isSubsetOf(ids)
        .contains("SPDXRef-Image", "SPDXRef-Base-1");
  }
}
