package cloud.sealer.kubernetes.host;

import cloud.sealer.core.host.LocalHostConnector;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostFacts;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.Task;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;

/** Hosts that are directories below one; their commands are executed by real shells. */
public final class DirectoryHosts implements HostConnector {
  private static final long GIB = 1L << 30;

  private final Path root;
  private final LocalHostConnector local = new LocalHostConnector();
  public final Map<HostAddress, UnaryOperator<HostFacts>> facts = new ConcurrentHashMap<>();
  public final Set<HostAddress> dead = ConcurrentHashMap.newKeySet();

  /** Hosts that let nobody in. */
  public final Set<HostAddress> closed = ConcurrentHashMap.newKeySet();

  /** Called before each command, with its number over all hosts. */
  public volatile IntConsumer before = number -> {};

  private final AtomicInteger commands = new AtomicInteger();
  public final AtomicInteger open = new AtomicInteger();

  public DirectoryHosts(Path root) {
    this.root = root;
  }

  public Path directory(HostAddress address) {
    return root.resolve(address.host());
  }

  public String data(HostAddress address) {
    return directory(address).resolve("var/lib/sealer/data").toString();
  }

  /** How many commands were executed. */
  public int commands() {
    return commands.get();
  }

  @Override
  public String name() {
    return "directory";
  }

  @Override
  public boolean reaches(Host host) {
    return true;
  }

  @Override
  public HostSession connect(Host host, Task task) {
    if (dead.contains(host.address())) {
      throw SealerException.builder(
              ErrorCode.HOST_UNREACHABLE, host.address() + ": cannot be reached")
          .build();
    }
    if (closed.contains(host.address())) {
      throw SealerException.builder(
              ErrorCode.HOST_UNAUTHORIZED, host.address() + ": refuses the login")
          .build();
    }
    Session session =
        new Session(host, local.connect(Host.at(HostAddress.parse("127.0.0.1")), task));
    open.incrementAndGet();
    return session;
  }

  private HostFacts facts(Host host) {
    String name = "host-" + host.address().host().replace('.', '-');
    HostFacts plain =
        new HostFacts(
            name,
            name,
            Platform.LINUX_AMD64,
            "debian",
            "12",
            "6.1.0",
            4,
            8 * GIB,
            0,
            Duration.ZERO,
            List.of(host.address().host()),
            List.of(new HostFacts.FileSystem("/", "/dev/vda1", 100 * GIB, 50 * GIB)),
            List.of(),
            List.of(),
            List.of(22));
    return facts.getOrDefault(host.address(), UnaryOperator.identity()).apply(plain);
  }

  private final class Session implements HostSession {
    private final Host host;
    private final HostSession shell;

    Session(Host host, HostSession shell) {
      this.host = host;
      this.shell = shell;
    }

    private void count() {
      before.accept(commands.incrementAndGet());
    }

    @Override
    public Host host() {
      return host;
    }

    @Override
    public ExitStatus exec(HostCommand command, HostOutput output) {
      count();
      return shell.exec(command, output);
    }

    @Override
    public HostFacts facts() {
      return DirectoryHosts.this.facts(host);
    }

    @Override
    public void upload(String path, int mode, FileTree.Content content) {
      count();
      shell.upload(path, mode, content);
    }

    @Override
    public void upload(String directory, FileTree tree, Task task) {
      count();
      shell.upload(directory, tree, task);
    }

    @Override
    public void download(String path, OutputStream target) {
      shell.download(path, target);
    }

    @Override
    public void downloadTree(String directory, TarReader reader) {
      shell.downloadTree(directory, reader);
    }

    @Override
    public void close() {
      open.decrementAndGet();
      shell.close();
    }
  }
}
