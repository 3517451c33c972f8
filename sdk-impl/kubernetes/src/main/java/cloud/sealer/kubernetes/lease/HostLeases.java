package cloud.sealer.kubernetes.lease;

import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.kubernetes.host.Uninterrupted;
import cloud.sealer.kubernetes.record.HostPaths;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cluster held on its hosts: on each a file that names the run and is touched while it works. By
 * the host's clock, a file that was not touched for two minutes is of a run that died.
 */
public final class HostLeases implements AutoCloseable {
  private static final Duration LIFE = Duration.ofMinutes(2);
  private static final Duration RENEWAL = LIFE.dividedBy(4);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int BUSY = 75;

  private static final String LOCKED =
      """
      exec 9>"$STATE/lease.lock" && flock -w 10 9 || exit 1
      """;
  private static final String ACQUIRE =
      "mkdir -p \"$ROOT\" && umask 077 && mkdir -p \"$STATE\" || exit 1\n"
          + LOCKED
          + """
          if [ -e "$LEASE" ] && ! grep -qxF "origin=$ORIGIN" "$LEASE"; then
            age=$(($(date +%s) - $(stat -c %Y "$LEASE")))
            if [ "$age" -lt "$LIFE" ] && [ "$age" -gt "-$LIFE" ]; then
              cat "$LEASE"
              exit 75
            fi
          fi
          printf '%s' "$OWNER" >"$LEASE.new" && mv -f "$LEASE.new" "$LEASE"
          """;
  private static final String RENEW =
      LOCKED
          + """
          grep -qxF "id=$ID" "$LEASE" || exit 75
          touch -c "$LEASE"
          """;
  // Nothing is left on a host that was only looked at, or of a cluster that is gone.
  private static final String RELEASE =
      """
      [ -d "$STATE" ] || exit 0
      """
          + LOCKED
          + """
          grep -qxF "id=$ID" "$LEASE" || exit 0
          rm -f "$LEASE"
          if [ "$(ls -A "$STATE")" = lease.lock ]; then
            rm -f "$STATE/lease.lock"
            rmdir -p "$STATE" 2>/dev/null || :
          fi
          """;

  private final String cluster;
  private final Owner owner;
  private final Transfers parallel;
  private final Function<HostAddress, HostPaths> paths;
  private final List<HostSession> held = Collections.synchronizedList(new ArrayList<>());
  private final Thread renewer = new Thread(this::renew, "sealer-lease");
  private volatile @Nullable SealerException lost;

  private HostLeases(
      String cluster, Owner owner, Transfers parallel, Function<HostAddress, HostPaths> paths) {
    this.cluster = cluster;
    this.owner = owner;
    this.parallel = parallel;
    this.paths = paths;
    renewer.setDaemon(true);
  }

  /**
   * Takes a cluster on hosts.
   *
   * @param cluster the name of the cluster
   * @param local the same cluster, held here: a lease that another run of this directory of records
   *     left is of a dead process
   * @param sessions the hosts; all runs begin with the same one, which decides
   * @param paths where our files are on a host
   * @param parallel works on several hosts at once
   * @throws SealerException with {@link ErrorCode#CLUSTER_BUSY} if somebody has it on a host
   */
  public static HostLeases acquire(
      String cluster,
      LocalLease local,
      List<HostSession> sessions,
      Function<HostAddress, HostPaths> paths,
      Transfers parallel) {
    HostLeases leases = new HostLeases(cluster, local.owner(), parallel, paths);
    boolean complete = false;
    try {
      sessions.stream().limit(1).forEach(leases::acquire);
      parallel.each(
          "taking the cluster " + cluster,
          sessions.subList(Math.min(1, sessions.size()), sessions.size()),
          leases::acquire);
      leases.renewer.start();
      complete = true;
      return leases;
    } finally {
      if (!complete) {
        leases.close();
      }
    }
  }

  private void acquire(HostSession session) {
    held.add(session);
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    HostSession.ExitStatus status = exec(session, ACQUIRE, "take the lease", printed);
    String text = printed.toString(StandardCharsets.UTF_8);
    if (status.status() == BUSY) {
      throw Owner.busy(cluster, session.host().address().toString(), text);
    }
    if (!status.ok()) {
      throw SealerException.builder(
              ErrorCode.HOST_IO,
              session.host().address() + ": cannot take the lease: " + status + ": " + text.strip())
          .remedy(
              "check that flock is installed, and space and permissions below " + HostPaths.DATA)
          .detail("host", session.host().address())
          .build();
    }
  }

  private HostSession.ExitStatus exec(
      HostSession session, String script, String title, ByteArrayOutputStream printed) {
    HostPaths place = paths.apply(session.host().address());
    return session.exec(
        HostCommand.builder(script)
            .title(title)
            .environment("ROOT", place.root())
            .environment("STATE", place.state())
            .environment("LEASE", place.lease())
            .environment("OWNER", owner.text())
            .environment("ID", owner.id())
            .environment("ORIGIN", owner.origin())
            .environment("LIFE", Long.toString(LIFE.toSeconds()))
            .timeout(LIMIT)
            .build(),
        new HostOutput() {
          @Override
          public void stdout(byte[] bytes, int offset, int length) {
            printed.write(bytes, offset, length);
          }

          @Override
          public void stderr(byte[] bytes, int offset, int length) {
            printed.write(bytes, offset, length);
          }
        });
  }

  /**
   * Makes sure that nobody took the cluster from us.
   *
   * @throws SealerException with {@link ErrorCode#CLUSTER_BUSY} if somebody did
   */
  public void check() {
    SealerException failure = lost;
    if (failure != null) {
      throw failure;
    }
  }

  private void renew() {
    try {
      while (lost == null) {
        Thread.sleep(RENEWAL.toMillis());
        for (HostSession session : List.copyOf(held)) {
          renew(session).ifPresent(failure -> lost = failure);
        }
      }
    } catch (InterruptedException e) {
      return; // closed
    }
  }

  private Optional<SealerException> renew(HostSession session) throws InterruptedException {
    try {
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      if (exec(session, RENEW, "renew the lease", printed).status() == BUSY) {
        return Optional.of(
            Owner.busy(cluster, session.host().address().toString(), "since=a moment ago"));
      }
    } catch (SealerException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      // Not reached: whoever works on that host says so, and the lease lives for a while.
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    Uninterrupted.run(
        () -> {
          renewer.interrupt();
          try {
            renewer.join();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          parallel.each("letting go of the cluster " + cluster, List.copyOf(held), this::release);
        });
  }

  private void release(HostSession session) {
    try {
      exec(session, RELEASE, "let go of the lease", new ByteArrayOutputStream());
    } catch (SealerException e) {
      return; // it ends by itself
    }
  }
}
