package cloud.sealer.helm.child;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The program of the child process: renders charts that come in through standard input.
 *
 * <p>It lives in a process of its own because the engine takes over the signals of its process,
 * leaves files in the temporary directory, and reads environment variables. The first argument is a
 * directory that belongs to the child; it is deleted when standard input ends, which it also does
 * when the parent is killed.
 */
public final class ChildMain {
  private static final int BUFFER = 1 << 16;

  private ChildMain() {}

  /** Runs until standard input ends. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
    // Whatever prints must not spoil the protocol.
    System.setOut(System.err);
    PipedInputStream requests = new PipedInputStream(BUFFER);
    PipedOutputStream pump = new PipedOutputStream(requests);
    Thread reader = new Thread(() -> pump(pump, directory), "requests");
    reader.setDaemon(true);
    reader.start();
    try {
      NoCluster.start(directory.resolve("kubeconfig"));
      Helm.version().call();
      out.writeInt(Wire.READY);
      out.flush();
      serve(new DataInputStream(new BufferedInputStream(requests)), out, directory);
    } catch (IOException | RuntimeException | LinkageError e) {
      System.err.println(e);
      end(directory, 1);
    }
  }

  /**
   * Passes standard input on to the thread that renders, so that its end is seen at once, also
   * while a chart takes for ever.
   */
  private static void pump(PipedOutputStream pump, Path directory) {
    try {
      byte[] buffer = new byte[BUFFER];
      for (int n = System.in.read(buffer); n >= 0; n = System.in.read(buffer)) {
        pump.write(buffer, 0, n);
        pump.flush();
      }
    } catch (IOException e) {
      System.err.println(e);
    }
    end(directory, 0);
  }

  private static void serve(DataInputStream in, DataOutputStream out, Path directory)
      throws IOException {
    Path chart = directory.resolve("chart");
    Path values = directory.resolve("values.yaml");
    while (true) {
      String kubernetesVersion = Wire.readText(in);
      Files.writeString(values, Wire.readText(in));
      Files.createDirectories(chart);
      for (int files = in.readInt(); files > 0; files--) {
        Path file = chart.resolve(Wire.readText(in)).normalize();
        if (!file.startsWith(chart)) {
          throw new IOException("not in the chart: " + file);
        }
        Files.createDirectories(file.getParent());
        Files.write(file, Wire.readBytes(in));
      }
      render(chart, values, kubernetesVersion, out);
      Deletion.delete(chart);
    }
  }

  private static void render(
      Path chart, Path values, String kubernetesVersion, DataOutputStream out) throws IOException {
    String text;
    int status = Wire.RENDERED;
    try {
      TemplateCommand command =
          new Helm(chart).template().withName("release").withNamespace("default");
      command.withValuesFile(values);
      if (!kubernetesVersion.isEmpty()) {
        command.withKubeVersion(kubernetesVersion);
      }
      // Null where no template gives anything.
      text = Objects.requireNonNullElse(command.call(), "");
    } catch (RuntimeException e) {
      status = Wire.REFUSED;
      text = String.valueOf(e.getMessage()).replace(chart.getParent() + "/", "");
    }
    out.writeInt(status);
    Wire.write(out, text);
    out.flush();
  }

  /** Not exit: shutdown hooks of the engine's loader would wait for a render that hangs. */
  private static void end(Path directory, int status) {
    try {
      Deletion.delete(directory);
    } catch (IOException e) {
      System.err.println(e);
    }
    Runtime.getRuntime().halt(status);
  }
}
