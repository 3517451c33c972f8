package cloud.sealer.cli;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.Kubefile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The context and Kubefile that a command line names.
 *
 * @param kubefile the recipe
 * @param context where {@code COPY} takes files from
 */
record Source(Kubefile kubefile, BuildContext context) {

  /**
   * Finds both: the context is a directory, an archive or a vfs location; the Kubefile is the given
   * file, seen from here or else from the context, or {@code Kubefile} or {@code kubefile} in the
   * context.
   */
  static Source find(CommandLine command, String context, @Nullable Path file) {
    if (context.contains("://")) {
      return new Source(
          Kubefile.parse(required(command, context, file)),
          BuildContext.location(URI.create(context)));
    }
    Path path = Path.of(context);
    if (Files.isDirectory(path)) {
      return new Source(
          Kubefile.parse(kubefile(command, path, file)), BuildContext.directory(path));
    }
    if (Files.isRegularFile(path)) {
      return new Source(
          Kubefile.parse(required(command, context, file)), BuildContext.archive(path));
    }
    throw new ParameterException(command, "the context " + context + " does not exist");
  }

  private static Path required(CommandLine command, String context, @Nullable Path file) {
    if (file == null) {
      throw new ParameterException(
          command, "the context " + context + " is no directory: give the Kubefile with -f");
    }
    return file;
  }

  static Path kubefile(CommandLine command, Path context, @Nullable Path file) {
    if (file != null) {
      Path inContext = context.resolve(file);
      return !Files.exists(file) && Files.exists(inContext) ? inContext : file;
    }
    for (String name : new String[] {"Kubefile", "kubefile"}) {
      if (Files.isRegularFile(context.resolve(name))) {
        return context.resolve(name);
      }
    }
    throw new ParameterException(
        command, "there is no Kubefile in " + context + ": give one with -f");
  }
}
