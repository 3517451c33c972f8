package cloud.sealer.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The calls of the ECS interface, version 2014-05-26: machines, security groups, key pairs. */
final class CloudMachineCalls {
  static final String INSTANCE = "i";
  static final String GROUP = "sg";
  static final String KEY_PAIR = "key";

  /** What is for sale: zone, type, processors, GiB of memory. */
  private static final List<List<String>> OFFERS =
      List.of(
          List.of("embedded-a", "ecs.t6-c1m2.large", "2", "4"),
          List.of("embedded-a", "ecs.c6.large", "2", "4"),
          List.of("embedded-b", "ecs.c6.large", "2", "4"),
          List.of("embedded-b", "ecs.c7.large", "2", "4"),
          List.of("embedded-b", "ecs.t6-c1m2.large", "2", "4"),
          List.of("embedded-b", "ecs.g7.xlarge", "4", "16"));

  private final CloudState state;
  private final CloudFaults faults;
  private final CloudMachines machines;

  CloudMachineCalls(CloudState state, CloudFaults faults, CloudMachines machines) {
    this.state = state;
    this.faults = faults;
    this.machines = machines;
  }

  Map<String, Object> answer(String action, Map<String, String> request) {
    return switch (action) {
      case "DescribeAvailableResource" -> available(request);
      case "CreateSecurityGroup" -> createGroup(request);
      case "AuthorizeSecurityGroup" -> rule(request, true);
      case "RevokeSecurityGroup" -> rule(request, false);
      case "DescribeSecurityGroupAttribute" -> rules(request);
      case "ImportKeyPair" -> importKey(request);
      case "RunInstances" -> run(request);
      case "DescribeInstances" -> instances(request);
      case "DescribeSecurityGroups" -> list("SecurityGroups", "SecurityGroup", GROUP, request);
      case "DescribeKeyPairs" -> list("KeyPairs", "KeyPair", KEY_PAIR, request);
      case "DeleteInstances" -> deleteInstance(request);
      case "DeleteSecurityGroup" -> deleteGroup(request);
      case "DeleteKeyPairs" -> deleteKey(request);
      default -> throw CloudError.wrong("InvalidAction.NotFound", action + " is not known");
    };
  }

  private Map<String, Object> list(
      String outer, String inner, String kind, Map<String, String> request) {
    return CloudState.answer(outer, inner, state.list(kind, request), request, "Tag");
  }

  private Map<String, Object> available(Map<String, String> request) {
    Map<String, List<Object>> zones = new TreeMap<>();
    for (List<String> offer : OFFERS) {
      if (offer.get(2).equals(request.get("Cores")) && offer.get(3).equals(request.get("Memory"))) {
        boolean there = faults.inStock(offer.get(1));
        zones
            .computeIfAbsent(offer.get(0), zone -> new ArrayList<>())
            .add(
                Map.of(
                    "Value", offer.get(1),
                    "Status", there ? "Available" : "SoldOut",
                    "StatusCategory", there ? "WithStock" : "WithoutStock"));
      }
    }
    List<Object> told = new ArrayList<>();
    zones.forEach(
        (zone, types) ->
            told.add(
                Map.of(
                    "ZoneId",
                    zone,
                    "Status",
                    "Available",
                    "StatusCategory",
                    "WithStock",
                    "AvailableResources",
                    Map.of(
                        "AvailableResource",
                        List.of(
                            Map.of(
                                "Type",
                                "InstanceType",
                                "SupportedResources",
                                Map.of("SupportedResource", types)))))));
    return Map.of("AvailableZones", Map.of("AvailableZone", told));
  }

  private Map<String, Object> createGroup(Map<String, String> request) {
    String vpc = request.getOrDefault("VpcId", "");
    state.get(CloudNetworkCalls.VPC, vpc, "InvalidVpcId");
    CloudResource group = state.add(GROUP, "", request);
    group.fields.putAll(
        Map.of(
            "SecurityGroupId",
            group.id,
            "SecurityGroupName",
            request.getOrDefault("SecurityGroupName", ""),
            "VpcId",
            vpc));
    return Map.of("SecurityGroupId", group.id);
  }

  private CloudResource group(Map<String, String> request) {
    return state.get(GROUP, request.getOrDefault("SecurityGroupId", ""), "InvalidSecurityGroupId");
  }

  private Map<String, Object> rule(Map<String, String> request, boolean add) {
    List<String> rule =
        List.of(
            request.getOrDefault("IpProtocol", ""),
            request.getOrDefault("PortRange", ""),
            request.getOrDefault("SourceCidrIp", ""));
    if (add) {
      group(request).rules.add(rule);
    } else {
      group(request).rules.remove(rule);
    }
    return Map.of();
  }

  private Map<String, Object> rules(Map<String, String> request) {
    List<Object> told = new ArrayList<>();
    for (List<String> rule : group(request).rules) {
      told.add(
          Map.of(
              "IpProtocol", rule.get(0),
              "PortRange", rule.get(1),
              "SourceCidrIp", rule.get(2),
              "Direction", "ingress",
              "Policy", "Accept"));
    }
    return Map.of("Permissions", Map.of("Permission", told));
  }

  private Map<String, Object> importKey(Map<String, String> request) {
    String name = request.getOrDefault("KeyPairName", "");
    if (!state.all(KEY_PAIR, each -> each.has("KeyPairName", name)).isEmpty()) {
      throw CloudError.wrong("KeyPair.AlreadyExist", name + " is there already");
    }
    CloudResource key = state.add(KEY_PAIR, "", request);
    key.fields.put("KeyPairName", name);
    key.fields.put("PublicKeyBody", request.getOrDefault("PublicKeyBody", ""));
    return Map.of("KeyPairName", name);
  }

  private CloudResource key(String name) {
    return state.all(KEY_PAIR, each -> each.has("KeyPairName", name)).stream()
        .findFirst()
        .orElseThrow(() -> CloudError.notFound("InvalidKeyPair", name));
  }

  private Map<String, Object> run(Map<String, String> request) {
    String type = request.getOrDefault("InstanceType", "");
    String zone = request.getOrDefault("ZoneId", "");
    CloudResource zoneSwitch =
        state.get(
            CloudNetworkCalls.SWITCH, request.getOrDefault("VSwitchId", ""), "InvalidVSwitchId");
    CloudResource group = group(request);
    CloudResource key = key(request.getOrDefault("KeyPairName", ""));
    if (!zoneSwitch.has("ZoneId", zone) || !zoneSwitch.text("VpcId").equals(group.text("VpcId"))) {
      throw CloudError.wrong("InvalidParameter", "zone, vSwitch and group do not belong together");
    }
    if (OFFERS.stream().noneMatch(o -> o.get(0).equals(zone) && o.get(1).equals(type))
        || !faults.sells(type)) {
      throw new CloudError(403, "OperationDenied.NoStock", type + " is out of stock in " + zone);
    }
    CloudResource made = state.add(INSTANCE, "", request);
    made.fields.putAll(
        Map.of(
            "InstanceId",
            made.id,
            "InstanceName",
            request.getOrDefault("InstanceName", ""),
            "InstanceType",
            type,
            "ZoneId",
            zone,
            "VSwitchId",
            zoneSwitch.id,
            "SecurityGroupId",
            group.id,
            "Status",
            "Pending"));
    made.polls = faults.startPolls();
    CloudMachines.Order order =
        new CloudMachines.Order(
            request.getOrDefault("HostName", ""), key.text("PublicKeyBody"), request);
    Thread starter = new Thread(() -> start(made, order), "embedded-cloud-start");
    starter.setDaemon(true);
    starter.start();
    return Map.of("InstanceIdSets", Map.of("InstanceIdSet", List.of(made.id)));
  }

  private void start(CloudResource instance, CloudMachines.Order order) {
    synchronized (instance) {
      try {
        if (!instance.ending) {
          instance.machine = machines.start(order);
        }
      } catch (IOException | RuntimeException e) {
        instance.failure = e.toString();
      }
    }
  }

  private Map<String, Object> instances(Map<String, String> request) {
    List<CloudResource> found = state.list(INSTANCE, request);
    found.forEach(this::poll);
    return list("Instances", "Instance", INSTANCE, request);
  }

  /** A look at a machine lets its time go by. */
  private void poll(CloudResource instance) {
    if (instance.polls-- > 0) {
      return;
    }
    if (instance.ending) {
      end(instance);
      return;
    }
    if (instance.failure != null) {
      instance.fields.put("Status", "Stopped");
      instance.fields.put("Description", instance.failure);
      return;
    }
    CloudMachines.Started machine = instance.machine;
    if (machine != null && instance.has("Status", "Pending")) {
      instance.fields.put("Status", "Running");
      instance.fields.put(
          "VpcAttributes",
          Map.of("PrivateIpAddress", Map.of("IpAddress", List.of(machine.address()))));
    }
  }

  /** Ends the machine and forgets it. */
  void end(CloudResource instance) {
    synchronized (instance) {
      instance.ending = true;
      CloudMachines.Started machine = instance.machine;
      if (machine != null) {
        machine.close();
        instance.machine = null;
      }
    }
    state
        .all(CloudNetworkCalls.ADDRESS, each -> each.has("InstanceId", instance.id))
        .forEach(CloudNetworkCalls::unbind);
    state.remove(instance);
  }

  private Map<String, Object> deleteInstance(Map<String, String> request) {
    CloudResource instance =
        state.get(INSTANCE, request.getOrDefault("InstanceId.1", ""), "InvalidInstanceId");
    if (!"true".equals(request.get("Force"))) {
      throw new CloudError(403, "IncorrectInstanceStatus", "it runs, and Force is not set");
    }
    if (instance.has("Status", "Pending")) {
      throw new CloudError(403, "IncorrectInstanceStatus.Initializing", "it is being made");
    }
    if (!instance.ending) {
      instance.ending = true;
      instance.polls = faults.endPolls();
      instance.fields.put("Status", "Stopping");
    }
    return Map.of();
  }

  private Map<String, Object> deleteGroup(Map<String, String> request) {
    CloudResource group = group(request);
    if (!state.all(INSTANCE, each -> each.has("SecurityGroupId", group.id)).isEmpty()) {
      throw new CloudError(403, "DependencyViolation", group.id + " has machines");
    }
    state.remove(group);
    return Map.of();
  }

  private Map<String, Object> deleteKey(Map<String, String> request) {
    String names = request.getOrDefault("KeyPairNames", "");
    String name = names.replaceAll("^\\[\"|\"\\]$", "");
    state.remove(key(name));
    return Map.of();
  }
}
