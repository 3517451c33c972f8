package cloud.sealer.kubernetes.record;

import cloud.sealer.sdk.Digest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What holds on a host, as it stands in a file there. Immutable; has no secret.
 *
 * @param image the manifest of the image that the rootfs was made of; null if there is no rootfs
 * @param layers the layers of the rootfs, lowest first
 * @param applications those of them that applications brought
 * @param steps the steps that hold
 * @param begun the step that began and did not come to its end; empty if there is none
 */
public record HostRecord(
    @Nullable Digest image,
    List<Digest> layers,
    List<Digest> applications,
    Map<String, Held> steps,
    String begun) {
  /** Nothing holds. */
  public static final HostRecord EMPTY = new HostRecord(null, List.of(), List.of(), Map.of(), "");

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final int FORMAT = 1;

  /** Checks and copies the parts. */
  public HostRecord {
    layers = List.copyOf(layers);
    applications = List.copyOf(applications);
    steps = Collections.unmodifiableMap(new TreeMap<>(steps));
    Objects.requireNonNull(begun, "begun");
  }

  /**
   * A step that holds.
   *
   * @param fingerprint the {@link Fingerprint} of its inputs
   * @param since when it was seen to hold
   */
  public record Held(String fingerprint, Instant since) {}

  /** The fingerprint a step held with; empty if it does not hold. */
  public Optional<String> fingerprint(String step) {
    return Optional.ofNullable(steps.get(step)).map(Held::fingerprint);
  }

  /** Whether a step holds, whatever its inputs were. */
  public boolean holds(String step) {
    return steps.containsKey(step);
  }

  /** Whether a step began and did not come to its end. */
  public boolean begun(String step) {
    return begun.equals(step);
  }

  /** The record when a step begins: it does not hold any more. */
  public HostRecord withBegun(String step) {
    Map<String, Held> rest = new TreeMap<>(steps);
    rest.remove(step);
    return new HostRecord(image, layers, applications, rest, step);
  }

  /** The record when a step holds. */
  public HostRecord withHeld(String step, String fingerprint, Instant since) {
    Map<String, Held> more = new TreeMap<>(steps);
    more.put(step, new Held(fingerprint, since));
    return new HostRecord(image, layers, applications, more, begun.equals(step) ? "" : begun);
  }

  /** The record when a step does not hold any more. */
  public HostRecord without(String step) {
    Map<String, Held> rest = new TreeMap<>(steps);
    rest.remove(step);
    return new HostRecord(image, layers, applications, rest, begun.equals(step) ? "" : begun);
  }

  /** The record with another rootfs. */
  public HostRecord withRootfs(
      @Nullable Digest newImage, List<Digest> newLayers, List<Digest> newApplications) {
    return new HostRecord(newImage, newLayers, newApplications, steps, begun);
  }

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException if it is not what {@link #toJson} writes
   */
  public static HostRecord parse(String json) {
    try {
      JsonNode node = MAPPER.readTree(json);
      if (node.path("format").asInt() != FORMAT) {
        throw new IllegalArgumentException("format " + node.path("format") + " is not known");
      }
      List<Digest> layers = digests(node.path("layers"));
      Map<String, Held> steps = new TreeMap<>();
      node.path("steps")
          .properties()
          .forEach(
              step ->
                  steps.put(
                      step.getKey(),
                      new Held(
                          step.getValue().path("fingerprint").asText(),
                          Instant.parse(step.getValue().path("since").asText()))));
      String image = node.path("image").asText();
      return new HostRecord(
          image.isEmpty() ? null : Digest.parse(image),
          layers,
          digests(node.path("applications")),
          steps,
          node.path("begun").asText());
    } catch (JsonProcessingException | java.time.DateTimeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static List<Digest> digests(JsonNode list) {
    List<Digest> digests = new ArrayList<>();
    list.forEach(digest -> digests.add(Digest.parse(digest.asText())));
    return digests;
  }

  /** Writes the file. */
  public String toJson() {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("format", FORMAT);
    node.put("image", image == null ? "" : image.toString());
    layers.forEach(layer -> node.withArray("/layers").add(layer.toString()));
    applications.forEach(layer -> node.withArray("/applications").add(layer.toString()));
    ObjectNode held = node.putObject("steps");
    steps.forEach(
        (name, step) ->
            held.putObject(name)
                .put("fingerprint", step.fingerprint())
                .put("since", step.since().toString()));
    node.put("begun", begun);
    return node.toPrettyString() + "\n";
  }
}
