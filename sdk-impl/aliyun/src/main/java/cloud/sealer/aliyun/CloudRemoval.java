package cloud.sealer.aliyun;

import cloud.sealer.aliyun.OpenApi.Product;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.InfrastructureProvider.Leftover;
import cloud.sealer.sdk.spi.MachineResource;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Removes resources, kind after kind, and sees that they are gone. What is still in use by
 * something that is going away is tried again.
 */
final class CloudRemoval {
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** A call whose answer nobody saw may take effect late. */
  private static final int LOOKS = 3;

  private final Owned owned;
  private final Duration limit;
  private final List<Leftover> left = new ArrayList<>();

  /** A removal in which each kind may take that long. */
  CloudRemoval(Owned owned, Duration limit) {
    this.owned = owned;
    this.limit = limit;
  }

  /** Removes everything. */
  List<Leftover> all() {
    for (Kind kind : Kind.values()) {
      remove(kind, there(kind));
    }
    return left;
  }

  /** Removes some machines. */
  List<Leftover> instances(List<MachineResource> instances) {
    Map<String, MachineResource> wanted = new TreeMap<>();
    instances.forEach(each -> wanted.put(each.name(), each));
    remove(Kind.INSTANCE, wanted);
    return left;
  }

  /** What is recorded and what is there, by name. */
  private Map<String, MachineResource> there(Kind kind) {
    Map<String, MachineResource> all = new TreeMap<>();
    owned.recorded(kind).forEach(each -> all.put(each.name(), each));
    boolean late = all.values().stream().anyMatch(each -> each.id().isEmpty());
    for (int look = 0; look < (late ? LOOKS : 1); look++) {
      if (look > 0) {
        owned.api().sleep(PAUSE, "the removal of the machines");
      }
      for (JsonNode found : owned.list(kind)) {
        all.put(kind.name(found), owned.planned(kind, kind.name(found)).made(kind.id(found)));
      }
    }
    return all;
  }

  /** Removes resources of a kind together: they go away side by side. */
  private void remove(Kind kind, Map<String, MachineResource> resources) {
    Map<String, String> reasons = new TreeMap<>();
    Instant end = owned.api().clock().instant().plus(limit);
    for (int pass = 0; !resources.isEmpty(); pass++) {
      if (pass > 0) {
        if (owned.api().clock().instant().isAfter(end)) {
          break;
        }
        owned.api().sleep(PAUSE, "the removal of the machines");
      }
      Map<String, JsonNode> now = new TreeMap<>();
      owned.list(kind).forEach(each -> now.put(kind.name(each), each));
      for (MachineResource resource : List.copyOf(resources.values())) {
        JsonNode state = now.get(resource.name());
        if (state == null) {
          owned.log().remove(resource);
          resources.remove(resource.name());
        } else {
          delete(kind, kind.id(state), state)
              .ifPresent(reason -> reasons.put(resource.name(), reason));
        }
      }
    }
    resources.forEach(
        (name, resource) ->
            left.add(
                new Leftover(
                    resource, reasons.getOrDefault(name, "it is still there"), kind.cost())));
  }

  /** Tries it; why it did not work, if so. */
  private Optional<String> delete(Kind kind, String id, JsonNode state) {
    try {
      String user = state.path("InstanceId").asText();
      if (kind == Kind.ADDRESS && !user.isEmpty()) {
        owned
            .api()
            .call(
                Product.VPC,
                "UnassociateEipAddress",
                Map.of("AllocationId", id, "InstanceId", user, "InstanceType", "EcsInstance"),
                owned.task());
        return Optional.of("it is still bound to " + user);
      }
      owned.api().call(kind.product(), kind.deletion(), kind.deleting(id), owned.task());
      return Optional.empty();
    } catch (SealerException e) {
      if (e.code() == ErrorCode.CANCELLED) {
        throw e;
      }
      // Whoever may not do this may still be allowed to remove what costs more.
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
