package cloud.sealer.aliyun;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.Machine;
import cloud.sealer.sdk.spi.ResourceLog;
import cloud.sealer.sdk.spi.Task;
import cloud.sealer.ssh.HostKeyPolicy;
import cloud.sealer.ssh.SshHostConnector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * The way to machines: over SSH through the public address of the first one, also to itself, so
 * that every host has the same address for the caller and for the others. Keys of hosts are
 * accepted when they are first seen, minutes after the machine was made, and must stay the same
 * from then on.
 */
final class CloudSsh {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** Until the image has set the machine up, if it does so at its first start. */
  private static final HostCommand SET_UP =
      HostCommand.builder(
              "command -v cloud-init >/dev/null || exit 0; cloud-init status --wait >/dev/null;"
                  + " true")
          .title("waiting for cloud-init")
          .timeout(LIMIT)
          .build();

  private CloudSsh() {}

  private static Path knownHosts(ResourceLog log) {
    return log.directory().resolve("known_hosts");
  }

  /** A connector to the machines. */
  static HostConnector connector(List<Machine> machines, ResourceLog log) {
    String address =
        PublicAddress.recorded(log)
            .orElseThrow(
                () ->
                    SealerException.builder(
                            ErrorCode.HOST_UNREACHABLE,
                            "the record of the machines has no public address")
                        .remedy("let the machines be provided again")
                        .build());
    Host first = machines.get(0).host();
    Host entry =
        new Host(new HostAddress(address, first.port()), Set.of(), first.ssh(), first.env());
    return SshHostConnector.builder(HostKeyPolicy.acceptNew(knownHosts(log))).jump(entry).build();
  }

  /** Waits until commands can be executed on every machine. */
  static void await(List<Machine> machines, Owned owned) {
    Instant end = owned.api().clock().instant().plus(LIMIT);
    try (HostConnector connector = connector(machines, owned.log())) {
      for (Machine machine : machines) {
        await(machine, connector, end, owned);
        owned
            .task()
            .notice(
                "machine " + machine.resource().name() + " is up at " + machine.host().address());
      }
    }
  }

  private static void await(Machine machine, HostConnector connector, Instant end, Owned owned) {
    Task task = owned.task();
    while (true) {
      try (HostSession session = connector.connect(machine.host(), task)) {
        session.exec(SET_UP, HostOutput.NONE);
        return;
      } catch (SealerException e) {
        boolean early =
            e.code() == ErrorCode.HOST_UNREACHABLE
                || e.code() == ErrorCode.HOST_UNAUTHORIZED
                || e.code() == ErrorCode.HOST_IO;
        if (!early || owned.api().clock().instant().isAfter(end)) {
          throw e;
        }
      }
      owned.api().sleep(PAUSE, "waiting for SSH of " + machine.host().address());
    }
  }

  /** Forgets the keys of machines that are gone: their addresses will be those of others. */
  static void forget(List<Machine> machines, ResourceLog log) {
    Path file = knownHosts(log);
    if (!Files.exists(file)) {
      return;
    }
    // The address stays when its machine goes, and the next machine has another key.
    String address = PublicAddress.recorded(log).orElse("");
    boolean first = machines.stream().anyMatch(gone -> gone.host().controlPlane());
    try {
      List<String> kept =
          Files.readAllLines(file).stream()
              .filter(
                  line ->
                      machines.stream()
                          .noneMatch(
                              gone ->
                                  isOf(line, gone.host().address().host(), gone.host().port())
                                      || (first && isOf(line, address, gone.host().port()))))
              .toList();
      Files.write(file, kept);
    } catch (IOException e) {
      throw notWritten(file, e);
    }
  }

  /** Forgets what logs in, once nothing is left to log in to. */
  static void forgetAll(ResourceLog log) {
    for (Path file : List.of(knownHosts(log), LoginKey.file(log.directory()))) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw notWritten(file, e);
      }
    }
  }

  private static SealerException notWritten(Path file, IOException cause) {
    return SealerException.builder(
            ErrorCode.STORE_IO, file + " cannot be changed: " + cause.getMessage())
        .remedy("make its directory writable")
        .cause(cause)
        .build();
  }

  private static boolean isOf(String line, String address, int port) {
    String name = line.split(" ", 2)[0];
    return name.equals(address) || name.equals("[" + address + "]:" + port);
  }
}
