package cloud.sealer.helm;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Renders with the Helm engine of helm-java, which is part of this SDK and needs nothing installed.
 *
 * <p>The engine never comes into this JVM: each session has one child process, started with the
 * {@code java} this JVM runs on.
 */
public final class HelmJvmRenderer extends HelmRenderer {
  private final Path java;
  private final List<String> options;
  private final ChildClassPath classPath;

  /** A renderer with the {@code java} of this JVM. */
  public HelmJvmRenderer() {
    this(Path.of(System.getProperty("java.home", ""), "bin", "java"), List.of());
  }

  /**
   * A renderer with another Java, or with other limits.
   *
   * @param java the {@code java} program, at least of version 17
   * @param options options for it, such as {@code -Xmx1g}
   */
  public HelmJvmRenderer(Path java, List<String> options) {
    this.java = java;
    this.options = List.copyOf(options);
    this.classPath = new ChildClassPath(HelmJvmRenderer.class.getClassLoader());
  }

  @Override
  public String name() {
    return "helm-jvm";
  }

  @Override
  public Optional<String> unavailable() {
    @Nullable String missing = classPath.missing();
    if (missing == null && !isProgram(java) && !isProgram(Path.of(java + ".exe"))) {
      missing = "there is no program " + java + " to run the Helm engine with";
    }
    return Optional.ofNullable(missing);
  }

  @Override
  HelmEngine engine(Path scratch) {
    return new ChildEngine(java, options, classPath, scratch);
  }

  @Override
  String remedy() {
    return "add what is missing, or use a helm program";
  }
}
