package cloud.sealer.sdk.spi;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A command for a host: a text for its POSIX shell. Executed as root. Immutable.
 *
 * <p>Only {@link #title} is shown in messages and events; the text, the environment and standard
 * input may hold secrets. The environment and standard input do not appear in the host's list of
 * processes.
 */
public final class HostCommand {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

  private final String text;
  private final String title;
  private final @Nullable String directory;
  private final Map<String, String> environment;
  private final FileTree.@Nullable Content stdin;
  private final Duration timeout;

  private HostCommand(Builder builder) {
    text = builder.text;
    title = builder.title;
    directory = builder.directory;
    environment = Collections.unmodifiableMap(new TreeMap<>(builder.environment));
    stdin = builder.stdin;
    timeout = builder.timeout;
  }

  /**
   * Starts a command.
   *
   * @param text the shell text, such as {@code kubeadm init --config "$CONFIG"}
   * @return a builder
   */
  public static Builder builder(String text) {
    return new Builder(text);
  }

  /**
   * A command with nothing but its text, which messages show as it is.
   *
   * @param text the shell text
   * @return the command
   */
  public static HostCommand of(String text) {
    return builder(text).build();
  }

  /**
   * The shell text.
   *
   * @return the text
   */
  public String text() {
    return text;
  }

  /**
   * What messages call it.
   *
   * @return the title; the text if none was set
   */
  public String title() {
    return title;
  }

  /**
   * Where it is executed.
   *
   * @return an absolute path; empty for the root directory
   */
  public Optional<String> directory() {
    return Optional.ofNullable(directory);
  }

  /**
   * The variables it sees beside those of the host.
   *
   * @return names and values, exported
   */
  public Map<String, String> environment() {
    return environment;
  }

  /**
   * What it reads from standard input.
   *
   * @return the bytes; empty for none
   */
  public Optional<FileTree.Content> stdin() {
    return Optional.ofNullable(stdin);
  }

  /**
   * How long it may take.
   *
   * @return the limit, after which it is ended
   */
  public Duration timeout() {
    return timeout;
  }

  /** Returns the title. */
  @Override
  public String toString() {
    return title;
  }

  /** Collects a {@link HostCommand}. Not thread-safe. */
  public static final class Builder {
    private final String text;
    private String title;
    private @Nullable String directory;
    private final Map<String, String> environment = new TreeMap<>();
    private FileTree.@Nullable Content stdin;
    private Duration timeout = DEFAULT_TIMEOUT;

    private Builder(String text) {
      this.text = Objects.requireNonNull(text, "text");
      this.title = text;
    }

    /**
     * Sets what messages call it.
     *
     * @param title a few words without secrets
     * @return this builder
     */
    public Builder title(String title) {
      this.title = Objects.requireNonNull(title, "title");
      return this;
    }

    /**
     * Sets where it is executed.
     *
     * @param path an absolute path on the host
     * @return this builder
     */
    public Builder directory(String path) {
      if (!path.startsWith("/")) {
        throw new IllegalArgumentException("the directory must be absolute, got \"" + path + "\"");
      }
      this.directory = path;
      return this;
    }

    /**
     * Sets a variable.
     *
     * @param name its name: letters, digits and underscores
     * @param value its value, any text without a NUL
     * @return this builder
     */
    public Builder environment(String name, String value) {
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        throw new IllegalArgumentException(
            "a variable's name has letters, digits and underscores, got \"" + name + "\"");
      }
      if (value.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("the value of " + name + " has a NUL");
      }
      environment.put(name, value);
      return this;
    }

    /**
     * Sets what it reads from standard input.
     *
     * @param content the bytes, opened once for each execution
     * @return this builder
     */
    public Builder stdin(FileTree.Content content) {
      this.stdin = Objects.requireNonNull(content, "content");
      return this;
    }

    /**
     * Sets how long it may take.
     *
     * @param limit the limit; 10 minutes by default
     * @return this builder
     */
    public Builder timeout(Duration limit) {
      if (limit.isNegative() || limit.isZero()) {
        throw new IllegalArgumentException("a time limit is positive, got " + limit);
      }
      this.timeout = limit;
      return this;
    }

    /**
     * Makes the command.
     *
     * @return the command
     */
    public HostCommand build() {
      return new HostCommand(this);
    }
  }
}
