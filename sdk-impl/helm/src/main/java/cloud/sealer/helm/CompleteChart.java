package cloud.sealer.helm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites a chart so that helm-java renders what it leaves out otherwise: hooks, CRDs, and what
 * depends on API versions of the cluster.
 *
 * <ul>
 *   <li>The annotation that makes an object a hook gets another name of the same length, so that
 *       lines and columns in messages stay true; {@link #restored} gives it back. Packed sub-charts
 *       are unpacked for that.
 *   <li>A template that prints {@code crds/} is added to each chart and sub-chart. Helm itself
 *       leaves it out with the sub-charts that are disabled.
 *   <li>{@code .Capabilities.APIVersions.Has} becomes a comparison with the wanted versions,
 *       because the engine cannot be told of more than it knows.
 *   <li>{@code lookup} becomes a function that takes the same arguments and gives an empty mapping,
 *       because the engine asks a cluster for it, and where there is no network at all, not even
 *       the one of the child itself can be reached.
 * </ul>
 */
final class CompleteChart {
  private static final String HOOK = "helm.sh/hook";
  private static final String HIDDEN_HOOK = "xelm.sh/hook";
  private static final String CRDS = "templates/zz-sealer-crds.yaml";
  private static final String NOTHING_FOUND = "omit (dict)";
  private static final String UNPACKED = "-packed/";
  private static final int MAX_DEPTH = 8;

  private static final Pattern TEMPLATE = Pattern.compile("(?:charts/[^/]+/)*templates/.+");
  private static final Pattern CRD = Pattern.compile("((?:charts/[^/]+/)*)crds/.+");
  private static final Pattern HAS =
      Pattern.compile(
          "(?<![)\\w$.])(?:\\$\\w*)?(?:\\.\\w+)*\\.Capabilities\\.APIVersions\\.Has\\b");

  /** What ends an action, hides its end, or calls the function. */
  private static final Pattern IN_ACTION =
      Pattern.compile(
          "}}|\"(?:[^\"\\\\\n"
              + "]++|\\\\.)*+\"|'\\\\?.'|`[^`]*+`|/\\*(?s:.*?)\\*/|(?<![\\w.$])lookup\\b");

  private static final String CRDS_TEMPLATE =
      """
      {{- range $path, $bytes := .Files.Glob "crds/**" }}
      {{- if regexMatch "\\\\.(ya?ml|json)$" $path }}
      {{- $source := printf "---\\n# Source: %s%s" (trimSuffix "templates" $.Template.BasePath) $path }}
      {{ $source }}
      {{ regexReplaceAllLiteral "(?m)^---.*$" ($bytes | toString) $source }}
      {{- end }}
      {{- end }}
      """;

  private CompleteChart() {}

  /**
   * The chart as it is to be given to helm-java.
   *
   * @param apiVersions all API versions that templates shall see; empty for those the engine knows
   */
  static List<ChartFile> of(List<ChartFile> chart, Set<String> apiVersions) throws IOException {
    List<ChartFile> unpacked = unpacked(chart);
    Set<String> withCrds = new LinkedHashSet<>();
    List<ChartFile> complete = new ArrayList<>();
    for (ChartFile file : unpacked) {
      Matcher crd = CRD.matcher(file.path());
      if (crd.matches()) {
        withCrds.add(crd.group(1));
      }
      complete.add(
          new ChartFile(
              file.path(), () -> new java.io.ByteArrayInputStream(rewritten(file, apiVersions))));
    }
    withCrds.forEach(prefix -> complete.add(ChartFile.of(prefix + CRDS, CRDS_TEMPLATE)));
    return complete;
  }

  /** The files of a chart, those of packed sub-charts included. */
  static List<ChartFile> unpacked(List<ChartFile> chart) throws IOException {
    List<ChartFile> unpacked = new ArrayList<>();
    unpack(chart, "", 0, unpacked);
    return unpacked;
  }

  /** The path of an unpacked file, with the archives it comes from in it. */
  static String packed(String path) {
    return path.replace(UNPACKED, ".tgz/");
  }

  private static void unpack(List<ChartFile> chart, String prefix, int depth, List<ChartFile> to)
      throws IOException {
    if (depth > MAX_DEPTH) {
      throw new IOException("charts are packed into each other more than " + MAX_DEPTH + " deep");
    }
    for (ChartFile file : chart) {
      String path = prefix + file.path();
      if (path.matches("(?:.*/)?charts/[^/._][^/]*\\.tgz")) {
        // A name that no directory beside it is likely to have; Helm takes the chart's name from
        // Chart.yaml.
        String directory = path.substring(0, path.length() - ".tgz".length()) + UNPACKED;
        unpack(PackedChart.read(file.content()), directory, depth + 1, to);
      } else {
        to.add(new ChartFile(path, file.content()));
      }
    }
  }

  private static byte[] rewritten(ChartFile file, Set<String> apiVersions) throws IOException {
    byte[] bytes = file.bytes();
    // One character for each byte, so that files that are no text stay what they are.
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String result = text.replace(HOOK, HIDDEN_HOOK);
    if (TEMPLATE.matcher(file.path()).matches()) {
      result = withoutLookup(result);
      if (!apiVersions.isEmpty()) {
        result = HAS.matcher(result).replaceAll(Matcher.quoteReplacement(isOneOf(apiVersions)));
      }
    }
    return result.equals(text) ? bytes : result.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String withoutLookup(String text) {
    if (!text.contains("lookup")) {
      return text;
    }
    StringBuilder result = new StringBuilder();
    Matcher token = IN_ACTION.matcher(text);
    int copied = 0;
    int at = text.indexOf("{{");
    while (at >= 0 && token.find(at)) {
      at = token.end();
      if (token.group().equals("lookup")) {
        result.append(text, copied, token.start()).append(NOTHING_FOUND);
        copied = at;
      } else if (token.group().equals("}}")) {
        at = text.indexOf("{{", at);
      }
    }
    return result.append(text, copied, text.length()).toString();
  }

  private static String isOneOf(Set<String> apiVersions) {
    StringBuilder pattern = new StringBuilder();
    for (String version : apiVersions) {
      pattern.append(pattern.length() == 0 ? "" : "|");
      version.chars().forEach(c -> pattern.append(literal((char) c)));
    }
    return "regexMatch `^(?:" + pattern + ")$`";
  }

  /** Short, since a cluster may have hundreds of versions and a template may ask often. */
  private static String literal(char c) {
    boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || c == '/');
    return plain ? String.valueOf(c) : String.format("\\x{%x}", (int) c);
  }

  /** What Helm printed, as it would be for the chart itself. */
  static String restored(String rendered) {
    return rendered.replace(HIDDEN_HOOK, HOOK);
  }
}
