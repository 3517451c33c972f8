package cloud.sealer.kubernetes.template;

import cloud.sealer.kubernetes.finding.Findings;
import cloud.sealer.kubernetes.template.TemplateNames.Use;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.TemplateRenderer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Renders Go templates with the variables of a host or a cluster. */
public final class Templates {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private Templates() {}

  /** Whether a text has anything to render. */
  public static boolean isTemplate(String text) {
    return text.contains("{{");
  }

  /**
   * Reports each variable that a template needs and that is not set.
   *
   * @param template the text
   * @param set the names of the variables that are set
   * @param findings where the mistakes go
   */
  public static void check(String template, Set<String> set, Findings findings) {
    for (Use use : TemplateNames.needed(template)) {
      if (!set.contains(use.name())) {
        findings.error(
            use.place(),
            "." + use.name(),
            "the template uses the variable " + use.name() + ", which is not set",
            Findings.near(
                use.name(),
                set,
                "set it in env, or write {{ ." + use.name() + " | default \"\" }}"));
      }
    }
  }

  /**
   * Renders templates. A variable with one value is a text, one with several a list.
   *
   * @param session the engine
   * @param templates the text of each
   * @param env the variables
   * @return the rendered texts
   * @throws cloud.sealer.sdk.SealerException with {@link ErrorCode#RENDER_FAILED}, naming template,
   *     line and variable; then none is rendered
   */
  public static Map<RootfsPath, String> render(
      TemplateRenderer.Session session,
      Map<RootfsPath, String> templates,
      Map<String, List<String>> env) {
    Map<RootfsPath, String> rendered = new TreeMap<>(templates);
    rendered.values().removeIf(text -> isTemplate(text));
    Map<RootfsPath, String> rest = new TreeMap<>(templates);
    rest.keySet().removeAll(rendered.keySet());
    rest.forEach(
        (path, text) -> {
          Findings findings = new Findings(path.value());
          check(text, env.keySet(), findings);
          findings.throwIfAny(ErrorCode.RENDER_FAILED);
        });
    if (!rest.isEmpty()) {
      rendered.putAll(
          session.render(new TemplateRenderer.Request(rest, environment(env), TIMEOUT)));
    }
    return rendered;
  }

  /** The variables as templates see them. */
  private static Map<String, Object> environment(Map<String, List<String>> env) {
    Map<String, Object> environment = new LinkedHashMap<>();
    env.forEach(
        (name, values) -> environment.put(name, values.size() == 1 ? values.get(0) : values));
    return environment;
  }
}
