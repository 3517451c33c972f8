package cloud.sealer.helm;

import cloud.sealer.helm.child.Wire;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The process in which the Helm engine runs, with a directory of its own. Not thread-safe.
 *
 * <p>It gets none of our environment, so that no configuration of the user's cluster reaches the
 * engine. It ends when it is closed, and by itself when this JVM is gone. After any failure it is
 * of no more use.
 */
final class ChildProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration END = Duration.ofSeconds(5);

  private final TemporaryDirectory directory;
  private final Process process;
  private final DataOutputStream out;
  private final DataInputStream in;
  private final BoundedText errors = new BoundedText();
  private final ExecutorService threads;

  /** Talks to the child. */
  @FunctionalInterface
  interface Exchange<T> {
    /** Sends and receives. */
    T with(DataOutputStream out, DataInputStream in) throws IOException;
  }

  /**
   * Starts the process and waits until it has loaded the engine.
   *
   * @param java the program
   * @param options options for the JVM, beside our own
   * @param scratch where to make its directory
   */
  ChildProcess(Path java, List<String> options, ChildClassPath classPath, Path scratch) {
    directory = TemporaryDirectory.in(scratch);
    try {
      process = start(java, options, classPath);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
    out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
    in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    threads = Executors.newCachedThreadPool(daemons());
    threads.execute(() -> errors.drain(process.getErrorStream()));
    try {
      exchange("start of the Helm engine", START, ChildProcess::awaitReady);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static ThreadFactory daemons() {
    return task -> {
      Thread thread = new Thread(task, "sealer-helm");
      thread.setDaemon(true);
      return thread;
    };
  }

  private static boolean awaitReady(DataOutputStream out, DataInputStream in) throws IOException {
    if (in.readInt() != Wire.READY) {
      throw new IOException("it does not speak our protocol");
    }
    return true;
  }

  private Process start(Path java, List<String> options, ChildClassPath classPath) {
    Path own = directory.path();
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            // Both would leave files outside of the child's directory.
            "-XX:-UsePerfData",
            "-XX:ErrorFile=" + own.resolve("crash.log"),
            "-Dfile.encoding=UTF-8",
            "-Djava.io.tmpdir=" + own,
            "-Djna.tmpdir=" + own,
            "-Djna.nosys=true",
            "-Duser.home=" + own,
            // Otherwise helm-java downloads a missing engine.
            "-Dcom.marcnuri.jkube-helm.skipRemoteJar=true"));
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(options);
    command.addAll(List.of("-cp", classPath.value(own), "cloud.sealer.helm.child.ChildMain"));
    command.add(own.toString());
    ProcessBuilder builder = new ProcessBuilder(command).directory(own.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment(own));
    try {
      return builder.start();
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.PROVIDER_MISSING,
              "cannot start a process for the Helm engine: " + e.getMessage())
          .cause(e)
          .remedy("run on a Java installation that has bin/java, or use a helm program")
          .build();
    }
  }

  /** All that a Helm engine may know of this machine: one directory. */
  static Map<String, String> environment(Path directory) {
    return Map.of(
        "HOME", directory.toString(),
        "TMPDIR", directory.toString(),
        "KUBECONFIG", directory.resolve("kubeconfig").toString(),
        "LC_ALL", "C.UTF-8");
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Talks to the child for a limited time. If that fails, the child is ended.
   *
   * @param what what this is about, for messages
   */
  <T> T exchange(String what, Duration timeout, Exchange<T> exchange) {
    // In a thread of its own, because reading from a process cannot be interrupted.
    Future<T> answer = threads.submit(() -> exchange.with(out, in));
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      close();
      throw SealerException.cancelled(what);
    } catch (TimeoutException e) {
      close();
      throw failure(what + ": the Helm engine did not answer within " + seconds(timeout), e)
          .remedy("look for an endless loop in the templates, or allow more time")
          .build();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SealerException ours) {
        // A file that cannot be read. The child waits for the rest of the request and is of no more
        // use.
        close();
        throw ours;
      }
      int status = waitForEnd();
      close();
      String said = errors.toString();
      throw failure(
              what
                  + ": the process of the Helm engine ended with status "
                  + status
                  + (said.isEmpty() ? "" : ": " + said),
              e.getCause())
          .detail("status", status)
          .build();
    }
  }

  private static SealerException.Builder failure(String message, @Nullable Throwable cause) {
    return SealerException.builder(ErrorCode.RENDER_FAILED, message).cause(cause);
  }

  static String seconds(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }

  private int waitForEnd() {
    try {
      if (process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    return -1;
  }

  /** Ends the process for certain: the engine makes it deaf to anything gentler than this. */
  @Override
  public void close() {
    process.destroyForcibly();
    boolean interrupted = false;
    while (true) {
      try {
        process.waitFor();
        threads.shutdownNow();
        threads.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS);
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    closeQuietly();
    directory.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeQuietly() {
    try (in;
        out) {
      process.getErrorStream().close();
    } catch (IOException e) {
      // The process is gone, and what it did not read is of no interest.
      return;
    }
  }
}
