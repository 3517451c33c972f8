package cloud.sealer.helm;

import cloud.sealer.sdk.spi.ChartRenderer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes apart what {@code helm template} prints. */
final class Manifests {
  private static final Pattern SEPARATOR = Pattern.compile("(?m)^---[ \\t]*$");
  private static final Pattern SOURCE = Pattern.compile("(?m)\\A\\s*# Source: (.+)$");

  private Manifests() {}

  /** The documents. One without the comment that names its template belongs to the one before. */
  static List<ChartRenderer.Document> documents(String printed) {
    List<ChartRenderer.Document> documents = new ArrayList<>();
    String template = "";
    for (String part : SEPARATOR.split(printed)) {
      String text = part;
      // Two in a row where one of ours stands in a document: the inner one is right.
      for (Matcher source = SOURCE.matcher(text); source.find(); source = SOURCE.matcher(text)) {
        template = source.group(1).strip();
        text = text.substring(source.end());
      }
      if (!text.isBlank()) {
        documents.add(new ChartRenderer.Document(template, text.strip() + "\n"));
      }
    }
    return documents;
  }
}
