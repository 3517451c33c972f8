package cloud.sealer.kubernetes.rootfs;

import cloud.sealer.kubernetes.template.Templates;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.TemplateRenderer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of the rootfs that differ from host to host: Go templates below {@code etc}, {@code
 * charts} and {@code manifests} whose name ends with {@code .tmpl}. Each becomes a file without
 * that ending.
 */
public final class HostTemplates {
  private static final String ENDING = ".tmpl";
  private static final List<RootfsPath> DIRECTORIES =
      List.of(RootfsPath.of("etc"), RootfsPath.of("charts"), RootfsPath.of("manifests"));

  private HostTemplates() {}

  /** Whether a file is rendered. */
  public static boolean isTemplate(RootfsPath path) {
    return path.name().endsWith(ENDING)
        && path.name().length() > ENDING.length()
        && DIRECTORIES.stream().anyMatch(path::startsWith);
  }

  /** The file that a template becomes. */
  public static RootfsPath target(RootfsPath template) {
    String path = template.value();
    return RootfsPath.of(path.substring(0, path.length() - ENDING.length()));
  }

  /**
   * Renders the templates for one host.
   *
   * @param session the engine
   * @param templates the text of each template
   * @param env the variables of the host
   * @return the text of each file that the templates become
   * @throws cloud.sealer.sdk.SealerException with {@link cloud.sealer.sdk.ErrorCode#RENDER_FAILED},
   *     naming file and variable, if a variable is not set or a template is wrong
   */
  public static Map<RootfsPath, String> render(
      TemplateRenderer.Session session,
      Map<RootfsPath, String> templates,
      Map<String, List<String>> env) {
    Map<RootfsPath, String> files = new TreeMap<>();
    Templates.render(session, templates, env)
        .forEach((path, text) -> files.put(target(path), text));
    return files;
  }
}
