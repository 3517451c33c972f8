package cloud.sealer.core.image;

import cloud.sealer.sdk.ClusterImage;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What sealer since 0.9 says of its images, in annotations of an ordinary OCI manifest: the
 * container images, the applications in {@code application/apps}, and which of them, or which
 * commands, start with the cluster.
 */
final class SealerExtension {
  static final String ANNOTATION = "sealer.image.extension";

  private static final String IMAGES = "sealer.image.container.images";
  private static final String APPS = "application/apps/";
  private static final String KUBERNETES_RANGE = "app.alpha.sealer.io/supported-kube-version";

  private SealerExtension() {}

  /**
   * What the annotation says.
   *
   * @param annotations the annotations of the manifest, which have it
   * @param other what the other annotations say
   * @param where names the manifest in errors
   */
  static ClusterImage.Metadata read(
      Map<String, String> annotations, ClusterImage.Metadata other, String where) {
    JsonNode extension = json(annotations, ANNOTATION, where);
    String range = extension.path("labels").path(KUBERNETES_RANGE).asText("");
    return other.toBuilder()
        .args(OciJson.readMap(extension.path("env")))
        .commands(commands(extension))
        .kubernetesRange(range.isEmpty() ? null : range)
        .namedImages(images(json(annotations, IMAGES, where)))
        .build();
  }

  private static JsonNode json(Map<String, String> annotations, String name, String where) {
    try {
      return OciJson.MAPPER.readTree(annotations.getOrDefault(name, ""));
    } catch (JsonProcessingException e) {
      throw OciJson.unsupported(where + " has no JSON in " + name, e);
    }
  }

  /** A list of {@code {image, appName, platform}}. */
  private static List<String> images(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.forEach(entry -> names.add(entry.path("image").asText().strip()));
    names.removeIf(String::isEmpty);
    return names;
  }

  private static List<String> commands(JsonNode extension) {
    List<String> commands = texts(extension.path("launch").path("cmds"));
    if (!commands.isEmpty()) {
      return commands;
    }
    Map<String, JsonNode> applications = new TreeMap<>();
    extension
        .path("applications")
        .forEach(application -> applications.put(application.path("name").asText(), application));
    for (String name : texts(extension.path("launch").path("app_names"))) {
      JsonNode application = applications.get(name);
      if (application != null) {
        commands.addAll(launch(name, application));
      }
    }
    return commands;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    texts.removeIf(String::isBlank);
    return texts;
  }

  /** How an application starts: by its own commands, in its directory, or as its type does. */
  private static List<String> launch(String name, JsonNode application) {
    String directory = APPS + name;
    List<String> own = texts(application.path("cmds"));
    if (!own.isEmpty()) {
      String text = "cd " + quoted(directory) + " && " + String.join(" && ", own);
      return List.of("(" + environment(application) + text + ")");
    }
    List<String> files =
        texts(application.path("files")).stream()
            .map(file -> directory + "/" + file.substring(file.lastIndexOf('/') + 1))
            .toList();
    String text =
        switch (application.path("type").asText()) {
          case "kube" -> forEach("kubectl apply -f ", files);
          case "shell" -> forEach("bash ", files);
          case "helm" -> "helm install " + quoted(name) + " " + quoted(chart(directory, files));
          default -> "";
        };
    return text.isEmpty() ? List.of() : List.of(environment(application) + text);
  }

  private static String forEach(String command, List<String> files) {
    return files.stream().map(file -> command + quoted(file)).collect(Collectors.joining(" && "));
  }

  /** The files of a chart lie in the directory of the application, or the chart is one of them. */
  private static String chart(String directory, List<String> files) {
    boolean scattered = files.stream().anyMatch(file -> file.endsWith("/Chart.yaml"));
    return scattered || files.isEmpty() ? directory : files.get(0);
  }

  private static String environment(JsonNode application) {
    return OciJson.readMap(application.path("env")).entrySet().stream()
        .filter(entry -> entry.getKey().matches("[A-Za-z_][A-Za-z0-9_]*"))
        .map(entry -> "export " + entry.getKey() + "=" + quoted(entry.getValue()) + "; ")
        .collect(Collectors.joining());
  }

  private static String quoted(String word) {
    return word.matches("[\\w./:@-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
