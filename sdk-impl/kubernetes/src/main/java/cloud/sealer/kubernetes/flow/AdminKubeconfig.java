package cloud.sealer.kubernetes.flow;

import cloud.sealer.kubernetes.rootfs.Kubeconfig;
import cloud.sealer.kubernetes.runtime.ApiEndpoint;
import cloud.sealer.kubernetes.runtime.Kubectl;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.spi.HostSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The kubeconfig of a cluster's administrator, on its way to the caller and to no one else. */
final class AdminKubeconfig {
  private AdminKubeconfig() {}

  /** Fetches it from the first host of the control plane that has it. */
  static Secret fetch(Call call, ClusterSpec spec) {
    @Nullable SealerException failure = null;
    for (Host host : spec.controlPlanes()) {
      try {
        HostSession session = call.sessions().open(host);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        session.download(Kubectl.CONFIG, bytes);
        String server =
            "https://"
                + ApiEndpoint.hostPort(
                    ApiEndpoint.address(host, session.facts()), ApiEndpoint.PORT);
        return Secret.of(
            Kubeconfig.of(bytes.toString(StandardCharsets.UTF_8), spec.name(), server));
      } catch (SealerException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw SealerException.builder(
            ErrorCode.HOST_IO,
            "no host of the control plane of "
                + spec.name()
                + " gives its kubeconfig"
                + (failure == null ? "" : ": " + failure.getMessage()))
        .remedy("run the cluster first, and see that a host of its control plane can be reached")
        .cause(failure)
        .build();
  }

  /** Changes a file of kubeconfigs as a whole: for its owner only, and never half written. */
  static void update(Path file, UnaryOperator<String> change) {
    try {
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      String existing = Files.exists(target) ? Files.readString(target) : "";
      String changed = change.apply(existing);
      if (!changed.equals(existing)) {
        replace(target, changed);
      }
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST,
              "the kubeconfig " + file + " cannot be read or written: " + e.getMessage())
          .remedy("name a file in a directory that you may write to")
          .cause(e)
          .build();
    }
  }

  private static void replace(Path target, String text) throws IOException {
    Path directory = target.getParent();
    if (directory == null) {
      throw new IOException("it is no file");
    }
    Files.createDirectories(directory);
    // Files that this makes are readable by their owner only.
    Path temporary = Files.createTempFile(directory, ".kubeconfig", "");
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
