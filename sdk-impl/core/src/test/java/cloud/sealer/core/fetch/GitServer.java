package cloud.sealer.core.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.errors.PackProtocolException;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.Daemon;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;

/** Serves git repositories in memory, by the git protocol and by smart HTTP. */
final class GitServer implements AutoCloseable {
  final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<String, InMemoryRepository> repositories = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Daemon daemon;
  private final HttpServer web;
  volatile boolean strict;
  volatile String password = "";
  volatile String redirect = "";

  GitServer() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    daemon = new Daemon(any);
    daemon.setRepositoryResolver(
        (client, name) -> {
          InMemoryRepository repository = repositories.get(name);
          if (repository == null) {
            throw new RepositoryNotFoundException(name);
          }
          repository.incrementOpen();
          return repository;
        });
    daemon.getService("git-upload-pack").setEnabled(true);
    daemon.setUploadPackFactory(
        (client, repository) -> {
          UploadPack pack = new UploadPack(repository);
          pack.setRequestValidator(
              strict ? GitServer::refuse : new UploadPack.ReachableCommitRequestValidator());
          return pack;
        });
    daemon.start();
    web = HttpServer.create(any, 0);
    web.setExecutor(threads);
    web.createContext("/", this::answer);
    web.start();
  }

  private static void refuse(UploadPack pack, List<ObjectId> wants) throws PackProtocolException {
    if (!wants.isEmpty()) {
      throw new PackProtocolException("not our ref");
    }
  }

  void add(String name, GitRepository repository) {
    repositories.put(name, repository.repository());
  }

  String git() {
    return "git://127.0.0.1:" + daemon.getAddress().getPort() + "/";
  }

  String http() {
    return "http://127.0.0.1:" + web.getAddress().getPort() + "/";
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    requests.add(path + " " + authorization);
    InMemoryRepository repository = repositories.get(path.substring(1).replaceAll("/.*", ""));
    try (exchange) {
      if (!redirect.isEmpty() && path.endsWith("/info/refs")) {
        exchange
            .getResponseHeaders()
            .set("Location", redirect + path.substring(1) + "?service=git-upload-pack");
        exchange.sendResponseHeaders(302, -1);
      } else if (!password.isEmpty() && !password.equals(authorization)) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
        exchange.sendResponseHeaders(401, -1);
      } else if (repository == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        upload(exchange, repository, path.endsWith("/info/refs"));
      }
    }
  }

  private static void upload(HttpExchange exchange, InMemoryRepository repository, boolean refs)
      throws IOException {
    UploadPack pack = new UploadPack(repository);
    pack.setBiDirectionalPipe(false);
    String type = refs ? "advertisement" : "result";
    exchange.getResponseHeaders().set("Content-Type", "application/x-git-upload-pack-" + type);
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    try (InputStream body =
        zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()) {
      exchange.sendResponseHeaders(200, 0);
      if (refs) {
        PacketLineOut out = new PacketLineOut(exchange.getResponseBody());
        out.writeString("# service=git-upload-pack\n");
        out.end();
        pack.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(out));
      } else {
        pack.upload(body, exchange.getResponseBody(), null);
      }
    }
  }

  @Override
  public void close() {
    web.stop(0);
    daemon.stop();
    threads.shutdownNow();
  }
}
