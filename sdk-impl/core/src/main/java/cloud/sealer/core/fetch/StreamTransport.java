package cloud.sealer.core.fetch;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.BasePackFetchConnection;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.PackTransport;
import org.eclipse.jgit.transport.PushConnection;
import org.eclipse.jgit.transport.TcpTransport;
import org.eclipse.jgit.transport.URIish;

/**
 * Speaks git's <a href="https://git-scm.com/docs/pack-protocol">pack protocol</a> over any two
 * streams: the socket of a git daemon, the pipes of ssh.
 *
 * <p>JGit's transports for these open their sockets themselves, with no way to close them when a
 * build is cancelled.
 */
final class StreamTransport extends TcpTransport implements PackTransport {
  private final String request;
  private final Opener opener;

  /** Connects. */
  @FunctionalInterface
  interface Opener {
    /** Opens the streams. */
    Streams open() throws IOException;
  }

  /** Both directions of a connection. */
  record Streams(InputStream in, OutputStream out, Closeable connection) implements Closeable {
    static Streams of(Socket socket) throws IOException {
      return new Streams(socket.getInputStream(), socket.getOutputStream(), socket);
    }

    @Override
    public void close() throws IOException {
      connection.close();
    }
  }

  /**
   * Makes a transport.
   *
   * @param request what to send before anything is read; empty for nothing
   */
  StreamTransport(Repository local, URIish uri, String request, Opener opener) {
    super(local, uri);
    this.request = request;
    this.opener = opener;
  }

  @Override
  public FetchConnection openFetch() throws TransportException {
    Connection connection = new Connection();
    connection.start();
    return connection;
  }

  @Override
  public PushConnection openPush() throws NotSupportedException {
    throw new NotSupportedException("only fetching is supported");
  }

  @Override
  public void close() {
    // each connection is closed by its user
  }

  private final class Connection extends BasePackFetchConnection {
    private final Streams streams;

    Connection() throws TransportException {
      super(StreamTransport.this);
      try {
        streams = opener.open();
      } catch (IOException e) {
        throw new TransportException(uri, String.valueOf(e.getMessage()), e);
      }
    }

    void start() throws TransportException {
      try {
        init(new BufferedInputStream(streams.in()), new BufferedOutputStream(streams.out()));
        if (!request.isEmpty()) {
          pckOut.writeString(request);
          pckOut.flush();
        }
        readAdvertisedRefs();
      } catch (TransportException e) {
        close();
        throw e;
      } catch (IOException e) {
        close();
        throw new TransportException(uri, String.valueOf(e.getMessage()), e);
      }
    }

    @Override
    public void close() {
      super.close();
      try {
        streams.close();
      } catch (IOException e) {
        // everything wanted has been read
      }
    }
  }
}
