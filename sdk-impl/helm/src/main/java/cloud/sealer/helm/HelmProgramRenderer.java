package cloud.sealer.helm;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Renders with a {@code helm} program of the user, version 3.8 or later; for platforms that {@link
 * HelmJvmRenderer} has no engine for, or to render with exactly the Helm that will install.
 *
 * <p>The program sees nothing of the user's environment and configuration.
 */
public final class HelmProgramRenderer extends HelmRenderer {
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
    return isProgram(program) ? Optional.empty() : Optional.of(program + " is no program");
  }

  @Override
  HelmEngine engine(Path scratch) {
    return new ProgramEngine(program, scratch);
  }

  @Override
  String remedy() {
    return "give the path of a helm program";
  }
}
