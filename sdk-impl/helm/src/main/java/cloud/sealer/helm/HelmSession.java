package cloud.sealer.helm;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ChartRenderer;
import cloud.sealer.sdk.spi.TemplateRenderer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Renders charts and templates with one engine. */
final class HelmSession implements ChartRenderer.Session, TemplateRenderer.Session {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What templates see when no version is known. Helm itself would take what it was compiled with.
   */
  private static final String DEFAULT_KUBERNETES = "v1.34.0";

  private static final Pattern CONSTRAINT = Pattern.compile("(?m)^kubeVersion(?=\\s*:)");

  /**
   * The chart around single templates. Each gives one line with its number and its text in base64.
   */
  private static final String NAME = "files";

  private static final String APPLIED =
      """
      text%d: "{{ tpl (.Files.Get "files/%d") .Values.environment | b64enc }}"
      """;

  private static final Pattern RESULT = Pattern.compile("(?m)^text(\\d+): \"(.*)\"$");
  private static final Pattern NUMBERED = Pattern.compile(NAME + "/templates/(\\d+)\\.yaml:");

  private final HelmEngine engine;

  HelmSession(HelmEngine engine) {
    this.engine = engine;
  }

  @Override
  public List<ChartRenderer.Document> render(ChartRenderer.Request request) {
    try {
      return Manifests.documents(
          engine.template(
              new HelmEngine.Job(
                  request.label(),
                  files(request),
                  request.values().orElse(""),
                  request.kubernetesVersion().orElse(DEFAULT_KUBERNETES),
                  request.apiVersions(),
                  request.timeout())));
    } catch (HelmEngine.RefusedException e) {
      throw HelmProblem.of(String.valueOf(e.getMessage()))
          .exception(request.label())
          .remedy(
              "Give the values that the chart asks for in <chart>.values.yaml beside it; put the charts"
                  + " it depends on into its charts/ with helm dependency build; or mend the template.")
          .build();
    }
  }

  /**
   * Where no version is known, the chart's own constraint cannot be broken and is not looked at.
   */
  private static List<ChartFile> files(ChartRenderer.Request request) {
    List<ChartFile> files = ChartFile.all(request.chart());
    if (request.kubernetesVersion().isEmpty()) {
      files.replaceAll(
          file -> file.path().equals(ChartMetadata.FILE) ? withoutConstraint(file) : file);
    }
    return files;
  }

  private static ChartFile withoutConstraint(ChartFile file) {
    return new ChartFile(
        file.path(),
        () -> {
          String text = new String(file.bytes(), StandardCharsets.UTF_8);
          return new ByteArrayInputStream(
              CONSTRAINT
                  .matcher(text)
                  .replaceFirst("unknownKubeVersion")
                  .getBytes(StandardCharsets.UTF_8));
        });
  }

  /**
   * Makes a chart in which each template is a file, and for each one a real template that applies
   * {@code tpl} to the file with the environment as its root. The result is encoded because Helm
   * wants YAML.
   */
  @Override
  public Map<RootfsPath, String> render(TemplateRenderer.Request request) {
    List<RootfsPath> paths = new ArrayList<>();
    List<ChartFile> chart = new ArrayList<>();
    chart.add(ChartFile.of("Chart.yaml", "{apiVersion: v2, name: " + NAME + ", version: 1.0.0}"));
    new TreeMap<>(request.templates())
        .forEach(
            (path, text) -> {
              int number = paths.size();
              chart.add(ChartFile.of("files/" + number, text));
              chart.add(
                  ChartFile.of("templates/" + number + ".yaml", APPLIED.formatted(number, number)));
              paths.add(path);
            });
    try {
      String printed =
          engine.template(
              new HelmEngine.Job(
                  "templates",
                  chart,
                  values(request),
                  DEFAULT_KUBERNETES,
                  List.of(),
                  request.timeout()));
      return results(printed, paths);
    } catch (HelmEngine.RefusedException e) {
      throw problem(String.valueOf(e.getMessage()), paths);
    }
  }

  private static String values(TemplateRenderer.Request request) {
    try {
      checkValues(request.environment());
      return JSON.writeValueAsString(Map.of("environment", request.environment()));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the environment has a value that is none of ours", e);
    }
  }

  /**
   * Numbers would come out as {@code 1e+06}, because Helm makes all of them floating-point ones.
   */
  private static void checkValues(Object value) {
    if (value instanceof Map<?, ?> map) {
      map.values().forEach(HelmSession::checkValues);
    } else if (value instanceof List<?> list) {
      list.forEach(HelmSession::checkValues);
    } else if (!(value instanceof String || value instanceof Boolean)) {
      throw new IllegalArgumentException("a template sees no values of " + value.getClass());
    }
  }

  private static Map<RootfsPath, String> results(String printed, List<RootfsPath> paths) {
    Map<RootfsPath, String> results = new TreeMap<>();
    Matcher result = RESULT.matcher(printed);
    while (result.find()) {
      byte[] text = Base64.getDecoder().decode(result.group(2));
      results.put(
          paths.get(Integer.parseInt(result.group(1))), new String(text, StandardCharsets.UTF_8));
    }
    if (results.size() != paths.size()) {
      throw SealerException.builder(
              ErrorCode.INTERNAL,
              "Helm gave " + results.size() + " texts for " + paths.size() + " templates")
          .build();
    }
    return results;
  }

  private static SealerException problem(String message, List<RootfsPath> paths) {
    Matcher number = NUMBERED.matcher(message);
    String file =
        number.find() ? paths.get(Integer.parseInt(number.group(1))).value() : "templates";
    return HelmProblem.innermost(message).exception(file).build();
  }

  @Override
  public void close() {
    engine.close();
  }
}
