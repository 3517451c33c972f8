package cloud.sealer.core.host;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostSession.TarReader;
import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import org.jspecify.annotations.Nullable;

/** Gives the tar of a directory to a reader, while another thread executes {@code tar}. */
final class TreeDownload {
  private final ShellSession session;
  private final HostCommand command;
  private final TarReader reader;

  /** What the other thread failed with; read when it has ended. */
  private @Nullable RuntimeException failure;

  /** Whether it failed because nobody reads any more. */
  private boolean unread;

  TreeDownload(ShellSession session, String directory, TarReader reader) {
    HostFiles.check(directory);
    this.session = session;
    this.reader = reader;
    this.command =
        HostFiles.command("read the files below " + directory, "exec tar -c -f - .")
            .directory(directory)
            .build();
  }

  void run() {
    Exception unreadable = null;
    Thread sender;
    try {
      Pipe pipe = Pipe.open();
      sender = new Thread(() -> send(pipe), "sealer-host-" + session.host().address() + "-tar");
      sender.setDaemon(true);
      sender.start();
      unreadable = read(pipe);
    } catch (IOException e) {
      throw failed(e);
    }
    boolean interrupted = Thread.currentThread().isInterrupted();
    if (interrupted) {
      sender.interrupt();
    }
    Uninterruptibles.joinUninterruptibly(sender);
    if (interrupted) {
      throw SealerException.cancelled(session.host().address() + ": \"" + command.title() + "\"");
    }
    if (failure != null && !unread) {
      throw failure;
    }
    if (unreadable instanceof RuntimeException e) {
      throw e;
    }
    if (unreadable != null) {
      throw failed(unreadable);
    }
  }

  /** What the reader failed with; null if it read everything. */
  private @Nullable Exception read(Pipe pipe) {
    try (InputStream in = Channels.newInputStream(pipe.source())) {
      reader.read(in);
      in.transferTo(OutputStream.nullOutputStream());
      return null;
    } catch (IOException | RuntimeException e) {
      return e;
    }
  }

  private void send(Pipe pipe) {
    try (OutputStream out = Channels.newOutputStream(pipe.sink())) {
      OutputText output =
          new OutputText() {
            @Override
            public synchronized void stdout(byte[] bytes, int offset, int length)
                throws IOException {
              try {
                out.write(bytes, offset, length);
              } catch (IOException e) {
                unread = true;
                throw e;
              }
            }
          };
      new HostFiles(session).check(command, session.exec(command, output), output);
    } catch (RuntimeException e) {
      failure = e;
    } catch (IOException e) {
      failure = failed(e);
    }
  }

  private SealerException failed(Exception cause) {
    String address = session.host().address().toString();
    return HostFailure.of(
            ErrorCode.HOST_IO,
            session.host(),
            address + ": cannot " + command.title() + ": " + HostFailure.reason(cause),
            cause)
        .build();
  }
}
