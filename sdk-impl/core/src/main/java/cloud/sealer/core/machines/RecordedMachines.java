package cloud.sealer.core.machines;

import cloud.sealer.core.event.TaskTree;
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
import org.jspecify.annotations.Nullable;

/** Finds and removes what dead builds have left, by records and by labels. Thread-safe. */
public final class RecordedMachines implements Machines {
  private final MachineRecords records;
  private final Providers providers;
  private final Clock clock;

  /** Looks into the records of one directory. */
  public RecordedMachines(MachineRecords records, Providers providers, Clock clock) {
    this.records = records;
    this.providers = providers;
    this.clock = clock;
  }

  @Override
  public List<Abandoned> abandoned(EventListener listener) {
    try (TaskTree tasks = new TaskTree(listener, clock);
        Task task = tasks.start(Event.TaskKind.MACHINES, "machines that are left", -1);
        Search search = new Search(task)) {
      task.done(search.found().size() + " builds");
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
      task.done(found.size() + " builds");
      return found;
    }
  }

  /**
   * An owner that only labels tell of.
   *
   * @param provider who has its resources
   * @param owner the owner
   */
  private record Unrecorded(InfrastructureProvider provider, MachineOwner owner) {}

  /** What is left, locked as long as this is open. */
  private final class Search implements AutoCloseable {
    private final Task task;
    private final List<MachineRecord> recorded;
    private final List<Unrecorded> unrecorded = new ArrayList<>();
    private @Nullable SealerException failure;

    Search(Task task) {
      this.task = task;
      // In this order: a build that begins in between has a record by the time its labels are seen.
      List<MachineRecord> ofBuilds = new ArrayList<>();
      for (MachineRecord record : records.abandoned()) {
        if (record.owner().purpose() == MachineOwner.Purpose.BUILD) {
          ofBuilds.add(record);
        } else {
          record.close(); // a cluster lives on without the process that made it
        }
      }
      recorded = List.copyOf(ofBuilds);
      boolean complete = false;
      try {
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
        Set<String> known = records.owners();
        String home = records.home();
        labelled.stream()
            .filter(owner -> owner.home().equals(home))
            .filter(owner -> owner.purpose() == MachineOwner.Purpose.BUILD)
            .filter(owner -> !known.contains(owner.name()))
            .forEach(owner -> unrecorded.add(new Unrecorded(provider, owner)));
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
        attempt(
            () -> {
              try (MachineRecord empty = records.adopt(each.owner(), each.provider().name())) {
                check(each.owner(), each.provider().remove(each.owner(), empty, task));
                empty.delete();
              }
            });
      }
      SealerException first = failure;
      if (first != null) {
        throw first;
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
