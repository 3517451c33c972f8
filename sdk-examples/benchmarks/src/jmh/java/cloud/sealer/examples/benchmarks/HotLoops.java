package cloud.sealer.examples.benchmarks;

import cloud.sealer.core.layer.BlobLayer;
import cloud.sealer.core.layer.HashingBlobWriter;
import cloud.sealer.core.layer.LayerWriter;
import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The loops that time goes into. In a folder of its own, since JMH generates code around it that no
 * check of ours passes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.SECONDS)
public class HotLoops {
  private static final int MEGABYTE = 1024 * 1024;
  private static final int LAYER_FILES = 64;

  /** Where files may lie. */
  @Param("unset")
  public String directory = "";

  /** How many manifests are discovered. */
  @Param("1")
  public int manifests;

  /** The length of the Kubefile. */
  @Param("1")
  public int kubefileLines;

  private final byte[] megabyte = new byte[MEGABYTE];
  private final List<FileTree.Entry> entries = new ArrayList<>();
  private String kubefile = "";
  private Sealer sealer;
  private BuildRequest request;

  /** Made by JMH. */
  @SuppressWarnings("NullAway.Init")
  public HotLoops() {}

  /** Makes the inputs. */
  @Setup
  public void prepare() throws IOException {
    new Random(1).nextBytes(megabyte);
    for (int i = 0; i < LAYER_FILES; i++) {
      entries.add(
          FileTree.Entry.file(
              RootfsPath.of("bin/tool-" + i),
              0755,
              MEGABYTE,
              () -> new ByteArrayInputStream(megabyte)));
    }
    kubefile = HotInputs.kubefile(kubefileLines);
    Path context = Files.createDirectories(Path.of(directory, "manifests"));
    for (int i = 0; i < manifests; i++) {
      Files.writeString(context.resolve("app-" + i + ".yaml"), HotInputs.manifest(i));
    }
    sealer = Sealer.builder().store(Path.of(directory, "discovery")).build();
    request =
        BuildRequest.builder()
            .kubefile(Kubefile.parse("FROM scratch\nCOPY . manifests\n"))
            .context(BuildContext.directory(context))
            .name("bench:v1")
            .build();
  }

  /** Ends what {@link #prepare} began. */
  @TearDown
  public void end() {
    sealer.close();
  }

  /** Parses a long Kubefile. */
  @Benchmark
  public Kubefile parse() {
    return Kubefile.parse(kubefile);
  }

  /** Reads many manifests from the disk and finds their images. */
  @Benchmark
  public DiscoveryReport discover() {
    return sealer.builder(BuildMode.LITE).discover(request);
  }

  /** Makes a tar and its digest. */
  @Benchmark
  public Digest tar() {
    return new LayerWriter(Compression.NONE, 0).diffId(entries);
  }

  /** Puts a blob into its layer. */
  @Benchmark
  public Digest hash() throws IOException {
    BlobLayer layer = BlobLayer.of(Digest.sha256("0".repeat(64)), (long) LAYER_FILES * MEGABYTE);
    try (HashingBlobWriter writer = HashingBlobWriter.open(new NowhereWriter(), layer)) {
      for (int i = 0; i < LAYER_FILES; i++) {
        writer.write(megabyte, 0, MEGABYTE);
      }
      return writer.commit();
    }
  }

  /** Forgets what is written. */
  private static final class NowhereWriter implements LayerStore.BlobWriter {
    private long position;

    @Override
    public long position() {
      return position;
    }

    @Override
    public InputStream written() {
      return InputStream.nullInputStream();
    }

    @Override
    public void restart() {
      position = 0;
    }

    @Override
    public void write(ByteBuffer bytes) {
      position += bytes.remaining();
      bytes.position(bytes.limit());
    }

    @Override
    public void commit(Digest digest) {}

    @Override
    public void close() {}
  }
}
