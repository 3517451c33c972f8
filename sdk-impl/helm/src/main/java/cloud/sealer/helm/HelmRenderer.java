package cloud.sealer.helm;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ChartRenderer;
import cloud.sealer.sdk.spi.TemplateRenderer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What renderers have in common: they differ in the engine. */
abstract class HelmRenderer implements ChartRenderer, TemplateRenderer {
  /** An engine for a session. It is not asked for unless the renderer works on this machine. */
  abstract HelmEngine engine(Path scratch);

  /** What to do if the renderer does not work on this machine. */
  abstract String remedy();

  @Override
  public abstract String name();

  @Override
  public abstract Optional<String> unavailable();

  @Override
  public final ChartRenderer.Session charts(Path scratch) {
    return session(scratch);
  }

  @Override
  public final TemplateRenderer.Session templates(Path scratch) {
    return session(scratch);
  }

  private HelmSession session(Path scratch) {
    Optional<String> reason = unavailable();
    if (reason.isPresent()) {
      throw SealerException.builder(
              ErrorCode.PROVIDER_MISSING, "charts cannot be rendered: " + reason.get())
          .remedy(remedy())
          .build();
    }
    return new HelmSession(engine(scratch));
  }

  static boolean isProgram(Path file) {
    return Files.isExecutable(file) && !Files.isDirectory(file);
  }
}
