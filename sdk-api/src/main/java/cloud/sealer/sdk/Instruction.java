package cloud.sealer.sdk;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One instruction of a {@link Kubefile}.
 *
 * <p>Variables ({@code $name}, {@code ${name}}) stand in the texts as written; they are replaced
 * when the instruction is executed.
 */
public sealed interface Instruction {
  /**
   * Where the instruction stands.
   *
   * @return its position; {@link SourcePosition#NONE} for one made by code
   */
  SourcePosition position();

  /**
   * The instruction as one line of a Kubefile, in canonical form.
   *
   * @return a line that parses to an equal instruction
   */
  String text();

  /**
   * Calls the visitor's method for this kind of instruction.
   *
   * @param visitor what to do for each kind
   * @param <R> the type of the result
   * @return what the visitor returned
   */
  <R> R accept(Visitor<R> visitor);

  /**
   * What to do for each kind of instruction.
   *
   * @param <R> the type of the result
   */
  interface Visitor<R> {
    /**
     * Handles {@code FROM}.
     *
     * @param from the instruction
     * @return the result
     */
    R from(From from);

    /**
     * Handles {@code COPY}.
     *
     * @param copy the instruction
     * @return the result
     */
    R copy(Copy copy);

    /**
     * Handles {@code ARG}.
     *
     * @param arg the instruction
     * @return the result
     */
    R arg(Arg arg);

    /**
     * Handles {@code RUN}.
     *
     * @param run the instruction
     * @return the result
     */
    R run(Run run);

    /**
     * Handles {@code CMD}.
     *
     * @param cmd the instruction
     * @return the result
     */
    R cmd(Cmd cmd);
  }

  /**
   * {@code FROM [--platform=P] IMAGE}: the image to build on, or {@code scratch} for none.
   *
   * @param image the name of the base image, possibly with variables
   * @param platform the platform to take of it, possibly with variables; null for the build's own
   * @param position where it stands
   */
  record From(String image, @Nullable String platform, SourcePosition position)
      implements Instruction {
    /** Checks the parts; what has a variable only as far as it must be one word. */
    public From {
      requireWord(image, "image");
      if (!image.equals("scratch") && image.indexOf('$') < 0) {
        Reference.parse(image, Reference.Defaults.SEALER);
      }
      if (platform != null) {
        requireWord(platform, "platform");
        if (platform.indexOf('$') < 0) {
          Platform.parse(platform);
        }
      }
      Objects.requireNonNull(position, "position");
    }

    @Override
    public String text() {
      return "FROM " + (platform == null ? "" : "--platform=" + platform + " ") + image;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.from(this);
    }
  }

  /**
   * {@code COPY [--checksum=D] SOURCE… DESTINATION}: puts files of the context, of a URL or of a
   * git repository into a directory of the rootfs.
   *
   * @param sources what to copy: paths or patterns in the context, URLs, git repositories
   * @param destination the directory in the rootfs, created if missing
   * @param checksum what the bytes of the only source must hash to; null for no check
   * @param position where it stands
   */
  record Copy(
      List<String> sources, String destination, @Nullable String checksum, SourcePosition position)
      implements Instruction {
    private static final Pattern REMOTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");

    /** Checks and copies the parts. */
    public Copy {
      sources = List.copyOf(sources);
      if (sources.isEmpty()) {
        throw new IllegalArgumentException("COPY needs at least one source");
      }
      for (String source : sources) {
        requireText(source, "source");
        if (goesUp(source) && !isRemote(source)) {
          throw outside(source);
        }
      }
      requireText(destination, "destination");
      if (goesUp(destination)) {
        throw outside(destination);
      }
      if (checksum != null) {
        Digest.parse(checksum);
        if (sources.size() > 1) {
          throw new IllegalArgumentException("a checksum is for one source, got " + sources.size());
        }
      }
      Objects.requireNonNull(position, "position");
    }

    @Override
    public String text() {
      StringBuilder line = new StringBuilder("COPY ");
      if (checksum != null) {
        line.append("--checksum=").append(checksum).append(' ');
      }
      boolean plain =
          isPlain(destination)
              && sources.stream().allMatch(Copy::isPlain)
              && !sources.get(0).startsWith("[");
      if (plain) {
        sources.forEach(source -> line.append(source).append(' '));
        return line.append(destination).toString();
      }
      line.append('[');
      sources.forEach(source -> line.append(quoted(source)).append(", "));
      return line.append(quoted(destination)).append(']').toString();
    }

    private static boolean isRemote(String source) {
      return source.startsWith("git@") || REMOTE.matcher(source).lookingAt();
    }

    private static boolean goesUp(String path) {
      return path.contains("..") && ("/" + path + "/").contains("/../");
    }

    private static IllegalArgumentException outside(String path) {
      return new IllegalArgumentException("path must not contain \"..\": \"" + path + "\"");
    }

    private static boolean isPlain(String word) {
      return !word.startsWith("--")
          && !word.startsWith("<<")
          && word.chars()
              .noneMatch(c -> Character.isWhitespace(c) || c == '"' || c == '\\' || c < ' ');
    }

    private static String quoted(String word) {
      StringBuilder text = new StringBuilder("\"");
      word.chars()
          .forEach(
              c -> {
                if (c == '"' || c == '\\') {
                  text.append('\\').append((char) c);
                } else if (c < ' ') {
                  text.append(String.format("\\u%04x", c));
                } else {
                  text.append((char) c);
                }
              });
      return text.append('"').toString();
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.copy(this);
    }
  }

  /**
   * {@code ARG NAME[=DEFAULT]}: declares a build argument.
   *
   * @param name letters, digits and underscores
   * @param defaultValue the value when the build gives none; null for unset
   * @param position where it stands
   */
  record Arg(String name, @Nullable String defaultValue, SourcePosition position)
      implements Instruction {
    /** Checks the parts. */
    public Arg {
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        throw new IllegalArgumentException("bad argument name \"" + name + "\"");
      }
      if (defaultValue != null) {
        requireLine(defaultValue, "default value");
      }
      Objects.requireNonNull(position, "position");
    }

    @Override
    public String text() {
      return "ARG " + name + (defaultValue == null ? "" : "=" + defaultValue);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.arg(this);
    }
  }

  /**
   * {@code RUN COMMAND}: executes a shell command in the rootfs while building.
   *
   * @param command the shell text, possibly with variables
   * @param position where it stands
   */
  record Run(String command, SourcePosition position) implements Instruction {
    /** Checks the parts. */
    public Run {
      requireCommand(command);
      Objects.requireNonNull(position, "position");
    }

    @Override
    public String text() {
      return "RUN " + command;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.run(this);
    }
  }

  /**
   * {@code CMD COMMAND}: records a shell command that starts with the cluster.
   *
   * @param command the shell text, possibly with variables
   * @param position where it stands
   */
  record Cmd(String command, SourcePosition position) implements Instruction {
    /** Checks the parts. */
    public Cmd {
      requireCommand(command);
      Objects.requireNonNull(position, "position");
    }

    @Override
    public String text() {
      return "CMD " + command;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.cmd(this);
    }
  }

  private static void requireText(String text, String what) {
    if (text.isBlank()) {
      throw new IllegalArgumentException(what + " must not be blank");
    }
    requireNoNul(text, what);
  }

  private static void requireNoNul(String text, String what) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(what + " must not contain NUL");
    }
  }

  private static void requireWord(String text, String what) {
    requireText(text, what);
    boolean foreign = text.chars().anyMatch(c -> Character.isWhitespace(c) || c == '\\');
    if (foreign || text.startsWith("--")) {
      throw new IllegalArgumentException(
          what + " must be one word without backslashes and leading --: \"" + text + "\"");
    }
  }

  private static void requireCommand(String command) {
    requireText(command, "command");
    requireLine(command, "command");
    if (command.startsWith("--") || command.startsWith("[\"")) {
      throw new IllegalArgumentException(
          "command must be shell text, without flags and not a JSON array: \"" + command + "\"");
    }
  }

  private static void requireLine(String text, String what) {
    requireNoNul(text, what);
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw new IllegalArgumentException(what + " must be one line: \"" + text + "\"");
    }
    if (!text.equals(text.strip())) {
      throw new IllegalArgumentException(
          what + " must not start or end with a blank: \"" + text + "\"");
    }
    int slashes = text.length();
    while (slashes > 0 && text.charAt(slashes - 1) == '\\') {
      slashes--;
    }
    if (text.length() - slashes == 1) {
      throw new IllegalArgumentException(
          what
              + " must not end with a single backslash, which continues the line: \""
              + text
              + "\"");
    }
  }
}
