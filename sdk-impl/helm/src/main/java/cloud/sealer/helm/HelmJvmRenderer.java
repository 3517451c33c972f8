package cloud.sealer.helm;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ChartRenderer;
import cloud.sealer.sdk.spi.TemplateRenderer;
import java.nio.file.Files;
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
public final class HelmJvmRenderer implements ChartRenderer, TemplateRenderer {
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

  private static boolean isProgram(Path file) {
    return Files.isExecutable(file) && !Files.isDirectory(file);
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
                  .remedy("add what is missing, or use a helm program")
                  .build();
            });
    return new HelmSession(new ChildEngine(java, options, classPath, scratch));
  }
}
