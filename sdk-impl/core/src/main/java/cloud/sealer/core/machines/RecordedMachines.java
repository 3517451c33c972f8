package cloud.sealer.core.machines;

import cloud.sealer.core.event.TaskTree;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Machines;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.InfrastructureProvider;
import cloud.sealer.sdk.spi.InfrastructureProvider.Leftover;
import cloud.sealer.sdk.spi.MachineOwner;
import cloud.sealer.sdk.spi.MachineResource;
import cloud.sealer.sdk.spi.Task;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds and removes what nobody needs any more, by records and by labels. Thread-safe. */
public final class RecordedMachines implements Machines {
  private final List<Keeper> keepers;
  private final Providers providers;
  private final Clock clock;

  /**
   * A directory of records, and whose machines are still needed though nobody works on them.
   *
   * @param records the records
   * @param purpose what all machines in them are for
   * @param living the names of the owners that live without a process; asked when there is
   *     something to decide
   */
  public record Keeper(
      MachineRecords records, MachineOwner.Purpose purpose, Supplier<Set<String>> living) {
    /** Machines of builds: each lives as long as its process. */
    public static Keeper ofBuilds(MachineRecords records) {
      return new Keeper(records, MachineOwner.Purpose.BUILD, Set::of);
    }

    /**
     * Machines of clusters: a cluster that is recorded, in whatever state, lives.
     *
     * @param records the records of machines
     * @param clusters the clusters that are recorded in the same place
     */
    public static Keeper ofClusters(MachineRecords records, Supplier<List<ClusterState>> clusters) {
      return new Keeper(
          records,
          MachineOwner.Purpose.CLUSTER,
          () ->
              clusters.get().stream()
                  .map(state -> ClusterOwner.of(state.name(), records.home()).name())
                  .collect(Collectors.toSet()));
    }

    /** What nobody works on and nobody needs; each is locked until it is closed. */
    private List<MachineRecord> abandoned() {
      List<MachineRecord> idle = records.abandoned();
      try {
        return unneeded(idle);
      } catch (RuntimeException e) {
        idle.forEach(MachineRecord::close);
        throw e;
      }
    }

    private List<MachineRecord> unneeded(List<MachineRecord> idle) {
      List<MachineRecord> abandoned = new ArrayList<>();
      // Asked with the locks held: who begins a cluster has its lock until the cluster is recorded.
      Set<String> needed = idle.isEmpty() ? Set.of() : living.get();
      for (MachineRecord record : idle) {
        if (record.owner().purpose() == purpose && !needed.contains(record.owner().name())) {
          abandoned.add(record);
        } else {
          record.close();
        }
      }
      return abandoned;
    }

    /** Those of owners with labels that are ours, have no record, and are not needed. */
    private List<MachineOwner> unrecorded(List<MachineOwner> labelled) {
      Set<String> known = records.owners();
      String home = records.home();
      List<MachineOwner> lost =
          labelled.stream()
              .filter(owner -> owner.home().equals(home) && owner.purpose() == purpose)
              .filter(owner -> !known.contains(owner.name()))
              .toList();
      Set<String> needed = lost.isEmpty() ? Set.of() : living.get();
      return lost.stream().filter(owner -> !needed.contains(owner.name())).toList();
    }
  }

  /** Looks into the records of some directories. */
  public RecordedMachines(List<Keeper> keepers, Providers providers, Clock clock) {
    this.keepers = List.copyOf(keepers);
    this.providers = providers;
    this.clock = clock;
  }

  @Override
  public List<Abandoned> abandoned(EventListener listener) {
    try (TaskTree tasks = new TaskTree(listener, clock);
        Task task = tasks.start(Event.TaskKind.MACHINES, "machines that are left", -1);
        Search search = new Search(task)) {
      task.done(search.found().size() + " owners");
      return search.found();
    }
  }

  @Override
  public List<Abandoned> prune(EventListener listener) {
    try (TaskTree tasks = new TaskTree(listener, clock);
        Task task = tasks.start(Event.TaskKind.MACHINES, "removing machines that are left", -1);
        Search search = new Search(task)) {
      List<Abandoned> found = search.found();
      search.remove();
      task.done(found.size() + " owners");
      return found;
    }
  }

  /**
   * An owner that only labels tell of.
   *
   * @param keeper where its record should be
   * @param provider who has its resources
   * @param owner the owner
   */
  private record Unrecorded(Keeper keeper, InfrastructureProvider provider, MachineOwner owner) {}

  /** What is left, locked as long as this is open. */
  private final class Search implements AutoCloseable {
    private final Task task;
    private final List<MachineRecord> recorded = new ArrayList<>();
    private final List<Unrecorded> unrecorded = new ArrayList<>();
    private @Nullable SealerException failure;

    Search(Task task) {
      this.task = task;
      boolean complete = false;
      try {
        // In this order: who begins in between has a record by the time its labels are seen.
        keepers.forEach(keeper -> recorded.addAll(keeper.abandoned()));
        providers.all().forEach(this::ask);
        complete = true;
      } finally {
        if (!complete) {
          close();
        }
      }
    }

    private void ask(InfrastructureProvider provider) {
      try {
        List<MachineOwner> labelled = provider.owners(task);
        for (Keeper keeper : keepers) {
          keeper
              .unrecorded(labelled)
              .forEach(owner -> unrecorded.add(new Unrecorded(keeper, provider, owner)));
        }
      } catch (SealerException e) {
        if (e.code() == ErrorCode.CANCELLED) {
          throw e;
        }
        // Who never used it has nothing there; who did has a record, whose removal will fail.
        task.notice(provider.name() + " cannot be asked: " + e.getMessage());
      }
    }

    List<Abandoned> found() {
      List<Abandoned> found = new ArrayList<>();
      for (MachineRecord record : recorded) {
        found.add(
            new Abandoned(
                record.owner().name(),
                record.provider(),
                record.resources().stream().map(MachineResource::toString).toList()));
      }
      for (Unrecorded each : unrecorded) {
        found.add(new Abandoned(each.owner().name(), each.provider().name(), List.of()));
      }
      found.sort(Comparator.comparing(Abandoned::owner));
      return found;
    }

    void remove() {
      for (MachineRecord record : recorded) {
        attempt(
            () -> {
              InfrastructureProvider provider = provider(record);
              check(record.owner(), provider.remove(record.owner(), record, task));
              record.delete();
            });
      }
      for (Unrecorded each : unrecorded) {
        attempt(() -> remove(each));
      }
      SealerException first = failure;
      if (first != null) {
        throw first;
      }
    }

    private void remove(Unrecorded lost) {
      MachineOwner owner = lost.owner();
      try (MachineRecord record = lost.keeper().records().adopt(owner, lost.provider().name())) {
        // Since its labels were seen, a cluster of this name may have begun, and be there by now.
        boolean begun = !record.resources().isEmpty();
        if (!begun && !lost.keeper().living().get().contains(owner.name())) {
          check(owner, lost.provider().remove(owner, record, task));
        }
        if (!begun) {
          record.delete();
        }
      }
    }

    private InfrastructureProvider provider(MachineRecord record) {
      return providers.all().stream()
          .filter(provider -> provider.name().equals(record.provider()))
          .findFirst()
          .orElseThrow(
              () ->
                  SealerException.builder(
                          ErrorCode.PROVIDER_MISSING,
                          record.owner().name()
                              + " has machines of "
                              + record.provider()
                              + ", which is not on the class path")
                      .remedy("add its artifact, or set Sealer.Builder.infrastructure")
                      .build());
    }

    private void check(MachineOwner owner, List<Leftover> left) {
      if (!left.isEmpty()) {
        throw Leftovers.of(owner.name(), left);
      }
    }

    /** One that cannot be removed must not keep the others. */
    private void attempt(Runnable removal) {
      try {
        removal.run();
      } catch (SealerException e) {
        if (e.code() == ErrorCode.CANCELLED) {
          throw e;
        }
        SealerException first = failure;
        if (first == null) {
          failure = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }

    @Override
    public void close() {
      recorded.forEach(MachineRecord::close);
    }
  }
}
