package cloud.sealer.kubernetes.plugin;

import cloud.sealer.kubernetes.finding.Findings;
import cloud.sealer.kubernetes.yaml.YamlNode.Place;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.PluginSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * One line of a plugin's data: addresses, and what is done there.
 *
 * @param addresses the hosts, at least one
 * @param value the rest of the line
 */
record DataLine(List<HostAddress> addresses, String value, Place place) {
  /**
   * Reads lines. Blank ones and those that start with # say nothing.
   *
   * @param form what a line should look like, for messages
   */
  static List<DataLine> read(Scalar data, String form, Findings findings) {
    List<DataLine> lines = new ArrayList<>();
    List<String> texts = data.text().lines().toList();
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i).strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        read(text, data.placeOf(i), form, lines, findings);
      }
    }
    if (lines.isEmpty() && !findings.hasErrors()) {
      findings.error(data.place(), "", "spec.data has no line " + form, "");
    }
    return lines;
  }

  private static void read(
      String text, Place place, String form, List<DataLine> lines, Findings findings) {
    String[] fields = text.split("\\s+", 2);
    if (fields.length < 2) {
      findings.error(place, text, "the line must be " + form, "");
      return;
    }
    try {
      lines.add(new DataLine(HostAddress.parseList(fields[0]), fields[1], place));
    } catch (IllegalArgumentException e) {
      findings.error(place, text, String.valueOf(e.getMessage()), "the line must be " + form);
    }
  }

  /** Reads the data of a plugin that was checked before. */
  static <T> T of(PluginSpec plugin, BiFunction<Scalar, Findings, T> parser) {
    Findings findings = new Findings("plugin " + plugin.name());
    T parsed = parser.apply(Scalar.text(plugin.data()), findings);
    findings.throwIfAny(ErrorCode.PLUGIN_FAILED);
    return parsed;
  }
}
