package cloud.sealer.core.machines;

import cloud.sealer.sdk.spi.MachineOwner;
import cloud.sealer.sdk.spi.MachineResource;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The text of a record. */
final class RecordJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RecordJson() {}

  /**
   * What a record says.
   *
   * @param owner whose it is
   * @param provider who made the resources
   * @param resources what there is
   */
  record Content(MachineOwner owner, String provider, List<MachineResource> resources) {}

  static byte[] write(MachineOwner owner, String provider, List<MachineResource> resources) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("owner", owner.name());
    node.put("purpose", owner.purpose().name().toLowerCase(Locale.ROOT));
    node.put("home", owner.home());
    node.put("provider", provider);
    ArrayNode list = node.putArray("resources");
    for (MachineResource resource : resources) {
      ObjectNode entry = list.addObject();
      entry.put("kind", resource.kind());
      entry.put("name", resource.name());
      entry.put("id", resource.id());
      ObjectNode attributes = entry.putObject("attributes");
      resource.attributes().forEach(attributes::put);
    }
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads what {@link #write} wrote; fails on anything else. */
  static Content read(byte[] bytes) throws IOException {
    JsonNode node = MAPPER.readTree(bytes);
    List<MachineResource> resources = new ArrayList<>();
    try {
      for (JsonNode entry : node.path("resources")) {
        Map<String, String> attributes = new TreeMap<>();
        entry
            .path("attributes")
            .properties()
            .forEach(field -> attributes.put(field.getKey(), field.getValue().asText()));
        resources.add(
            new MachineResource(
                entry.path("kind").asText(),
                entry.path("name").asText(),
                entry.path("id").asText(),
                attributes));
      }
      MachineOwner owner =
          new MachineOwner(
              node.path("owner").asText(),
              MachineOwner.Purpose.valueOf(node.path("purpose").asText().toUpperCase(Locale.ROOT)),
              node.path("home").asText());
      return new Content(owner, node.path("provider").asText(), resources);
    } catch (IllegalArgumentException e) {
      throw new IOException("it is no record of machines: " + e.getMessage(), e);
    }
  }
}
