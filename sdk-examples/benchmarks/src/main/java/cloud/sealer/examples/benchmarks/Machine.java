package cloud.sealer.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names the machine, so that seconds mean something. */
final class Machine {
  private Machine() {}

  static String describe() throws IOException {
    String processors = Runtime.getRuntime().availableProcessors() + " cores";
    Path info = Path.of("/proc/cpuinfo");
    if (Files.isReadable(info)) {
      String text = Files.readString(info);
      String model = field(text, "model name");
      processors += " of " + (model.isEmpty() ? System.getProperty("os.arch") : model);
      processors += field(text, "flags").contains("sha_ni") ? " with" : " without";
      processors += " SHA instructions";
    }
    return "Measured on "
        + processors
        + ", "
        + System.getProperty("os.name")
        + ", Java "
        + Runtime.version().feature()
        + ". Medians of whole processes, the start of the JVM included, unless a line says warm.";
  }

  private static String field(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("");
  }
}
