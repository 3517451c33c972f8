package cloud.sealer.examples.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One way to do a piece of work: a shell command, started as a process of its own.
 *
 * @param name what the table calls it
 * @param needs the programs it uses; none if it is ours, which has to succeed
 * @param prepare a shell command before each run that is not measured; may be empty
 * @param command the shell command that is measured
 * @param environment what is added to its environment
 */
record Contender(
    String name,
    List<String> needs,
    String prepare,
    String command,
    Map<String, String> environment) {
  /** The virtual machine that runs this. */
  static final String JAVA = System.getProperty("java.home") + "/bin/java";

  /** A command of programs that may be absent. */
  static Contender of(String name, List<String> needs, String prepare, String command) {
    return new Contender(name, needs, prepare, command, Map.of());
  }

  /**
   * A main class of this class path, in a virtual machine of its own like this one.
   *
   * @param name what the table calls it
   * @param needs the programs it uses
   * @param prepare a shell command before each run
   * @param main the class
   * @param arguments its arguments, for the shell
   */
  static Contender ofMain(
      String name, List<String> needs, String prepare, Class<?> main, String arguments) {
    return new Contender(
        name,
        needs,
        prepare,
        '"'
            + JAVA
            + "\" -XX:+UseSerialGC $SEALER_JAVA_OPTS -cp \"$CP\" "
            + main.getName()
            + " "
            + arguments,
        Map.of("CP", System.getProperty("java.class.path")));
  }

  /** The same when more was done before. */
  Contender after(String command) {
    String first = prepare.isEmpty() ? "" : prepare + "; ";
    return new Contender(name, needs, first + command, this.command, environment);
  }

  /** The same with options for the Java virtual machine of our program. */
  Contender withOptions(String options) {
    Map<String, String> more = new TreeMap<>(environment);
    more.put("SEALER_JAVA_OPTS", options);
    return new Contender(name, needs, prepare, command, Map.copyOf(more));
  }
}
