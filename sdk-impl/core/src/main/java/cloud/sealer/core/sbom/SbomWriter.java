package cloud.sealer.core.sbom;

import cloud.sealer.sdk.SbomFormat;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.OutputStream;

/** Writes inventories in the known formats. */
public final class SbomWriter {
  /** What documents say made them: without a version, which would change the bytes. */
  static final String TOOL = "sealer-sdk";

  private static final JsonFactory JSON = new JsonFactory();

  private SbomWriter() {}

  /** Writes a document; the stream stays open. */
  public static void write(Inventory inventory, SbomFormat format, OutputStream out)
      throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.setPrettyPrinter(
          new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
      switch (format) {
        case SPDX -> new SpdxDocument(inventory, json).write();
        case CYCLONEDX -> new CycloneDxDocument(inventory, json).write();
      }
    }
  }
}
