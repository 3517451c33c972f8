package cloud.sealer.core.fetch;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.jspecify.annotations.Nullable;

/** One download: what of it is on disk, and how to get the rest. */
final class HttpDownload implements AutoCloseable {
  private static final int MAX_REDIRECTS = 10;

  private final WebClient client;
  private final Clock clock;
  private final SourceUrl source;
  private final Path target;
  private final Task parent;
  private @Nullable Task task;
  private volatile @Nullable HttpGet request;
  private volatile boolean aborted;
  private boolean complete;

  /** How much of the target is there, and of which version of the file. */
  private long length;

  private @Nullable String version;
  private long reported;

  HttpDownload(WebClient client, Clock clock, SourceUrl source, Path target, Task parent) {
    this.client = client;
    this.clock = clock;
    this.source = source;
    this.target = target;
    this.parent = parent;
  }

  /** Ends a running attempt, and all later ones, from another thread. */
  void abort() {
    aborted = true;
    HttpGet running = request;
    if (running != null) {
      running.cancel();
    }
  }

  /** Marks the file as whole and good. */
  void complete() {
    complete = true;
    if (task != null) {
      task.done("");
    }
  }

  /** Removes what a failed download left, and ends its task. */
  @Override
  public void close() throws IOException {
    if (task != null) {
      task.close();
    }
    if (!complete) {
      Files.deleteIfExists(target);
    }
  }

  /** Gets the file, or what is missing of it. */
  void attempt() throws FetchFailure, InterruptedException {
    try {
      follow();
    } catch (FetchFailure e) {
      throw e;
    } catch (SSLHandshakeException | SSLPeerUnverifiedException e) {
      throw FetchFailure.lasting(
          ErrorCode.FETCH_FAILED,
          "no secure connection: " + e.getMessage(),
          "Add the server's certificate authority to those this JVM trusts.");
    } catch (IOException | IllegalStateException e) {
      if (aborted) {
        throw (InterruptedException) new InterruptedException().initCause(e);
      }
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw FetchFailure.unreachable(why, e);
    }
  }

  private void follow() throws IOException {
    SourceUrl url = source;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpGet get = request(url);
      try (ClassicHttpResponse response = client.open(get)) {
        HttpReply reply = new HttpReply(response, clock);
        if (!reply.isRedirect()) {
          receive(reply);
          return;
        }
        url = url.redirected(reply.location());
      }
    }
    throw FetchFailure.lasting(
        ErrorCode.FETCH_FAILED, "more than " + MAX_REDIRECTS + " redirects", "");
  }

  private HttpGet request(SourceUrl url) throws IOException {
    HttpGet get = new HttpGet(url.uri());
    get.setHeader("Accept-Encoding", "identity");
    if (url.sameOrigin(source)) {
      source.authorization().ifPresent(value -> get.setHeader("Authorization", value));
    }
    if (length > 0 && version != null) {
      get.setHeader("Range", "bytes=" + length + "-");
      get.setHeader("If-Range", version);
    }
    request = get;
    if (aborted) {
      throw new IOException("aborted");
    }
    return get;
  }

  private void receive(HttpReply reply) throws IOException {
    boolean resumed = reply.isPartialFrom(length);
    if (!resumed) {
      length = 0;
      reply.requireWhole();
    }
    version = reply.version();
    long total = reply.total(length);
    Task progress = task(total);
    if (resumed) {
      progress.resumed(length);
    }
    try (FileChannel file = open();
        InputStream body = reply.body()) {
      copy(body, file, progress);
    }
    if (total >= 0 && length != total) {
      throw new IOException("got " + length + " of " + total + " bytes");
    }
  }

  private Task task(long total) {
    Task started = task;
    if (started == null) {
      started = parent.start(Event.TaskKind.FETCH, source.toString(), total);
      task = started;
    }
    return started;
  }

  private void copy(InputStream body, FileChannel file, Task progress) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    int n;
    while ((n = body.read(buffer)) >= 0) {
      if (aborted) {
        throw new IOException("aborted");
      }
      write(file, ByteBuffer.wrap(buffer, 0, n));
      length += n;
      // after a new start, nothing counts twice
      if (length > reported) {
        progress.advance(length - reported);
        reported = length;
      }
    }
  }

  private FileChannel open() throws FetchFailure {
    try {
      FileChannel file =
          FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      return file.truncate(length).position(length);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private void write(FileChannel file, ByteBuffer bytes) throws FetchFailure {
    try {
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private FetchFailure unwritable(IOException e) {
    return FetchFailure.lasting(
        ErrorCode.FETCH_FAILED,
        "cannot write " + target + ": " + e.getMessage(),
        "Make room, or give the scratch directory another place.");
  }
}
