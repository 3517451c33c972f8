package cloud.sealer.helm;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ChartRenderer;
import cloud.sealer.sdk.spi.TemplateRenderer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Renders with a {@code helm} program of the user, version 3.8 or later; for platforms that {@link
 * HelmJvmRenderer} has no engine for, or to render with exactly the Helm that will install.
 *
 * <p>The program sees nothing of the user's environment and configuration.
 */
public final class HelmProgramRenderer implements ChartRenderer, TemplateRenderer {
  private final Path program;

  /**
   * A renderer.
   *
   * @param program the {@code helm} program
   */
  public HelmProgramRenderer(Path program) {
    this.program = Objects.requireNonNull(program, "program");
  }

  @Override
  public String name() {
    return "helm-program";
  }

  @Override
  public Optional<String> unavailable() {
    return Files.isExecutable(program) && !Files.isDirectory(program)
        ? Optional.empty()
        : Optional.of(program + " is no program");
  }

  @Override
  public ChartRenderer.Session charts(Path scratch) {
    return session(scratch);
  }

  @Override
  public TemplateRenderer.Session templates(Path scratch) {
    return session(scratch);
  }

  private HelmSession session(Path scratch) {
    unavailable()
        .ifPresent(
            reason -> {
              throw SealerException.builder(
                      ErrorCode.PROVIDER_MISSING, "charts cannot be rendered: " + reason)
                  .remedy("give the path of a helm program")
                  .build();
            });
    return new HelmSession(new ProgramEngine(program, scratch));
  }
}
