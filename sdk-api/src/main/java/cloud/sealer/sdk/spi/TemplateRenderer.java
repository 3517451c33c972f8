package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.RootfsPath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Fills in the {@code .tmpl} files of a rootfs: Go templates with the functions that Helm gives to
 * charts. Thread-safe.
 */
public interface TemplateRenderer {
  /**
   * The name users choose it by.
   *
   * @return a short lower-case word
   */
  String name();

  /**
   * Why it does not work on this machine.
   *
   * @return one sentence that says what to do; empty if it works
   */
  Optional<String> unavailable();

  /**
   * Starts a piece of work on any number of templates.
   *
   * @param scratch an existing directory for temporary files; nothing of ours is left in it after
   *     {@link Session#close}
   * @return a session, to be closed by the caller
   * @throws cloud.sealer.sdk.SealerException with {@link
   *     cloud.sealer.sdk.ErrorCode#PROVIDER_MISSING} if it does not work on this machine
   */
  Session templates(Path scratch);

  /** Renders templates, one call after the other. Not thread-safe. */
  interface Session extends AutoCloseable {
    /**
     * Renders templates with the same environment. Each stands alone: none sees what another
     * defines.
     *
     * @param request the templates
     * @return the rendered text of each
     * @throws cloud.sealer.sdk.SealerException with {@link
     *     cloud.sealer.sdk.ErrorCode#RENDER_FAILED} if a template cannot be rendered, naming it,
     *     and the line where known
     */
    Map<RootfsPath, String> render(Request request);

    /** Ends all processes of the session and removes its temporary files. */
    @Override
    void close();
  }

  /**
   * Templates and their environment.
   *
   * @param templates the text of each template
   * @param environment what {@code .} is: each value a {@link String} or {@link Boolean}, or a
   *     {@link java.util.List} or {@link Map} of such; numbers are texts. A name that is not in it
   *     gives the empty text
   * @param timeout how long all may take
   */
  record Request(Map<RootfsPath, String> templates, Map<String, ?> environment, Duration timeout) {
    /** Copies the maps. */
    public Request {
      templates = Map.copyOf(templates);
      environment = Map.copyOf(environment);
      Objects.requireNonNull(timeout, "timeout");
    }
  }
}
