package cloud.sealer.core.fetch;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RegistryOptions;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.jspecify.annotations.Nullable;

/** The connections of one git fetch: opens them by scheme, and closes all of them to abort it. */
final class GitConnections {
  private static final int GIT_PORT = 9418;

  private final RegistryOptions options;
  private final String sshProgram;
  private final @Nullable SourceUrl trusted;
  private final WebClient client;
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  private volatile boolean aborted;

  /**
   * Starts without a connection.
   *
   * @param source what is fetched; the name and password in it are for its server only, also when
   *     submodules come from elsewhere
   */
  GitConnections(WebClient client, RegistryOptions options, String sshProgram, GitSource source) {
    this.client = client;
    this.options = options;
    this.sshProgram = sshProgram;
    this.trusted = SourceUrl.isHttp(source.url()) ? SourceUrl.parse(source.url()) : null;
  }

  /** Closes everything; nothing can be opened any more. */
  void abort() {
    aborted = true;
    open.forEach(GitConnections::closeQuietly);
  }

  boolean aborted() {
    return aborted;
  }

  /** Has a connection closed if the fetch is aborted. */
  <T extends Closeable> T register(T connection) throws IOException {
    open.add(connection);
    if (aborted) {
      connection.close();
      throw new IOException("aborted");
    }
    return connection;
  }

  private static void closeQuietly(Closeable connection) {
    try {
      connection.close();
    } catch (IOException e) {
      // it is only closed to make its reader fail
    }
  }

  /**
   * Makes the transport for a repository.
   *
   * @param local where the objects go
   * @param scratch a directory for what the transport needs
   */
  Transport transport(Repository local, GitSource source, Path scratch) throws IOException {
    return switch (source.scheme()) {
      case "http", "https" -> http(local, SourceUrl.parse(source.url()));
      case "git" -> daemon(local, uri(source));
      case "ssh" -> ssh(local, uri(source), scratch);
      default ->
          throw FetchFailure.lasting(
              ErrorCode.FETCH_FAILED,
              "the repository " + source + " is not at an http, https, ssh or git address",
              "");
    };
  }

  private static URIish uri(GitSource source) throws IOException {
    try {
      URIish uri = new URIish(source.url());
      String host = String.valueOf(uri.getHost());
      String user = String.valueOf(uri.getUser());
      // such a text would be an option to ssh, not an address
      if (uri.getHost() == null || host.startsWith("-") || user.startsWith("-")) {
        throw new URISyntaxException(source.toString(), "no host");
      }
      return uri;
    } catch (URISyntaxException e) {
      throw FetchFailure.lasting(
          ErrorCode.FETCH_FAILED, source + " is not the address of a repository", "");
    }
  }

  private Transport http(Repository local, SourceUrl url) throws IOException {
    Transport transport;
    try {
      transport = Transport.open(local, new URIish(url.uri().toString()));
    } catch (URISyntaxException e) {
      throw new IOException(url + " is not a URL", e);
    }
    // never the JVM-wide default, which may be interactive
    transport.setCredentialsProvider(GitPasswords.NONE);
    transport.setTimeout(seconds(options.readTimeout()));
    if (transport instanceof TransportHttp http) {
      // set on every connection, and not told to JGit, which would take it along on a redirect
      http.setHttpConnectionFactory(
          new HttpConnectionFactory() {
            @Override
            public HttpConnection create(URL address) {
              return create(address, null);
            }

            @Override
            public HttpConnection create(URL address, @Nullable Proxy proxy) {
              return new GitHttpConnection(
                  GitConnections.this, client, address, authorization(address));
            }
          });
    }
    return transport;
  }

  private Optional<String> authorization(URL address) {
    SourceUrl known = trusted;
    boolean same = known != null && known.sameOrigin(SourceUrl.parse(address.toString()));
    return known != null && same ? known.authorization() : Optional.empty();
  }

  private Transport daemon(Repository local, URIish uri) {
    int port = uri.getPort() > 0 ? uri.getPort() : GIT_PORT;
    String host = uri.getHost() + (port == GIT_PORT ? "" : ":" + port);
    String request = "git-upload-pack " + uri.getPath() + "\0host=" + host + "\0";
    return new StreamTransport(
        local,
        uri,
        request,
        () -> {
          Socket socket = register(new Socket());
          socket.connect(
              new InetSocketAddress(uri.getHost(), port),
              (int) options.connectTimeout().toMillis());
          socket.setSoTimeout((int) options.readTimeout().toMillis());
          return StreamTransport.Streams.of(socket);
        });
  }

  private Transport ssh(Repository local, URIish uri, Path scratch) {
    SshProgram ssh = new SshProgram(sshProgram, uri, options, scratch);
    return new StreamTransport(local, uri, "", () -> register(ssh.start()));
  }

  private static int seconds(Duration duration) {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE / 1000, duration.toSeconds()));
  }
}
