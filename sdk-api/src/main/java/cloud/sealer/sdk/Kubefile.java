package cloud.sealer.sdk;

import cloud.sealer.sdk.spi.KubefileParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The recipe of a cluster image: a base image and the instructions that add to it, in order.
 *
 * <p>A Kubefile is immutable. Two are equal if they have the same instructions; where these stand
 * and how they were laid out does not count. {@link #toString()} gives a text that parses to an
 * equal Kubefile.
 *
 * <pre>{@code
 * Kubefile kubefile = Kubefile.builder()
 *     .from("kubernetes:v1.20.2")
 *     .copy("recommended.yaml", "manifests")
 *     .cmd("kubectl apply -f manifests/recommended.yaml")
 *     .build();
 * }</pre>
 */
public final class Kubefile {
  private final List<Instruction> instructions;

  private Kubefile(List<Instruction> instructions) {
    this.instructions = List.copyOf(instructions);
  }

  /**
   * Reads a Kubefile.
   *
   * @param file the file, in UTF-8
   * @return the Kubefile
   * @throws SealerException with {@link ErrorCode#INVALID_KUBEFILE} and all mistakes as {@linkplain
   *     SealerException#diagnostics() diagnostics}, or if the file cannot be read
   */
  public static Kubefile parse(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (java.nio.charset.CharacterCodingException e) {
      throw SealerException.builder(ErrorCode.INVALID_KUBEFILE, file + " is not UTF-8 text")
          .cause(e)
          .build();
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_KUBEFILE, "cannot read " + file + ": " + reason(e))
          .remedy("give the path of a readable Kubefile")
          .cause(e)
          .build();
    }
    return parse(text, file.toString());
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException
        ? "no such file"
        : String.valueOf(e.getMessage());
  }

  /**
   * Reads a Kubefile from text.
   *
   * @param text the text
   * @return the Kubefile
   * @throws SealerException with {@link ErrorCode#INVALID_KUBEFILE} and all mistakes
   */
  public static Kubefile parse(String text) {
    return parse(text, "Kubefile");
  }

  /**
   * Reads a Kubefile from text that came from somewhere with a name.
   *
   * @param text the text
   * @param file the name to use in positions and messages
   * @return the Kubefile
   * @throws SealerException with {@link ErrorCode#INVALID_KUBEFILE} and all mistakes
   */
  public static Kubefile parse(String text, String file) {
    return ServiceLoader.load(KubefileParser.class, Kubefile.class.getClassLoader())
        .findFirst()
        .orElseThrow(() -> Sealer.missing("Kubefile parser", "sealer-sdk-core"))
        .parse(text, file);
  }

  /**
   * A Kubefile of the given instructions.
   *
   * @param instructions the instructions, in order
   * @return the Kubefile
   * @throws IllegalArgumentException unless there is exactly one {@code FROM} and only {@code ARG}
   *     before it
   */
  public static Kubefile of(List<? extends Instruction> instructions) {
    boolean from = false;
    for (Instruction instruction : instructions) {
      if (instruction instanceof Instruction.From) {
        if (from) {
          throw new IllegalArgumentException("a Kubefile has only one FROM");
        }
        from = true;
      } else if (!from && !(instruction instanceof Instruction.Arg)) {
        throw new IllegalArgumentException(
            "FROM must come first, got \"" + instruction.text() + "\"");
      }
    }
    if (!from) {
      throw new IllegalArgumentException("a Kubefile needs a FROM");
    }
    return new Kubefile(List.copyOf(instructions));
  }

  /**
   * Starts a Kubefile.
   *
   * @return an empty builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * All instructions.
   *
   * @return the instructions in the order of the file
   */
  public List<Instruction> instructions() {
    return instructions;
  }

  /**
   * The {@code FROM} instruction.
   *
   * @return the only one
   */
  public Instruction.From from() {
    return instructions.stream()
        .filter(Instruction.From.class::isInstance)
        .map(Instruction.From.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Kubefile that && toString().equals(that.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /** Returns the instructions in canonical form, one on a line. */
  @Override
  public String toString() {
    return instructions.stream().map(Instruction::text).collect(Collectors.joining("\n", "", "\n"));
  }

  /** Builds a {@link Kubefile} instruction by instruction. Not thread-safe. */
  public static final class Builder {
    private final List<Instruction> instructions = new ArrayList<>();

    private Builder() {}

    /**
     * Adds {@code FROM}.
     *
     * @param image the base image, or {@code scratch}
     * @return this builder
     */
    public Builder from(String image) {
      return add(new Instruction.From(image, null, SourcePosition.NONE));
    }

    /**
     * Adds {@code ARG} without a default.
     *
     * @param name the argument's name
     * @return this builder
     */
    public Builder arg(String name) {
      return add(new Instruction.Arg(name, null, SourcePosition.NONE));
    }

    /**
     * Adds {@code ARG} with a default.
     *
     * @param name the argument's name
     * @param defaultValue the value when the build gives none
     * @return this builder
     */
    public Builder arg(String name, String defaultValue) {
      return add(new Instruction.Arg(name, defaultValue, SourcePosition.NONE));
    }

    /**
     * Adds {@code COPY} of one source.
     *
     * @param source a path or pattern in the context, a URL, or a git repository
     * @param destination the directory in the rootfs
     * @return this builder
     */
    public Builder copy(String source, String destination) {
      return copy(List.of(source), destination);
    }

    /**
     * Adds {@code COPY} of several sources.
     *
     * @param sources paths or patterns in the context, URLs, or git repositories
     * @param destination the directory in the rootfs
     * @return this builder
     */
    public Builder copy(List<String> sources, String destination) {
      return add(new Instruction.Copy(sources, destination, null, SourcePosition.NONE));
    }

    /**
     * Adds {@code RUN}.
     *
     * @param command the shell text, on one line
     * @return this builder
     */
    public Builder run(String command) {
      return add(new Instruction.Run(command, SourcePosition.NONE));
    }

    /**
     * Adds {@code CMD}.
     *
     * @param command the shell text, on one line
     * @return this builder
     */
    public Builder cmd(String command) {
      return add(new Instruction.Cmd(command, SourcePosition.NONE));
    }

    /**
     * Adds any instruction.
     *
     * @param instruction the instruction
     * @return this builder
     */
    public Builder add(Instruction instruction) {
      instructions.add(instruction);
      return this;
    }

    /**
     * Makes the Kubefile.
     *
     * @return the Kubefile
     * @throws IllegalArgumentException unless there is exactly one {@code FROM} and only {@code
     *     ARG} before it
     */
    public Kubefile build() {
      return of(instructions);
    }
  }
}
