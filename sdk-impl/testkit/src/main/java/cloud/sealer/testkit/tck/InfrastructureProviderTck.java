package cloud.sealer.testkit.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.InfrastructureProvider;
import cloud.sealer.sdk.spi.Machine;
import cloud.sealer.sdk.spi.MachineOwner;
import cloud.sealer.sdk.spi.MachineResource;
import cloud.sealer.testkit.RecordingTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks an {@link InfrastructureProvider} with machines that it really makes, never more than
 * three at once. Whatever a test makes is removed after it, and {@link #everything} must be as
 * before then.
 */
@Timeout(900)
public abstract class InfrastructureProviderTck {
  private final RecordingTask task = new RecordingTask();
  private final MachineOwner owner = newOwner();
  private InfrastructureProvider provider;
  private MemoryResourceLog log;
  private Set<String> before;
  @TempDir private Path directory;

  /** For subclasses. */
  @SuppressWarnings("NullAway.Init")
  protected InfrastructureProviderTck() {}

  /**
   * Makes a provider.
   *
   * @return a provider, closed after the test
   * @throws Exception if it cannot be made
   */
  protected abstract InfrastructureProvider provider() throws Exception;

  /**
   * Machines to ask for: small ones.
   *
   * @param controlPlanes how many run the control plane, at least 1
   * @param workers how many are workers; 0 for no such group
   * @return the spec: the group of control planes, then that of workers
   */
  protected abstract InfrastructureSpec spec(int controlPlanes, int workers);

  /**
   * Everything that exists where the provider makes its resources, looked at past the provider.
   *
   * @return a text for each resource, different for each
   * @throws Exception if it cannot be looked at
   */
  protected abstract Collection<String> everything() throws Exception;

  /**
   * At how many entries of the record a death is tried. Each costs a machine to be made.
   *
   * @return a number; 20 by default, which is all for most providers
   */
  protected int deaths() {
    return 20;
  }

  private static MachineOwner newOwner() {
    return new MachineOwner(
        "tck-" + UUID.randomUUID().toString().substring(0, 13),
        MachineOwner.Purpose.BUILD,
        "tck" + UUID.randomUUID().toString().substring(0, 8));
  }

  @BeforeEach
  void prepare() throws Exception {
    provider = provider();
    log = new MemoryResourceLog(directory);
    before = new TreeSet<>(everything());
  }

  @AfterEach
  void cleanUp() throws Exception {
    try {
      log.live();
      assertThat(provider.remove(owner, log, task)).isEmpty();
      assertThat(new TreeSet<>(everything())).isEqualTo(before);
    } finally {
      provider.close();
    }
  }

  private List<Machine> provide(int controlPlanes, int workers) {
    return provider.provide(owner, spec(controlPlanes, workers), log, task);
  }

  private static List<String> ids(List<Machine> machines) {
    return machines.stream().map(machine -> machine.resource().id()).toList();
  }

  @Test
  void nameIsAWordAndTheModeOneWithMachines() {
    assertThat(provider.name()).matches("[a-z0-9-]+");
    assertThat(provider.mode()).isIn(BuildMode.CONTAINER, BuildMode.CLOUD);
  }

  @Test
  void checkMakesNothing() throws Exception {
    provider.check(spec(1, 1), task);
    assertThat(new TreeSet<>(everything())).isEqualTo(before);
  }

  @Test
  void machinesComeAsAskedForAndExecuteCommands() {
    List<Machine> machines = provide(1, 1);

    assertThat(machines).hasSize(2);
    assertThat(machines.get(0).host().controlPlane()).isTrue();
    assertThat(machines.get(1).host().roles()).contains(Host.WORKER);
    assertThat(machines).extracting(machine -> machine.host().address()).doesNotHaveDuplicates();
    Set<String> names = new HashSet<>();
    try (HostConnector connector = provider.connector(machines, log)) {
      for (Machine machine : machines) {
        assertThat(connector.reaches(machine.host())).isTrue();
        try (HostSession session = connector.connect(machine.host(), task)) {
          assertThat(out(session, "id -u")).isEqualTo("0");
          names.add(out(session, "hostname"));
        }
      }
    }
    assertThat(names).as("host names").hasSize(2);
  }

  private static String out(HostSession session, String command) {
    HostFixture.Text text = new HostFixture.Text();
    assertThat(session.exec(HostCommand.of(command), text).ok())
        .as("%s %s", command, text.err())
        .isTrue();
    assertThat(text.out().getBytes(UTF_8)).isNotEmpty();
    return text.out().strip();
  }

  @Test
  void everythingIsRecordedAndLabelled() {
    List<Machine> machines = provide(1, 0);

    assertThat(log.resources())
        .isNotEmpty()
        .allSatisfy(resource -> assertThat(resource.id()).isNotEmpty())
        .contains(machines.get(0).resource());
    assertThat(log.resources()).extracting(MachineResource::name).doesNotContain("");
    assertThat(provider.owners(task)).contains(owner);
  }

  @Test
  void providingAgainMakesNothing() throws Exception {
    List<Machine> machines = provide(1, 1);
    Set<String> made = new TreeSet<>(everything());

    List<Machine> again = provide(1, 1);

    assertThat(ids(again)).isEqualTo(ids(machines));
    assertThat(again.get(0).host().address()).isEqualTo(machines.get(0).host().address());
    assertThat(new TreeSet<>(everything())).isEqualTo(made);
  }

  @Test
  void machinesAreAddedAndReleased() throws Exception {
    List<String> first = ids(provide(1, 1));

    List<Machine> more = provide(1, 2);
    assertThat(ids(more)).hasSize(3).startsWith(first.toArray(new String[0]));

    assertThat(provide(1, 1)).as("fewer are wanted, none is removed").hasSize(3);
    assertThat(provider.release(owner, List.of(more.get(2)), log, task)).isEmpty();
    assertThat(ids(provide(1, 1))).isEqualTo(first);
  }

  @Test
  void machinesAreListedAsTheyWereProvided() throws Exception {
    assertThat(provider.machines(owner, log, task)).isEmpty();
    assertThat(new TreeSet<>(everything())).as("listing makes nothing").isEqualTo(before);
    List<Machine> machines = provide(1, 1);

    List<Machine> listed = provider.machines(owner, log, task);
    assertThat(ids(listed)).isEqualTo(ids(machines));
    assertThat(listed).extracting(Machine::group).containsExactly(0, 1);
    assertThat(listed)
        .extracting(Machine::host)
        .isEqualTo(machines.stream().map(Machine::host).toList());

    assertThat(provide(1, 0)).as("of the groups of the spec").hasSize(1);
    assertThat(ids(provider.machines(owner, log, task))).as("of all").isEqualTo(ids(machines));
  }

  @Test
  void removalLeavesNothingAndMayBeRepeated() throws Exception {
    provide(1, 1);

    assertThat(provider.remove(owner, log, task)).isEmpty();
    assertThat(log.resources()).isEmpty();
    assertThat(provider.owners(task)).doesNotContain(owner);
    assertThat(new TreeSet<>(everything())).isEqualTo(before);
    assertThat(provider.remove(owner, log, task)).isEmpty();
  }

  @Test
  void labelsTellWhatARecordHasLost() throws Exception {
    provide(1, 1);

    MemoryResourceLog lost = new MemoryResourceLog(directory);
    assertThat(provider.remove(owner, lost, task)).isEmpty();
    assertThat(new TreeSet<>(everything())).isEqualTo(before);
  }

  @Test
  void aDeathAnywhereCostsNothing() throws Exception {
    for (int entries = 0; entries < deaths(); entries++) {
      log.dieAfter(entries);
      boolean died = false;
      try {
        provide(1, 0);
      } catch (SealerException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.STORE_IO);
        died = true;
      }
      log.live();
      if (entries % 2 == 0) {
        Set<String> made = new TreeSet<>(everything());
        assertThat(provide(1, 0)).as("resumed after %d entries", entries).hasSize(1);
        assertThat(new TreeSet<>(everything())).containsAll(made);
      }
      assertThat(provider.remove(owner, log, task)).as("after %d entries", entries).isEmpty();
      assertThat(new TreeSet<>(everything())).as("after %d entries", entries).isEqualTo(before);
      if (!died) {
        return;
      }
    }
  }

  @Test
  void ownersDoNotTouchEachOther() throws Exception {
    MachineOwner other = newOwner();
    MemoryResourceLog others =
        new MemoryResourceLog(Files.createDirectory(directory.resolve("other")));
    List<Machine> machines = provide(1, 0);
    provider.provide(other, spec(1, 0), others, task);

    assertThat(provider.remove(other, others, task)).isEmpty();

    assertThat(provider.owners(task)).contains(owner).doesNotContain(other);
    assertThat(ids(provide(1, 0))).isEqualTo(ids(machines));
  }

  @Test
  void anInterruptCancels() {
    Tck.interruptedBefore(() -> provide(1, 0));
  }
}
