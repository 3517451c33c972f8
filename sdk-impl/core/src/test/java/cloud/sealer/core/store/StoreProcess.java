package cloud.sealer.core.store;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.spi.LayerStore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdCompressCtx;
import com.google.common.hash.Hashing;
import com.google.common.util.concurrent.internal.InternalFutureFailureAccess;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.io.IOUtils;
import org.apache.commons.lang3.StringUtils;
import org.slf4j.LoggerFactory;

/** What another process does with a store; and how a test starts that process. */
public final class StoreProcess implements AutoCloseable {
  private final Process process;

  private StoreProcess(Process process) {
    this.process = process;
  }

  /** The code that writing layers into a store needs; test launchers have loaders of their own. */
  public static String classPath() {
    return Stream.of(
            StoreProcess.class,
            OciLayerStore.class,
            Digest.class,
            Hashing.class,
            InternalFutureFailureAccess.class,
            ObjectMapper.class,
            JsonFactory.class,
            JsonProperty.class,
            LoggerFactory.class,
            ZstdCompressCtx.class,
            TarArchiveEntry.class,
            StringUtils.class,
            IOUtils.class)
        .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
        .map(location -> Path.of(URI.create(location.toString())).toString())
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  static StoreProcess start(Path store, String... work) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-cp", classPath(), StoreProcess.class.getName()));
    command.add(store.toString());
    command.addAll(List.of(work));
    return new StoreProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Waits until the process says so. */
  void await(String line) throws IOException {
    StringBuilder said = new StringBuilder();
    for (int c = process.getInputStream().read(); c >= 0; c = process.getInputStream().read()) {
      if (c != '\n') {
        said.append((char) c);
      } else if (said.toString().equals(line)) {
        return;
      } else {
        said.setLength(0);
      }
    }
    throw new IOException("the process ended with \"" + said + "\" instead of saying " + line);
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(30, TimeUnit.SECONDS);
  }

  int end() throws InterruptedException {
    return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] args) throws Exception {
    try (OciLayerStore store = new OciLayerStore(Path.of(args[0]));
        LayerStore.Session session = store.session()) {
      switch (args[1]) {
        case "write-and-hang" -> {
          Files.writeString(session.scratch().resolve("file"), "x");
          OciLayerStoreTest.put(session, "claimed");
          LayerStore.BlobWriter writer = session.write("key");
          writer.write(ByteBuffer.wrap("first ".getBytes(StandardCharsets.UTF_8)));
          System.out.println("ready");
          Thread.sleep(60_000);
        }
        case "prune" -> {
          store.prune(Set.of());
          System.out.println("pruned");
          session.write("key").close();
          System.out.println("written");
        }
        case "commit" -> {
          for (int i = 0; i < 50; i++) {
            OciLayerStoreTest.put(session, "blob " + i);
            store.putName(
                args[2] + i,
                new Descriptor(MediaType.OCI_INDEX, OciLayerStoreTest.digest("blob " + i), 1));
          }
        }
        default -> throw new IllegalArgumentException(args[1]);
      }
    }
  }
}
