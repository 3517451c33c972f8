package cloud.sealer.kubernetes.clusterfile;

import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.TemplateRenderer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An engine that knows two actions: a variable, and two braces as a text. */
public final class LiteralBraces implements TemplateRenderer {
  private static final Pattern ACTION =
      Pattern.compile("\\{\\{ *(?:\\.(\\w+)|\"(\\{\\{)\"|(.*?)) *}}");

  @Override
  public String name() {
    return "braces";
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public Session templates(Path scratch) {
    return new Session() {
      @Override
      public Map<RootfsPath, String> render(Request request) {
        Map<RootfsPath, String> rendered = new HashMap<>();
        request
            .templates()
            .forEach((path, text) -> rendered.put(path, fill(text, request.environment())));
        return rendered;
      }

      @Override
      public void close() {}
    };
  }

  private static String fill(String text, Map<String, ?> env) {
    return ACTION
        .matcher(text)
        .replaceAll(
            action -> {
              String value =
                  action.group(1) != null
                      ? text(env.get(action.group(1)))
                      : action.group(2) != null ? action.group(2) : "";
              return Matcher.quoteReplacement(value);
            });
  }

  private static String text(Object value) {
    return value instanceof List<?> list
        ? list.toString().replace(",", "")
        : value == null ? "" : value.toString();
  }
}
