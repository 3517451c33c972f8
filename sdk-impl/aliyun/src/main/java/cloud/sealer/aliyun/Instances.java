package cloud.sealer.aliyun;

import cloud.sealer.aliyun.OpenApi.Product;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.MachineResource;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The machines of an owner. */
final class Instances {
  private static final String GROUP_TAG = "cloud.sealer.group";
  private static final String ROLES_TAG = "cloud.sealer.roles";
  private static final String TYPE = "type";
  private static final String RUNNING = "Running";
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** Another type or zone may do. */
  private static final Pattern SOLD_OUT =
      Pattern.compile(
          "OperationDenied\\.NoStock|OperationDenied|Zone\\.NotOnSale|InvalidResourceType\\.NotSupported"
              + "|InvalidInstanceType\\..*|InvalidSystemDiskCategory\\..*|InvalidDataDiskCategory\\..*"
              + "|ImageNotSupportInstanceType|InvalidInstanceType\\.ZoneNotSupported");

  private final Owned owned;
  private final CloudOptions options;
  private final Setting setting;

  /**
   * What all machines share.
   *
   * @param networks makes the vSwitches
   * @param network the VPC
   * @param securityGroup the security group's identifier
   * @param keyPair the name of the key pair
   */
  record Setting(
      Networks networks, MachineResource network, String securityGroup, String keyPair) {}

  Instances(Owned owned, CloudOptions options, Setting setting) {
    this.owned = owned;
    this.options = options;
    this.setting = setting;
  }

  /** Machines by group, and within a group in the order in which they were made. */
  static List<JsonNode> inOrder(List<JsonNode> instances) {
    return instances.stream()
        .sorted(
            Comparator.comparingInt(Instances::group)
                .thenComparingInt(each -> number(Kind.INSTANCE.name(each))))
        .toList();
  }

  /** The group of a machine: its tag says. */
  static int group(JsonNode instance) {
    return number(Kind.tag(instance, GROUP_TAG));
  }

  /** Whether a machine runs and has an address. */
  static boolean isReady(JsonNode instance) {
    return instance.path("Status").asText().equals(RUNNING) && !address(instance).isEmpty();
  }

  static List<String> roles(JsonNode instance) {
    return List.of(Kind.tag(instance, ROLES_TAG).split(",", -1));
  }

  static String address(JsonNode instance) {
    return instance
        .path("VpcAttributes")
        .path("PrivateIpAddress")
        .path("IpAddress")
        .path(0)
        .asText();
  }

  private static int number(String name) {
    String digits = name.substring(name.lastIndexOf('-') + 1);
    return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
  }

  /** Makes what a group lacks. */
  void require(int group, MachineGroup wanted) {
    String prefix = prefix(group);
    Map<String, MachineResource> known = new LinkedHashMap<>();
    for (MachineResource recorded : owned.recorded(Kind.INSTANCE)) {
      if (recorded.name().startsWith(prefix)) {
        known.put(recorded.name(), recorded);
      }
    }
    Map<String, JsonNode> there =
        owned.list(Kind.INSTANCE).stream()
            .filter(each -> group(each) == group)
            .collect(Collectors.toMap(Kind.INSTANCE::name, each -> each));
    there.forEach((name, instance) -> adopt(known, name, instance));
    known.values().removeIf(each -> !there.containsKey(each.name()) && forget(each));
    int last = known.keySet().stream().mapToInt(Instances::number).max().orElse(0);
    for (MachineResource planned : List.copyOf(known.values())) {
      if (planned.id().isEmpty()) {
        make(planned, group, wanted);
      }
    }
    for (int i = known.size(); i < wanted.count(); i++) {
      make(owned.planned(Kind.INSTANCE, prefix + ++last), group, wanted);
    }
  }

  private String prefix(int group) {
    return owned.owner().name() + "-" + group + "-";
  }

  private void adopt(Map<String, MachineResource> known, String name, JsonNode instance) {
    MachineResource found =
        known
            .getOrDefault(name, owned.planned(Kind.INSTANCE, name))
            .made(Kind.INSTANCE.id(instance));
    if (!found.equals(known.put(name, found))) {
      owned.log().put(found);
    }
  }

  /** One that was made and is not there any more is gone; one that was planned may be made yet. */
  private boolean forget(MachineResource resource) {
    if (resource.id().isEmpty()) {
      return false;
    }
    owned.log().remove(resource);
    return true;
  }

  private void make(MachineResource resource, int group, MachineGroup wanted) {
    List<Stock.Offer> offers =
        new ArrayList<>(
            new Stock(owned.api(), owned.task()).offers(wanted, setting.networks().zones()));
    MachineResource planned = resource;
    if (planned.attributes().containsKey(TYPE)) {
      // The answer to this very call may have been lost.
      Stock.Offer before =
          new Stock.Offer(
              planned.attributes().getOrDefault(Networks.ZONE, ""),
              planned.attributes().getOrDefault(TYPE, ""));
      offers.remove(before);
      offers.add(0, before);
    }
    List<String> refused = new ArrayList<>();
    for (Stock.Offer offer : offers) {
      if (!offer.type().equals(planned.attributes().get(TYPE))
          || !offer.zone().equals(planned.attributes().get(Networks.ZONE))) {
        planned = owned.plan(resource.with(TYPE, offer.type()).with(Networks.ZONE, offer.zone()));
      }
      try {
        owned.make(planned, (it, parameters) -> run(it, parameters, group, wanted));
        return;
      } catch (SealerException e) {
        if (!SOLD_OUT.matcher(CloudError.code(e)).matches()) {
          throw e;
        }
        refused.add(offer.type() + " in " + offer.zone() + ": " + CloudError.code(e));
        owned.task().notice(offer.type() + " cannot be had in " + offer.zone());
      }
    }
    // Nothing came of it; and nothing must be looked for.
    owned.log().remove(planned);
    throw soldOut(owned.api().region(), wanted, refused);
  }

  /** What users learn if no zone has what they want. */
  static SealerException soldOut(String region, MachineGroup wanted, List<String> refused) {
    return SealerException.builder(
            ErrorCode.MACHINES_UNAVAILABLE,
            "no zone of "
                + region
                + " has a machine with "
                + Stock.size(wanted)
                + (refused.isEmpty() ? "" : ":\n  " + String.join("\n  ", refused)))
        .remedy("ask for another size, take another region, or try again later")
        .retryable(true)
        .build();
  }

  private String run(
      MachineResource planned, Map<String, String> parameters, int group, MachineGroup wanted) {
    String zone = planned.attributes().getOrDefault(Networks.ZONE, "");
    Map<String, String> all = new TreeMap<>(parameters);
    Owned.tag(all, 4, GROUP_TAG, Integer.toString(group));
    Owned.tag(all, 5, ROLES_TAG, String.join(",", wanted.roles()));
    all.put("ZoneId", zone);
    all.put("VSwitchId", setting.networks().zoneSwitch(setting.network(), zone).id());
    all.put("SecurityGroupId", setting.securityGroup());
    all.put(options.image().startsWith("acs:") ? "ImageFamily" : "ImageId", options.image());
    all.put("InstanceType", planned.attributes().getOrDefault(TYPE, ""));
    all.put("InstanceChargeType", "PostPaid");
    all.put("InstanceName", planned.name());
    all.put("HostName", planned.name());
    all.put("KeyPairName", setting.keyPair());
    all.put("Amount", "1");
    all.put("SystemDisk.Category", options.disk());
    all.put("SystemDisk.Size", Integer.toString(CloudOptions.gib(wanted.systemDisk())));
    int disk = 0;
    for (long size : wanted.dataDisks()) {
      String name = "DataDisk." + ++disk + ".";
      all.put(name + "Category", options.disk());
      all.put(name + "Size", Integer.toString(CloudOptions.gib(size)));
      all.put(name + "DeleteWithInstance", "true");
    }
    return owned
        .api()
        .call(Product.ECS, "RunInstances", all, owned.task())
        .path("InstanceIdSets")
        .path("InstanceIdSet")
        .path(0)
        .asText();
  }

  /**
   * Waits until all machines run and have addresses.
   *
   * @param groups how many groups the spec has; what is recorded of further ones may be gone
   */
  List<JsonNode> running(int groups) {
    long recorded =
        IntStream.range(0, groups)
            .mapToLong(
                group ->
                    owned.recorded(Kind.INSTANCE).stream()
                        .filter(each -> each.name().startsWith(prefix(group)))
                        .count())
            .sum();
    Instant end = owned.api().clock().instant().plus(LIMIT);
    while (true) {
      List<JsonNode> all = owned.list(Kind.INSTANCE);
      long ready = all.stream().filter(Instances::isReady).count();
      if (ready == all.size() && ready >= recorded) {
        return all;
      }
      if (owned.api().clock().instant().isAfter(end)) {
        throw SealerException.builder(
                ErrorCode.MACHINES_UNAVAILABLE,
                (all.size() - ready)
                    + " of "
                    + all.size()
                    + " machines do not run after "
                    + LIMIT.toMinutes()
                    + " minutes")
            .remedy("look at them in the console of the cloud, then try again")
            .retryable(true)
            .build();
      }
      owned.api().sleep(PAUSE, "waiting for machines");
    }
  }
}
