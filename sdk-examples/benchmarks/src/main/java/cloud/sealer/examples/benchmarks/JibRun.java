package cloud.sealer.examples.benchmarks;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import java.nio.file.Path;

/**
 * A build by jib-core as a program of its own: an image from scratch with one layer, of the files
 * of a directory, with everything else as jib-core has it by default.
 */
final class JibRun {
  private JibRun() {}

  /**
   * Builds an image.
   *
   * @param args {@code tar} and the file to write, or {@code push} and the name in a registry that
   *     may be asked over plain HTTP; the directory, which the image has at its root under the same
   *     name; and the directory of jib-core's caches
   * @throws Exception if jib-core fails
   */
  public static void main(String[] args) throws Exception {
    Containerizer target =
        switch (args[0]) {
          case "tar" -> Containerizer.to(TarImage.at(Path.of(args[1])).named("bench:v1"));
          case "push" ->
              Containerizer.to(RegistryImage.named(args[1])).setAllowInsecureRegistries(true);
          default -> throw new IllegalArgumentException(args[0]);
        };
    Path directory = Path.of(args[2]);
    Path cache = Path.of(args[3]);
    Jib.fromScratch()
        .addFileEntriesLayer(
            FileEntriesLayer.builder()
                .addEntryRecursive(
                    directory, AbsoluteUnixPath.get("/").resolve(directory.getFileName()))
                .build())
        .containerize(target.setBaseImageLayersCache(cache).setApplicationLayersCache(cache));
  }
}
