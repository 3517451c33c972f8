package cloud.sealer.core.sbom;

import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Digest;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes an inventory as <a href="https://spdx.github.io/spdx-spec/v2.3/">SPDX 2.3</a>. */
final class SpdxDocument {
  private static final String DOCUMENT = "SPDXRef-DOCUMENT";
  private static final String ROOT = "SPDXRef-Image";
  private static final String UNKNOWN = "NOASSERTION";

  private final Inventory inventory;
  private final JsonGenerator json;
  private final Map<Item, String> ids = new LinkedHashMap<>();

  SpdxDocument(Inventory inventory, JsonGenerator json) {
    this.inventory = inventory;
    this.json = json;
    inventory.items().keySet().forEach(item -> ids.put(item, id(item, ids.size() + 1)));
  }

  private static String id(Item item, int number) {
    String kind = item instanceof Item.File ? "File" : "Package";
    return "SPDXRef-" + kind + "-" + number;
  }

  private String name() {
    return inventory.image().reference().registry()
        + "/"
        + inventory.image().reference().repository();
  }

  void write() throws IOException {
    json.writeStartObject();
    json.writeStringField("spdxVersion", "SPDX-2.3");
    json.writeStringField("dataLicense", "CC0-1.0");
    json.writeStringField("SPDXID", DOCUMENT);
    json.writeStringField("name", name() + ":" + inventory.version());
    json.writeStringField(
        "documentNamespace", "https://spdx.org/spdxdocs/sealer-" + inventory.serialNumber());
    json.writeObjectFieldStart("creationInfo");
    json.writeStringField("created", inventory.created().toString());
    json.writeArrayFieldStart("creators");
    json.writeString("Tool: " + SbomWriter.TOOL);
    json.writeEndArray();
    json.writeEndObject();
    packages();
    json.writeArrayFieldStart("files");
    for (Map.Entry<Item, String> entry : ids.entrySet()) {
      if (entry.getKey() instanceof Item.File file) {
        file(file, entry.getValue());
      }
    }
    json.writeEndArray();
    relationships();
    json.writeEndObject();
  }

  private void packages() throws IOException {
    json.writeArrayFieldStart("packages");
    String url = PackageUrl.image(inventory.image().reference(), inventory.image().digest(), "");
    onePackage(ROOT, name(), inventory.version(), "CONTAINER", url, inventory.image().digest(), "");
    int number = 0;
    for (Map.Entry<String, Digest> base : inventory.bases().entrySet()) {
      String version = base.getValue().toString();
      onePackage(base(++number), base.getKey(), version, "CONTAINER", null, base.getValue(), "");
    }
    for (Map.Entry<Item, String> entry : ids.entrySet()) {
      Item item = entry.getKey();
      String id = entry.getValue();
      String only = inventory.onlyFor(item);
      if (item instanceof Item.Container container) {
        container(container.image(), id);
      } else if (item instanceof Item.Chart chart) {
        String where = chart.path() + (only.isEmpty() ? "" : ", only for " + only);
        onePackage(
            id,
            chart.name(),
            chart.version(),
            "APPLICATION",
            PackageUrl.chart(chart),
            null,
            "Helm chart " + where);
      } else if (item instanceof Item.Installed installed) {
        onePackage(
            id,
            installed.name(),
            installed.version(),
            "LIBRARY",
            PackageUrl.installed(installed),
            null,
            only.isEmpty() ? "" : "only for " + only);
      }
    }
    json.writeEndArray();
  }

  private static String base(int number) {
    return "SPDXRef-Base-" + number;
  }

  private void container(ContainerImage image, String id) throws IOException {
    onePackage(
        id,
        image.reference().registry() + "/" + image.reference().repository(),
        image.reference().tag().orElseGet(() -> image.digest().toString()),
        "CONTAINER",
        PackageUrl.image(image.reference(), image.digest(), image.platform().architecture()),
        image.digest(),
        "manifest " + image.manifest() + " for " + image.platform());
  }

  private void onePackage(
      String id,
      String name,
      String version,
      String purpose,
      @Nullable String url,
      @Nullable Digest digest,
      String comment)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("SPDXID", id);
    json.writeStringField("name", name);
    if (!version.isEmpty()) {
      json.writeStringField("versionInfo", version);
    }
    json.writeStringField("primaryPackagePurpose", purpose);
    json.writeStringField("downloadLocation", UNKNOWN);
    json.writeBooleanField("filesAnalyzed", false);
    json.writeStringField("licenseConcluded", UNKNOWN);
    json.writeStringField("licenseDeclared", UNKNOWN);
    json.writeStringField("copyrightText", UNKNOWN);
    if (digest != null) {
      json.writeArrayFieldStart("checksums");
      checksum(digest.algorithm().equals("sha512") ? "SHA512" : "SHA256", digest.hex());
      json.writeEndArray();
    }
    if (url != null) {
      json.writeArrayFieldStart("externalRefs");
      json.writeStartObject();
      json.writeStringField("referenceCategory", "PACKAGE-MANAGER");
      json.writeStringField("referenceType", "purl");
      json.writeStringField("referenceLocator", url);
      json.writeEndObject();
      json.writeEndArray();
    }
    if (!comment.isEmpty()) {
      json.writeStringField("comment", comment);
    }
    json.writeEndObject();
  }

  private void checksum(String algorithm, String hex) throws IOException {
    json.writeStartObject();
    json.writeStringField("algorithm", algorithm);
    json.writeStringField("checksumValue", hex);
    json.writeEndObject();
  }

  private void file(Item.File file, String id) throws IOException {
    json.writeStartObject();
    json.writeStringField("SPDXID", id);
    json.writeStringField("fileName", "./" + file.path());
    if (file.executable()) {
      json.writeArrayFieldStart("fileTypes");
      json.writeString("APPLICATION");
      json.writeEndArray();
    }
    json.writeArrayFieldStart("checksums");
    checksum("SHA1", file.sha1());
    checksum("SHA256", file.sha256().hex());
    json.writeEndArray();
    json.writeStringField("licenseConcluded", UNKNOWN);
    json.writeArrayFieldStart("licenseInfoInFiles");
    json.writeString(UNKNOWN);
    json.writeEndArray();
    json.writeStringField("copyrightText", UNKNOWN);
    String only = inventory.onlyFor(file);
    if (!only.isEmpty()) {
      json.writeStringField("comment", "only for " + only);
    }
    json.writeEndObject();
  }

  private void relationships() throws IOException {
    json.writeArrayFieldStart("relationships");
    relationship(DOCUMENT, "DESCRIBES", ROOT);
    for (int number = 1; number <= inventory.bases().size(); number++) {
      relationship(ROOT, "DESCENDANT_OF", base(number));
    }
    for (String id : ids.values()) {
      relationship(ROOT, "CONTAINS", id);
    }
    json.writeEndArray();
  }

  private void relationship(String from, String type, String to) throws IOException {
    json.writeStartObject();
    json.writeStringField("spdxElementId", from);
    json.writeStringField("relationshipType", type);
    json.writeStringField("relatedSpdxElement", to);
    json.writeEndObject();
  }
}
