package cloud.sealer.core.kubefile;

import cloud.sealer.core.finding.Diagnostics;
import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Instruction;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.SourcePosition;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The build arguments that are declared at some place of a Kubefile, and their values. Immutable.
 *
 * <pre>{@code
 * Variables variables = Variables.of(request.buildArgs());
 * for (Instruction instruction : kubefile.instructions()) {
 *   variables = variables.after(instruction);
 *   … variables.substitute(run.command(), run) …
 * }
 * }</pre>
 */
public final class Variables {
  private final Map<String, String> buildArgs;
  private final SortedMap<String, Optional<String>> defaults;

  private Variables(Map<String, String> buildArgs, SortedMap<String, Optional<String>> defaults) {
    this.buildArgs = buildArgs;
    this.defaults = defaults;
  }

  /** What holds before the first instruction: no argument is declared. */
  public static Variables of(Map<String, String> buildArgs) {
    return new Variables(Map.copyOf(buildArgs), new TreeMap<>());
  }

  /**
   * What is wrong with build arguments that no {@code ARG} declares: they have no effect.
   *
   * @return a warning for each, without its value, sorted by name
   */
  public static List<Diagnostic> undeclared(Kubefile kubefile, Set<String> buildArgs) {
    Set<String> declared =
        kubefile.instructions().stream()
            .filter(Instruction.Arg.class::isInstance)
            .map(instruction -> ((Instruction.Arg) instruction).name())
            .collect(Collectors.toSet());
    SourcePosition place = new SourcePosition(kubefile.from().position().file(), 0, 0);
    return buildArgs.stream()
        .filter(name -> !declared.contains(name))
        .sorted()
        .map(
            name ->
                new Diagnostic(
                    Diagnostic.Severity.WARNING,
                    place,
                    name,
                    "build argument "
                        + Diagnostics.quote(name)
                        + " matches no ARG and has no effect",
                    "add a line ARG " + name + ", or do not give it"))
        .toList();
  }

  /** What holds after an instruction; only {@code ARG} changes anything. */
  public Variables after(Instruction instruction) {
    if (!(instruction instanceof Instruction.Arg arg)) {
      return this;
    }
    SortedMap<String, Optional<String>> more = new TreeMap<>(defaults);
    Optional<String> value = Optional.ofNullable(arg.defaultValue());
    more.merge(arg.name(), value, (old, later) -> later.isPresent() ? later : old);
    return new Variables(buildArgs, more);
  }

  /** The names declared by now. */
  public Set<String> declared() {
    return Collections.unmodifiableSet(defaults.keySet());
  }

  /**
   * The value of a declared argument: that of the build, else the default.
   *
   * @return the value, which may be a secret; empty if unset or not declared
   */
  public Optional<String> value(String name) {
    Optional<String> byDefault = defaults.get(name);
    if (byDefault == null) {
      return Optional.empty();
    }
    String given = buildArgs.get(name);
    return given != null ? Optional.of(given) : byDefault;
  }

  /** The defaults of the arguments declared by now; never a value the build was given. */
  public SortedMap<String, String> declaredDefaults() {
    SortedMap<String, String> result = new TreeMap<>();
    defaults.forEach((name, value) -> value.ifPresent(text -> result.put(name, text)));
    return result;
  }

  /**
   * Replaces the variables of a text: {@code $x}, <code>${x}</code>, <code>${x:-d}</code>, <code>
   * ${x:+a}
   * </code> and <code>${x:?m}</code> of declared names. What stands for a variable is not searched
   * again.
   *
   * @param text a part of the instruction, such as its command or one source
   * @param where the instruction, which tells whether the text is for a shell, and where it stands
   * @throws cloud.sealer.sdk.SealerException with {@code INVALID_KUBEFILE} if a variable that must
   *     be set is unset or empty
   */
  public Substitution substitute(String text, Instruction where) {
    boolean shell = where instanceof Instruction.Run || where instanceof Instruction.Cmd;
    Map<Integer, VariableSyntax.Variable> variables = VariableSyntax.find(text, shell);
    SortedSet<String> used = new TreeSet<>();
    StringBuilder result = new StringBuilder(text.length());
    Deque<Integer> braces = new ArrayDeque<>();
    for (int i = 0; i < text.length(); ) {
      VariableSyntax.Variable variable = variables.get(i);
      Integer brace = braces.peek();
      if (brace != null && brace == i) {
        braces.pop();
        i++;
      } else if (variable == null || !defaults.containsKey(variable.name())) {
        result.append(text.charAt(i++));
      } else {
        used.add(variable.name());
        String value = value(variable.name()).orElse("");
        if (takesWord(variable, value, text, where)) {
          braces.push(variable.close());
          i = variable.word();
        } else {
          result.append(variable.operator() == '+' ? "" : value);
          i = variable.end();
        }
      }
    }
    return new Substitution(result.toString(), used);
  }

  /** Whether the text within the braces stands for the variable, rather than its value. */
  private static boolean takesWord(
      VariableSyntax.Variable variable, String value, String text, Instruction where) {
    if (variable.operator() == '?' && value.isEmpty()) {
      String reason = text.substring(variable.word(), variable.close()).strip();
      throw Diagnostics.exception(
          ErrorCode.INVALID_KUBEFILE,
          List.of(
              Diagnostics.of(
                  Diagnostic.Severity.ERROR,
                  where.position(),
                  where.text(),
                  "argument "
                      + Diagnostics.quote(variable.name())
                      + " must be set"
                      + (reason.isEmpty() ? "" : ": " + reason),
                  "give the build argument " + variable.name() + ", or a default in its ARG")));
    }
    return switch (variable.operator()) {
      case '-' -> value.isEmpty();
      case '+' -> !value.isEmpty();
      default -> false;
    };
  }

  /** Returns the declared names only, since values may be secrets. */
  @Override
  public String toString() {
    return "Variables" + defaults.keySet();
  }
}
