package cloud.sealer.core.machines;

import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SshOptions;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.InfrastructureProvider;
import cloud.sealer.sdk.spi.Machine;
import cloud.sealer.sdk.spi.MachineOwner;
import cloud.sealer.sdk.spi.MachineResource;
import cloud.sealer.sdk.spi.ResourceLog;
import cloud.sealer.sdk.spi.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Machines that are nothing but entries of a list, which is the truth beside all records. */
final class FakeMachines implements InfrastructureProvider {
  private final List<Entry> entries = new ArrayList<>();
  private final Set<String> stuck = new HashSet<>();
  private final Set<String> crashed = new HashSet<>();
  private final Set<String> stopped = new HashSet<>();
  private int addresses;
  private int limit = Integer.MAX_VALUE;
  private int checks;

  private record Entry(MachineOwner owner, Machine machine) {}

  /** Lets only so many machines exist. */
  void limit(int machines) {
    this.limit = machines;
  }

  /** Keeps a machine from being removed; an empty name lets go of all. */
  void stick(String name) {
    if (name.isEmpty()) {
      stuck.clear();
    } else {
      stuck.add(name);
    }
  }

  /** Lets the machine at an address vanish behind the back of all records. */
  void vanish(String address) {
    entries.removeIf(entry -> entry.machine().host().address().host().equals(address));
  }

  /** Stops the machine at an address, until machines are provided. */
  void stop(String address) {
    stopped.add(address);
  }

  /** Stops the machine at an address for good. */
  void crash(String address) {
    crashed.add(address);
  }

  /** The addresses of all machines, sorted. */
  List<String> addresses() {
    return entries.stream().map(e -> e.machine().host().address().toString()).sorted().toList();
  }

  int checks() {
    return checks;
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public BuildMode mode() {
    return BuildMode.CLOUD;
  }

  @Override
  public void check(InfrastructureSpec spec, Task task) {
    checks++;
    if (limit == 0) {
      throw SealerException.builder(ErrorCode.PREFLIGHT_FAILED, "no stock").build();
    }
  }

  @Override
  public List<Machine> provide(
      MachineOwner owner, InfrastructureSpec spec, ResourceLog log, Task task) {
    stopped.clear();
    for (int i = 0; i < spec.groups().size(); i++) {
      MachineGroup group = spec.groups().get(i);
      int index = i;
      long there =
          entries.stream()
              .filter(entry -> entry.owner().equals(owner) && entry.machine().group() == index)
              .count();
      for (; there < group.count(); there++) {
        if (entries.size() >= limit) {
          throw SealerException.builder(ErrorCode.MACHINES_UNAVAILABLE, "no stock")
              .remedy("wait")
              .build();
        }
        make(owner, index, group, log);
      }
    }
    return machines(owner, log, task).stream()
        .filter(machine -> machine.group() < spec.groups().size())
        .toList();
  }

  private void make(MachineOwner owner, int index, MachineGroup group, ResourceLog log) {
    addresses++;
    MachineResource planned = MachineResource.planned("machine", owner.name() + "-" + addresses);
    log.put(planned);
    Host host =
        new Host(
            HostAddress.parse("10.9.0." + addresses), group.roles(), SshOptions.NONE, Map.of());
    MachineResource made = planned.made("i-" + addresses);
    entries.add(new Entry(owner, new Machine(made, index, host)));
    log.put(made);
  }

  @Override
  public List<Machine> machines(MachineOwner owner, ResourceLog log, Task task) {
    return entries.stream()
        .filter(entry -> entry.owner().equals(owner))
        .map(Entry::machine)
        .filter(machine -> runs(machine.host().address().toString()))
        .sorted(Comparator.comparingInt(Machine::group))
        .toList();
  }

  private boolean runs(String address) {
    return !stopped.contains(address) && !crashed.contains(address);
  }

  @Override
  public List<Leftover> release(
      MachineOwner owner, List<Machine> machines, ResourceLog log, Task task) {
    List<Leftover> left = new ArrayList<>();
    for (Machine machine : machines) {
      if (stuck.contains(machine.host().address().toString())) {
        left.add(new Leftover(machine.resource(), "it is stuck", true));
      } else {
        entries.removeIf(entry -> entry.machine().equals(machine));
        log.remove(machine.resource());
      }
    }
    return left;
  }

  @Override
  public List<Leftover> remove(MachineOwner owner, ResourceLog log, Task task) {
    List<Leftover> left = release(owner, machines(owner, log, task), log, task);
    if (left.isEmpty()) {
      log.resources().forEach(log::remove);
    }
    return left;
  }

  @Override
  public List<MachineOwner> owners(Task task) {
    return entries.stream().map(Entry::owner).distinct().toList();
  }

  @Override
  public HostConnector connector(List<Machine> machines, ResourceLog log) {
    return new HostConnector() {
      @Override
      public String name() {
        return FakeMachines.this.name();
      }

      @Override
      public boolean reaches(Host host) {
        return machines.stream().anyMatch(each -> each.host().address().equals(host.address()));
      }

      @Override
      public HostSession connect(Host host, Task task) {
        throw new UnsupportedOperationException();
      }
    };
  }
}
