package cloud.sealer.core.host;

import cloud.sealer.sdk.SealerException;
import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a command with everything it started, found by the token in their environment: asked first,
 * killed after two seconds. Waits for it even if the thread is interrupted.
 */
final class Termination {
  private static final Logger LOG = LoggerFactory.getLogger(Termination.class);
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final String token;
  private final ShellSession session;

  Termination(String token, ShellSession session) {
    this.token = token;
    this.session = session;
  }

  void run() {
    Thread thread = new Thread(this::end, "sealer-host-" + session.host().address() + "-end");
    thread.setDaemon(true);
    thread.start();
    Uninterruptibles.joinUninterruptibly(thread, LIMIT.plusSeconds(5));
  }

  private void end() {
    try {
      session.urgently(script(), LIMIT);
    } catch (IOException | InterruptedException | SealerException e) {
      LOG.warn(
          "{}: processes of a command that was given up may still run: {}",
          session.host().address(),
          HostFailure.reason(e));
    }
  }

  private String script() {
    return """
    send() {
      found=
      for each in $(grep -ls 'SEALER_EXEC=%s' /proc/[0-9]*/environ); do
        pid=${each#/proc/}
        kill -"$1" "${pid%%/environ}" 2>/dev/null && found=1
      done
      [ -n "$found" ]
    }
    send TERM || exit 0
    for i in 1 2 3 4 5 6 7 8; do
      sleep 0.25 2>/dev/null || sleep 1
      send 0 || exit 0
    done
    for i in 1 2 3 4 5 6 7 8 9 10; do
      send KILL || exit 0
      sleep 0.1 2>/dev/null || sleep 1
    done
    exit 1
    """
        .formatted(token);
  }
}
