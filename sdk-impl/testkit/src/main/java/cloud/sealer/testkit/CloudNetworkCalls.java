package cloud.sealer.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** The calls of the VPC interface, version 2016-04-28: networks, vSwitches, public addresses. */
final class CloudNetworkCalls {
  static final String VPC = "vpc";
  static final String SWITCH = "vsw";
  static final String ADDRESS = "eip";

  private final CloudState state;
  private final String block = "127." + ThreadLocalRandom.current().nextInt(130, 250) + ".0.";
  private final AtomicInteger last = new AtomicInteger();

  CloudNetworkCalls(CloudState state) {
    this.state = state;
  }

  Map<String, Object> answer(String action, Map<String, String> request) {
    return switch (action) {
      case "CreateVpc" -> createVpc(request);
      case "CreateVSwitch" -> createSwitch(request);
      case "AllocateEipAddress" -> allocate(request);
      case "AssociateEipAddress" -> associate(request);
      case "UnassociateEipAddress" -> unassociate(request);
      case "TagResources" -> tag(request);
      case "DescribeVpcs" -> list("Vpcs", "Vpc", VPC, request);
      case "DescribeVSwitches" -> list("VSwitches", "VSwitch", SWITCH, request);
      case "DescribeEipAddresses" -> list("EipAddresses", "EipAddress", ADDRESS, request);
      case "DeleteVpc" -> deleteVpc(request);
      case "DeleteVSwitch" -> deleteSwitch(request);
      case "ReleaseEipAddress" -> release(request);
      default -> throw CloudError.wrong("InvalidAction.NotFound", action + " is not known");
    };
  }

  private Map<String, Object> list(
      String outer, String inner, String kind, Map<String, String> request) {
    List<CloudResource> found = state.list(kind, request);
    Map<String, Object> answer = CloudState.answer(outer, inner, found, request, "");
    // Whoever asks again sees it ready.
    found.stream()
        .filter(each -> each.has("Status", "Pending"))
        .forEach(each -> each.fields.put("Status", "Available"));
    return answer;
  }

  private Map<String, Object> createVpc(Map<String, String> request) {
    CloudResource vpc = state.add(VPC, "", request);
    vpc.fields.putAll(
        Map.of(
            "VpcId",
            vpc.id,
            "VpcName",
            request.getOrDefault("VpcName", ""),
            "CidrBlock",
            request.getOrDefault("CidrBlock", "172.16.0.0/12"),
            "Status",
            "Pending"));
    return Map.of("VpcId", vpc.id);
  }

  private Map<String, Object> createSwitch(Map<String, String> request) {
    String vpc = request.getOrDefault("VpcId", "");
    String cidr = request.getOrDefault("CidrBlock", "");
    if (!state.get(VPC, vpc, "InvalidVpcId").has("Status", "Available")) {
      throw CloudError.wrong("IncorrectVpcStatus", vpc + " is not ready");
    }
    boolean taken =
        !state.all(SWITCH, each -> each.has("VpcId", vpc) && each.has("CidrBlock", cidr)).isEmpty();
    if (taken) {
      throw CloudError.wrong("InvalidCidrBlock.Overlapped", cidr + " is taken");
    }
    CloudResource made = state.add(SWITCH, "", request);
    made.fields.putAll(
        Map.of(
            "VSwitchId",
            made.id,
            "VSwitchName",
            request.getOrDefault("VSwitchName", ""),
            "VpcId",
            vpc,
            "ZoneId",
            request.getOrDefault("ZoneId", ""),
            "CidrBlock",
            cidr,
            "Status",
            "Pending"));
    return Map.of("VSwitchId", made.id);
  }

  private Map<String, Object> allocate(Map<String, String> request) {
    if (request.containsKey("Tag.1.Key")) {
      throw CloudError.wrong("InvalidParameter", "an address is not made with tags");
    }
    CloudResource made = state.add(ADDRESS, "", request);
    String address = block + last.incrementAndGet();
    made.fields.putAll(
        Map.of(
            "AllocationId",
            made.id,
            "Name",
            request.getOrDefault("Name", ""),
            "IpAddress",
            address,
            "InstanceId",
            "",
            "Status",
            "Available"));
    return Map.of("AllocationId", made.id, "EipAddress", address);
  }

  private CloudResource address(Map<String, String> request) {
    return state.get(ADDRESS, request.getOrDefault("AllocationId", ""), "InvalidAllocationId");
  }

  private Map<String, Object> associate(Map<String, String> request) {
    CloudResource address = address(request);
    CloudResource instance =
        state.get(
            CloudMachineCalls.INSTANCE,
            request.getOrDefault("InstanceId", ""),
            "InvalidInstanceId");
    CloudMachines.Started machine = instance.machine;
    if (!address.has("Status", "Available")) {
      throw CloudError.wrong("IncorrectEipStatus", address.id + " is in use");
    }
    if (machine == null || !instance.has("Status", "Running")) {
      throw CloudError.wrong("IncorrectInstanceStatus", instance.id + " does not run");
    }
    try {
      address.relay =
          new CloudRelay(
              address.text("IpAddress"),
              new InetSocketAddress(machine.address(), machine.sshPort()),
              peer -> admits(instance, peer.getHostAddress(), machine.sshPort()));
    } catch (IOException e) {
      throw new CloudError(500, "InternalError", String.valueOf(e.getMessage()));
    }
    address.fields.put("Status", "InUse");
    address.fields.put("InstanceId", instance.id);
    return Map.of();
  }

  private boolean admits(CloudResource instance, String peer, int port) {
    return state
        .all(CloudMachineCalls.GROUP, each -> each.id.equals(instance.text("SecurityGroupId")))
        .stream()
        .flatMap(group -> Set.copyOf(group.rules).stream())
        .anyMatch(
            rule ->
                rule.get(1).equals(port + "/" + port)
                    && (rule.get(2).equals(peer + "/32") || rule.get(2).equals("0.0.0.0/0")));
  }

  private Map<String, Object> unassociate(Map<String, String> request) {
    unbind(address(request));
    return Map.of();
  }

  /** Frees an address from its machine. */
  static void unbind(CloudResource address) {
    CloudRelay relay = address.relay;
    if (relay != null) {
      relay.close();
      address.relay = null;
    }
    address.fields.put("Status", "Available");
    address.fields.put("InstanceId", "");
  }

  private Map<String, Object> tag(Map<String, String> request) {
    if (!"EIP".equals(request.get("ResourceType"))) {
      throw CloudError.wrong("InvalidResourceType", "only addresses are tagged so");
    }
    CloudState.tag(
        state.get(ADDRESS, request.getOrDefault("ResourceId.1", ""), "InvalidResourceId"), request);
    return Map.of();
  }

  private Map<String, Object> deleteVpc(Map<String, String> request) {
    CloudResource vpc = state.get(VPC, request.getOrDefault("VpcId", ""), "InvalidVpcID");
    if (!state.all(SWITCH, each -> each.has("VpcId", vpc.id)).isEmpty()) {
      throw CloudError.wrong("DependencyViolation.VSwitch", vpc.id + " has vSwitches");
    }
    if (!state.all(CloudMachineCalls.GROUP, each -> each.has("VpcId", vpc.id)).isEmpty()) {
      throw CloudError.wrong("DependencyViolation.SecurityGroup", vpc.id + " has groups");
    }
    state.remove(vpc);
    return Map.of();
  }

  private Map<String, Object> deleteSwitch(Map<String, String> request) {
    CloudResource found =
        state.get(SWITCH, request.getOrDefault("VSwitchId", ""), "InvalidVSwitchId");
    if (!state.all(CloudMachineCalls.INSTANCE, each -> each.has("VSwitchId", found.id)).isEmpty()) {
      throw CloudError.wrong("DependencyViolation", found.id + " has machines");
    }
    state.remove(found);
    return Map.of();
  }

  private Map<String, Object> release(Map<String, String> request) {
    CloudResource address = address(request);
    if (!address.has("Status", "Available")) {
      throw CloudError.wrong("IncorrectEipStatus", address.id + " is in use");
    }
    state.remove(address);
    return Map.of();
  }
}
