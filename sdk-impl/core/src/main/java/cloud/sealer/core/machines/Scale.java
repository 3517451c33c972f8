package cloud.sealer.core.machines;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.Machine;
import java.util.ArrayList;
import java.util.List;

/**
 * What is wanted against what is there. The newest machines of a group go first, so the first
 * control plane, which is the first of the first group, always stays.
 *
 * @param kept the machines that stay, in the order of the spec
 * @param surplus the machines that are to go
 * @param missing how many are to be made, in words for each group that lacks some
 */
record Scale(List<Machine> kept, List<Machine> surplus, List<String> missing) {
  Scale {
    kept = List.copyOf(kept);
    surplus = List.copyOf(surplus);
    missing = List.copyOf(missing);
  }

  static Scale of(InfrastructureSpec wanted, List<Machine> there) {
    List<Machine> kept = new ArrayList<>();
    List<Machine> surplus = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    List<MachineGroup> groups = wanted.groups();
    for (int i = 0; i < groups.size(); i++) {
      int index = i;
      MachineGroup group = groups.get(i);
      List<Machine> own = there.stream().filter(machine -> machine.group() == index).toList();
      own.forEach(machine -> requireRoles(machine, group));
      int stay = Math.min(group.count(), own.size());
      kept.addAll(own.subList(0, stay));
      surplus.addAll(own.subList(stay, own.size()));
      if (stay < group.count()) {
        missing.add((group.count() - stay) + " × " + String.join(",", group.roles()));
      }
    }
    there.stream().filter(machine -> machine.group() >= groups.size()).forEach(surplus::add);
    return new Scale(kept, surplus, missing);
  }

  private static void requireRoles(Machine machine, MachineGroup group) {
    if (!machine.host().roles().equals(group.roles())) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST,
              "the group "
                  + (machine.group() + 1)
                  + " of machines is to be "
                  + group.roles()
                  + ", but "
                  + machine.resource().name()
                  + " was made in it as "
                  + machine.host().roles())
          .remedy(
              "leave the groups in their order: add new ones at the end, and give one that is to go"
                  + " the count 0")
          .build();
    }
  }
}
