package cloud.sealer.kubernetes.clusterfile;

import cloud.sealer.kubernetes.template.Templates;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ClusterfileFormat;
import cloud.sealer.sdk.spi.TemplateRenderer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The Clusterfiles of all releases. */
public final class DefaultClusterfileFormat implements ClusterfileFormat {
  private static final RootfsPath FILE = RootfsPath.of("Clusterfile");

  private final @Nullable TemplateRenderer renderer;

  /** Renders with the engine that is found, which is looked for when a file needs it. */
  public DefaultClusterfileFormat() {
    renderer = null;
  }

  /**
   * Renders with the given engine.
   *
   * @param renderer the engine
   */
  public DefaultClusterfileFormat(TemplateRenderer renderer) {
    this.renderer = Objects.requireNonNull(renderer, "renderer");
  }

  @Override
  public Read read(String text, String file) {
    return ClusterfileReader.read(text, file, this::render);
  }

  @Override
  public String write(ClusterSpec spec) {
    return new ClusterfileWriter().write(spec);
  }

  private String render(String template, Map<String, List<String>> env) {
    TemplateRenderer engine = renderer != null ? renderer : found();
    try {
      Path scratch = Files.createTempDirectory("sealer-clusterfile");
      try (TemplateRenderer.Session session = engine.templates(scratch)) {
        return Objects.requireNonNull(
            Templates.render(session, Map.of(FILE, template), env).get(FILE));
      } finally {
        Files.deleteIfExists(scratch);
      }
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.RENDER_FAILED, "no temporary directory for templates: " + e.getMessage())
          .remedy(
              "check free space and permissions there, or start Java with"
                  + " -Djava.io.tmpdir=DIRECTORY to use another directory")
          .cause(e)
          .build();
    }
  }

  private static TemplateRenderer found() {
    List<TemplateRenderer> all =
        ServiceLoader.load(TemplateRenderer.class, DefaultClusterfileFormat.class.getClassLoader())
            .stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    return all.stream()
        .filter(renderer -> renderer.unavailable().isEmpty())
        .findFirst()
        .or(() -> all.stream().findFirst())
        .orElseThrow(
            () ->
                SealerException.builder(
                        ErrorCode.PROVIDER_MISSING,
                        "the Clusterfile has templates, and nothing renders them")
                    .remedy("add the artifact cloud.sealer:sealer-sdk-helm")
                    .build());
  }
}
