package cloud.sealer.ssh;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import net.schmizz.sshj.transport.verification.OpenSSHKnownHosts;
import net.schmizz.sshj.transport.verification.OpenSSHKnownHosts.KnownHostEntry;

/** Files of the form of OpenSSH's {@code known_hosts}, read anew for each look. Thread-safe. */
final class KnownHosts {
  private final List<Path> files;

  KnownHosts(List<Path> files) {
    this.files = List.copyOf(files);
  }

  List<Path> files() {
    return files;
  }

  /** The name a host has in the files. */
  static String name(String host, int port) {
    String name = host.toLowerCase(Locale.ROOT);
    return port == 22 ? name : "[" + name + "]:" + port;
  }

  List<String> algorithms(String host, int port) throws IOException {
    List<String> algorithms = new ArrayList<>();
    for (KnownHostEntry entry : entries(host, port)) {
      algorithms.add(entry.getType().toString());
    }
    return algorithms;
  }

  /** The lines for a host. */
  List<KnownHostEntry> entries(String host, int port) throws IOException {
    List<KnownHostEntry> found = new ArrayList<>();
    for (Path file : files) {
      if (Files.exists(file)) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (KnownHostEntry entry :
            new OpenSSHKnownHosts(new StringReader(text), QuietConfig.LOGGERS).entries()) {
          if (entry.appliesTo(name(host, port))) {
            found.add(entry);
          }
        }
      }
    }
    return found;
  }

  /** The fingerprint of the key of a line. */
  static String fingerprint(KnownHostEntry entry) {
    return Stream.of(entry.getLine().split("\\s+"))
        .filter(word -> word.startsWith("AAAA"))
        .map(word -> HostKeys.fingerprint(Base64.getDecoder().decode(word)))
        .findFirst()
        .orElse(entry.getFingerprint());
  }

  /** Adds a line to the first file, which is made if missing. */
  synchronized void add(String host, int port, PublicKey key) throws IOException {
    byte[] blob = HostKeys.blob(key);
    String line =
        name(host, port)
            + " "
            + HostKeys.type(blob)
            + " "
            + Base64.getEncoder().encodeToString(blob)
            + "\n";
    Path file = files.get(0);
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.lock();
      long size = channel.size();
      ByteBuffer last = ByteBuffer.allocate(1);
      boolean ended = size == 0 || (channel.read(last, size - 1) == 1 && last.get(0) == '\n');
      byte[] bytes = ((ended ? "" : "\n") + line).getBytes(StandardCharsets.US_ASCII);
      channel.write(ByteBuffer.wrap(bytes), size);
      channel.force(true);
    }
  }
}
