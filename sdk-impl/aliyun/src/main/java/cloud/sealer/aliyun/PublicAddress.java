package cloud.sealer.aliyun;

import cloud.sealer.aliyun.OpenApi.Product;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SshOptions;
import cloud.sealer.sdk.spi.MachineResource;
import cloud.sealer.sdk.spi.ResourceLog;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The one public address of an owner, on its first machine. */
final class PublicAddress {
  private static final String ADDRESS = "address";

  /** The attribute that says where the SSH servers of the machines listen. */
  private static final String PORT = "ssh-port";

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int TRIES = 120;

  private final Owned owned;
  private final CloudOptions options;

  PublicAddress(Owned owned, CloudOptions options) {
    this.owned = owned;
    this.options = options;
  }

  /** The address as it is recorded. */
  static Optional<String> recorded(ResourceLog log) {
    return log.resources().stream()
        .filter(each -> each.kind().equals(Kind.ADDRESS.word()))
        .flatMap(each -> Optional.ofNullable(each.attributes().get(ADDRESS)).stream())
        .findFirst();
  }

  /** The port of the SSH servers as it is recorded. */
  static int recordedPort(ResourceLog log) {
    return log.resources().stream()
        .filter(each -> each.kind().equals(Kind.ADDRESS.word()))
        .flatMap(each -> Optional.ofNullable(each.attributes().get(PORT)).stream())
        .findFirst()
        .map(Integer::valueOf)
        .orElse(SshOptions.DEFAULT_PORT);
  }

  /** Binds it to a machine; made if there is none. */
  void require(String instance) {
    MachineResource address =
        owned.require(
            Kind.ADDRESS, owned.planned(Kind.ADDRESS, owned.addressName()), this::allocate);
    tag(address);
    bind(address, instance);
  }

  /** The call takes no tags; they follow at once, and the name is one that only the owner has. */
  private String allocate(MachineResource planned, Map<String, String> tagged) {
    Map<String, String> parameters = new TreeMap<>(tagged);
    parameters.keySet().removeIf(name -> name.startsWith("Tag."));
    parameters.put("Name", planned.name());
    parameters.put("Bandwidth", Integer.toString(options.bandwidth()));
    parameters.put("InstanceChargeType", "PostPaid");
    parameters.put("InternetChargeType", "PayByTraffic");
    return owned
        .api()
        .call(Product.VPC, "AllocateEipAddress", parameters, owned.task())
        .path("AllocationId")
        .asText();
  }

  private void tag(MachineResource address) {
    Map<String, String> parameters = owned.tags();
    parameters.put("ResourceType", "EIP");
    parameters.put("ResourceId.1", address.id());
    owned.api().call(Product.VPC, "TagResources", parameters, owned.task());
  }

  private void bind(MachineResource address, String instance) {
    for (int i = 0; i < TRIES; i++) {
      JsonNode now =
          owned
              .find(Kind.ADDRESS, address.name())
              .orElseThrow(() -> unavailable(address + " is gone"));
      boolean here = now.path("InstanceId").asText().equals(instance);
      String status = now.path("Status").asText();
      if (here && status.equals("InUse")) {
        record(address, now.path("IpAddress").asText());
        return;
      }
      if (status.equals("Available")) {
        change("AssociateEipAddress", address, instance);
      } else if (status.equals("InUse")) {
        change("UnassociateEipAddress", address, now.path("InstanceId").asText());
      }
      owned.api().sleep(PAUSE, "waiting for " + address);
    }
    throw unavailable(address + " cannot be bound to the machine " + instance);
  }

  private void record(MachineResource address, String text) {
    MachineResource known =
        address.with(ADDRESS, text).with(PORT, Integer.toString(options.sshPort()));
    if (!owned.recorded(Kind.ADDRESS, address.name()).equals(Optional.of(known))) {
      owned.log().put(known);
    }
  }

  private void change(String action, MachineResource address, String instance) {
    owned
        .api()
        .call(
            Product.VPC,
            action,
            Map.of(
                "AllocationId",
                address.id(),
                "InstanceId",
                instance,
                "InstanceType",
                "EcsInstance"),
            owned.task());
  }

  private static SealerException unavailable(String message) {
    return SealerException.builder(ErrorCode.MACHINES_UNAVAILABLE, message)
        .remedy("look at it in the console of the cloud, then try again")
        .retryable(true)
        .build();
  }
}
