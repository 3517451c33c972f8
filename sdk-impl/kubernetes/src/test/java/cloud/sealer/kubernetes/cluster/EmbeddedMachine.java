package cloud.sealer.kubernetes.cluster;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import cloud.sealer.sdk.HostAddress;
import cloud.sealer.testkit.EmbeddedSshHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A machine over SSH that costs milliseconds: its commands are executed by real shells in
 * namespaces of their own, below a root of its own where the programs of this machine can be read
 * and nothing of it can be written. It has its name, its address, its processes and no network.
 * What would need a kernel or a network for itself is there as a stand-in.
 */
final class EmbeddedMachine implements AutoCloseable {
  private static final List<String> OWN =
      List.of("dev", "etc", "fake", "opt", "proc", "root", "run", "sys", "system", "tmp");
  private static final List<String> COMPARED = List.of("etc", "opt", "root", "run", "usr", "var");

  /** What would do something to the machine of the test, or tell about it. */
  private static final Pattern NOT_SHARED =
      Pattern.compile(
          "(docker|containerd|ctr|runc|kube|crictl|nerdctl|podman|crio|k3s|helm|systemd|systemctl"
              + "|ip|modprobe|sysctl|swapoff|curl|nft|ufw).*|.*tables.*");

  // It lives as long as its input is open, and what it was told to execute no longer.
  private static final String BOOT =
      """
      mount --bind "$0" "$0" && cd "$0" && mount --rbind / system &&
        mount -o remount,ro,bind system && mount --rbind /dev dev && mount -t proc proc proc &&
        mount --bind "$1" fake && hostname "$2" && echo up && exec chroot . /bin/cat
      """;

  private final String name;
  private final Path root;
  private final Process namespaces;
  private final EmbeddedSshHost ssh;

  private EmbeddedMachine(String name, Path root, Process namespaces, EmbeddedSshHost ssh) {
    this.name = name;
    this.root = root;
    this.namespaces = namespaces;
    this.ssh = ssh;
  }

  /**
   * Starts one, or skips the test where a process may not have namespaces.
   *
   * @param number its number, from 1
   * @param directory where its root is made
   * @param shared the directory that all machines of a cluster have as {@code /fake}
   */
  static EmbeddedMachine start(int number, Path directory, Path shared) throws IOException {
    String name = "machine-" + number;
    String address = "127.9.0." + number;
    Path root = Files.createDirectories(directory.resolve(name)).toRealPath();
    furnish(root, address, number);
    Process namespaces = boot(root, shared, name);
    long first =
        namespaces.children().findFirst().orElseThrow(() -> new IOException("no namespaces")).pid();
    String enter =
        "exec nsenter --target "
            + first
            + " --user --preserve-credentials --mount --pid --net --uts --root --wd"
            + " /usr/bin/env -i PATH=/usr/sbin:/usr/bin HOME=/root /bin/sh -c ";
    return new EmbeddedMachine(
        name,
        root,
        namespaces,
        EmbeddedSshHost.start(
            address, command -> enter + "'" + command.replace("'", "'\\''") + "'"));
  }

  private static Process boot(Path root, Path shared, String name) {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "--net",
                "--uts",
                "sh",
                "-c",
                BOOT,
                root.toString(),
                shared.toString(),
                name));
    builder.environment().merge("PATH", ":/usr/sbin:/sbin", String::concat);
    try {
      Process process = builder.redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readNBytes(3), StandardCharsets.UTF_8);
      if (said.equals("up\n")) {
        return process;
      }
      process.destroy();
      byte[] more = process.getInputStream().readAllBytes();
      return unable(said + new String(more, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return unable(String.valueOf(e.getMessage()));
    }
  }

  /** Skips the test, or fails it where all of them are promised to run. */
  private static Process unable(String why) {
    String reason = "processes may not have namespaces here: " + why.strip();
    return Boolean.getBoolean("sealer.real") ? fail(reason) : abort(reason);
  }

  private static void furnish(Path root, String address, int number) throws IOException {
    for (String directory : OWN) {
      Files.createDirectories(root.resolve(directory));
    }
    Files.createDirectories(root.resolve("run/systemd/system"));
    Files.createDirectories(root.resolve("var/lib/dpkg"));
    for (String module : List.of("br_netfilter", "overlay", "ip_vs")) {
      Files.createDirectories(root.resolve("sys/module").resolve(module));
    }
    for (String top : List.of("bin", "sbin", "lib", "lib64")) {
      Path original = Path.of("/" + top);
      if (Files.isSymbolicLink(original)) {
        Files.createSymbolicLink(root.resolve(top), Files.readSymbolicLink(original));
      } else if (Files.exists(original)) {
        Files.createSymbolicLink(root.resolve(top), Path.of("/system/" + top));
      }
    }
    Files.createDirectories(root.resolve("usr/sbin"));
    link(root, "usr", Pattern.compile("s?bin"));
    Files.createDirectories(root.resolve("usr/bin"));
    link(root, "usr/bin", NOT_SHARED);
    link(root, "etc", Pattern.compile("(?!alternatives|ld\\.so|passwd|group|os-release).*"));
    Files.writeString(root.resolve("etc/hosts"), "127.0.0.1 localhost\n");
    Files.writeString(root.resolve("etc/machine-id"), "%032x\n".formatted(number));
    Files.writeString(root.resolve("etc/address"), address + "\n");
    for (String program : List.of("systemctl", "ip")) {
      StandIns.install(program, "", root.resolve("usr/bin/" + program));
    }
    for (String program : List.of("modprobe", "swapoff", "curl")) {
      StandIns.install("accepting", "", root.resolve("usr/bin/" + program));
    }
  }

  /** Makes what is in a directory of this machine visible, but for some names. */
  private static void link(Path root, String directory, Pattern without) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/" + directory))) {
      for (Path entry : entries) {
        Path target = root.resolve(directory).resolve(entry.getFileName());
        if (!without.matcher(entry.getFileName().toString()).matches()) {
          Files.createSymbolicLink(target, Path.of("/system" + entry));
        }
      }
    }
  }

  String name() {
    return name;
  }

  HostAddress address() {
    return ssh.host().address();
  }

  EmbeddedSshHost ssh() {
    return ssh;
  }

  /** A file of it. */
  Path file(String path) {
    return root.resolve(path.substring(1));
  }

  /** Every file of it, with its text or where it leads to. */
  Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (String top : COMPARED) {
      try (Stream<Path> all = Files.walk(root.resolve(top))) {
        for (Path path : (Iterable<Path>) all::iterator) {
          String content = "directory";
          if (Files.isSymbolicLink(path)) {
            content = "-> " + Files.readSymbolicLink(path);
          } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            content = Files.readString(path);
          }
          files.put("/" + root.relativize(path), content);
        }
      }
    }
    return files;
  }

  @Override
  public void close() {
    ssh.close();
    namespaces.destroy();
  }
}
