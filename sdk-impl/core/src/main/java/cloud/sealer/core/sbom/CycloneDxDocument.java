package cloud.sealer.core.sbom;

import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Platform;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes an inventory as <a href="https://cyclonedx.org/docs/1.6/json/">CycloneDX 1.6</a>. What the
 * format has no place for stands in properties that begin with {@code cloud.sealer}.
 */
final class CycloneDxDocument {
  private final Inventory inventory;
  private final JsonGenerator json;
  private final Set<String> references = new LinkedHashSet<>();

  CycloneDxDocument(Inventory inventory, JsonGenerator json) {
    this.inventory = inventory;
    this.json = json;
  }

  void write() throws IOException {
    json.writeStartObject();
    json.writeStringField("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
    json.writeStringField("bomFormat", "CycloneDX");
    json.writeStringField("specVersion", "1.6");
    json.writeStringField("serialNumber", "urn:uuid:" + inventory.serialNumber());
    json.writeNumberField("version", 1);
    metadata();
    json.writeArrayFieldStart("components");
    for (Item item : inventory.items().keySet()) {
      if (references.add(reference(item))) {
        component(item);
      }
    }
    json.writeEndArray();
    dependencies();
    json.writeEndObject();
  }

  private void metadata() throws IOException {
    json.writeObjectFieldStart("metadata");
    json.writeStringField("timestamp", inventory.created().toString());
    json.writeObjectFieldStart("tools");
    json.writeArrayFieldStart("components");
    json.writeStartObject();
    json.writeStringField("type", "library");
    json.writeStringField("name", SbomWriter.TOOL);
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
    json.writeObjectFieldStart("component");
    image(
        inventory.image().reference().registry() + "/" + inventory.image().reference().repository(),
        inventory.version(),
        root(),
        inventory.image().digest());
    if (!inventory.bases().isEmpty()) {
      json.writeObjectFieldStart("pedigree");
      json.writeArrayFieldStart("ancestors");
      for (Map.Entry<String, Digest> base : inventory.bases().entrySet()) {
        json.writeStartObject();
        image(base.getKey(), base.getValue().toString(), null, base.getValue());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private String root() {
    return PackageUrl.image(inventory.image().reference(), inventory.image().digest(), "");
  }

  private void image(String name, String version, @Nullable String url, Digest digest)
      throws IOException {
    json.writeStringField("type", "container");
    if (url != null) {
      json.writeStringField("bom-ref", url);
    }
    json.writeStringField("name", name);
    json.writeStringField("version", version);
    hashes(Map.of(), digest);
    if (url != null) {
      json.writeStringField("purl", url);
    }
  }

  private void hashes(Map<String, String> more, Digest digest) throws IOException {
    json.writeArrayFieldStart("hashes");
    for (Map.Entry<String, String> hash : more.entrySet()) {
      hash(hash.getKey(), hash.getValue());
    }
    hash(digest.algorithm().equals("sha512") ? "SHA-512" : "SHA-256", digest.hex());
    json.writeEndArray();
  }

  private void hash(String algorithm, String hex) throws IOException {
    json.writeStartObject();
    json.writeStringField("alg", algorithm);
    json.writeStringField("content", hex);
    json.writeEndObject();
  }

  private String reference(Item item) {
    if (item instanceof Item.Container container) {
      return url(container.image());
    } else if (item instanceof Item.Chart chart) {
      return "chart:" + chart.path() + ":" + chart.name() + "@" + chart.version();
    } else if (item instanceof Item.Installed installed) {
      return PackageUrl.installed(installed);
    }
    return "file:" + item.key().replace(' ', ':');
  }

  private static String url(ContainerImage image) {
    Platform platform = image.platform();
    return PackageUrl.image(image.reference(), image.digest(), platform.architecture());
  }

  private void component(Item item) throws IOException {
    json.writeStartObject();
    if (item instanceof Item.Container container) {
      container(container.image());
    } else if (item instanceof Item.Chart chart) {
      chart(chart);
    } else if (item instanceof Item.Installed installed) {
      installed(installed);
    } else if (item instanceof Item.File file) {
      file(file);
    }
    json.writeEndObject();
  }

  private void container(ContainerImage image) throws IOException {
    image(
        image.reference().registry() + "/" + image.reference().repository(),
        image.reference().tag().orElseGet(() -> image.digest().toString()),
        url(image),
        image.digest());
    json.writeArrayFieldStart("properties");
    property("cloud.sealer.manifest", image.manifest().toString());
    property("cloud.sealer.platform", image.platform().toString());
    for (String file : image.files()) {
      property("cloud.sealer.file", file);
    }
    json.writeEndArray();
  }

  private void chart(Item.Chart chart) throws IOException {
    json.writeStringField("type", "application");
    json.writeStringField("bom-ref", reference(chart));
    json.writeStringField("name", chart.name());
    json.writeStringField("version", chart.version());
    json.writeStringField("purl", PackageUrl.chart(chart));
    json.writeArrayFieldStart("properties");
    property("cloud.sealer.file", chart.path());
    if (!chart.appVersion().isEmpty()) {
      property("cloud.sealer.chart.appVersion", chart.appVersion());
    }
    platform(chart);
    json.writeEndArray();
  }

  private void installed(Item.Installed installed) throws IOException {
    json.writeStringField("type", "library");
    json.writeStringField("bom-ref", reference(installed));
    json.writeStringField("name", installed.name());
    json.writeStringField("version", installed.version());
    json.writeStringField("purl", PackageUrl.installed(installed));
  }

  private void file(Item.File file) throws IOException {
    json.writeStringField("type", "file");
    json.writeStringField("bom-ref", reference(file));
    json.writeStringField("name", file.path());
    hashes(Map.of("SHA-1", file.sha1()), file.sha256());
    json.writeArrayFieldStart("properties");
    property("cloud.sealer.size", Long.toString(file.size()));
    if (file.executable()) {
      property("cloud.sealer.executable", "true");
    }
    platform(file);
    json.writeEndArray();
  }

  private void platform(Item item) throws IOException {
    String only = inventory.onlyFor(item);
    if (!only.isEmpty()) {
      property("cloud.sealer.platform", only);
    }
  }

  private void property(String name, String value) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", name);
    json.writeStringField("value", value);
    json.writeEndObject();
  }

  private void dependencies() throws IOException {
    json.writeArrayFieldStart("dependencies");
    json.writeStartObject();
    json.writeStringField("ref", root());
    json.writeArrayFieldStart("dependsOn");
    for (String reference : references) {
      json.writeString(reference);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
  }
}
