package cloud.sealer.core.layer;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.core.store.StoreProcess;
import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZstdMissingIT {
  @TempDir Path directory;

  @Test
  void anApplicationWithoutZstdIsToldWhatToAdd() throws Exception {
    String classPath =
        Arrays.stream(StoreProcess.classPath().split(File.pathSeparator))
            .filter(entry -> !entry.contains("zstd-jni"))
            .collect(Collectors.joining(File.pathSeparator));
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                ZstdMissingIT.class.getName(),
                directory.resolve("store").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(output))
        .contains(
            "written: PROVIDER_MISSING", "read: PROVIDER_MISSING", "com.github.luben:zstd-jni");
  }

  public static void main(String[] args) throws Exception {
    byte[] zstd = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0};
    try (LayerFixture layers = new LayerFixture(Path.of(args[0]))) {
      layers.write(Compression.GZIP, LayerFixture.file("f", "gzip needs no library"));
      print("written", () -> layers.write(Compression.ZSTD, LayerFixture.file("f", "text")));
      var layer = layers.store(zstd);
      print("read", () -> new LayerReader(layers.store).read(layer, null, n -> {}, (e, in) -> {}));
    }
  }

  private static void print(String what, Runnable work) {
    try {
      work.run();
    } catch (SealerException e) {
      ErrorCode code = e.code();
      System.out.println(what + ": " + code + " " + e.getMessage() + " " + e.remedy());
    }
  }
}
