package cloud.sealer.aliyun;

import cloud.sealer.aliyun.OpenApi.Product;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.MachineResource;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The network of an owner: a VPC, a vSwitch in each zone with machines, and a security group. */
final class Networks {
  static final String ZONE = "zone";
  private static final String BLOCK = "block";
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int TRIES = 120;

  private final Owned owned;
  private final CloudOptions options;

  Networks(Owned owned, CloudOptions options) {
    this.owned = owned;
    this.options = options;
  }

  /** The VPC, made if it is missing. */
  MachineResource network() {
    MachineResource network =
        owned.require(
            Kind.NETWORK,
            owned.planned(Kind.NETWORK, owned.owner().name()),
            (planned, parameters) -> {
              parameters.put("VpcName", planned.name());
              parameters.put("CidrBlock", options.network() + ".0.0/16");
              return owned
                  .api()
                  .call(Product.VPC, "CreateVpc", parameters, owned.task())
                  .path("VpcId")
                  .asText();
            });
    available(Kind.NETWORK, network);
    return network;
  }

  /** The vSwitch of a zone, made if it is missing. */
  MachineResource zoneSwitch(MachineResource network, String zone) {
    MachineResource zoneSwitch =
        owned.require(
            Kind.SWITCH,
            owned
                .planned(Kind.SWITCH, owned.owner().name() + "-" + zone)
                .with(ZONE, zone)
                .with(BLOCK, freeBlock()),
            (planned, parameters) -> {
              parameters.put("VSwitchName", planned.name());
              parameters.put("VpcId", network.id());
              parameters.put("ZoneId", zone);
              parameters.put(
                  "CidrBlock", options.network() + "." + planned.attributes().get(BLOCK) + ".0/24");
              return owned
                  .api()
                  .call(Product.VPC, "CreateVSwitch", parameters, owned.task())
                  .path("VSwitchId")
                  .asText();
            });
    available(Kind.SWITCH, zoneSwitch);
    return zoneSwitch;
  }

  /** The zones that have a vSwitch already. */
  List<String> zones() {
    return owned.recorded(Kind.SWITCH).stream()
        .map(each -> each.attributes().getOrDefault(ZONE, ""))
        .toList();
  }

  private String freeBlock() {
    Set<String> taken = new HashSet<>();
    owned.recorded(Kind.SWITCH).forEach(each -> taken.add(each.attributes().get(BLOCK)));
    int block = 0;
    while (taken.contains(Integer.toString(block))) {
      block++;
    }
    return Integer.toString(block);
  }

  private void available(Kind kind, MachineResource resource) {
    for (int i = 0; i < TRIES; i++) {
      String status =
          owned
              .find(kind, resource.name())
              .map(each -> each.path("Status").asText())
              .orElse("not there yet");
      if (status.equals("Available")) {
        return;
      }
      owned.api().sleep(PAUSE, "waiting for " + resource);
    }
    throw SealerException.builder(
            ErrorCode.MACHINES_UNAVAILABLE, resource + " does not become available")
        .remedy("look at it in the console of the cloud, then try again")
        .retryable(true)
        .build();
  }

  /**
   * The security group, made if it is missing, that lets the sources connect to SSH servers and
   * nobody else to anything. Machines in it reach each other.
   */
  MachineResource securityGroup(MachineResource network, List<String> sources) {
    MachineResource group =
        owned.require(
            Kind.SECURITY_GROUP,
            owned.planned(Kind.SECURITY_GROUP, owned.owner().name()),
            (planned, parameters) -> {
              parameters.put("SecurityGroupName", planned.name());
              parameters.put("VpcId", network.id());
              return owned
                  .api()
                  .call(Product.ECS, "CreateSecurityGroup", parameters, owned.task())
                  .path("SecurityGroupId")
                  .asText();
            });
    Set<String> wanted = new HashSet<>();
    sources.forEach(source -> wanted.add(rule(source)));
    Set<String> there = rules(group);
    for (String rule : wanted) {
      if (!there.contains(rule)) {
        change("AuthorizeSecurityGroup", group, rule);
      }
    }
    for (String rule : there) {
      if (!wanted.contains(rule)) {
        change("RevokeSecurityGroup", group, rule);
      }
    }
    return group;
  }

  private String rule(String source) {
    return "TCP " + options.sshPort() + "/" + options.sshPort() + " " + source;
  }

  private Set<String> rules(MachineResource group) {
    JsonNode answer =
        owned
            .api()
            .call(
                Product.ECS,
                "DescribeSecurityGroupAttribute",
                Map.of("SecurityGroupId", group.id(), "Direction", "ingress"),
                owned.task());
    Set<String> rules = new HashSet<>();
    for (JsonNode rule : answer.path("Permissions").path("Permission")) {
      String source = rule.path("SourceCidrIp").asText();
      if (!source.isEmpty()) {
        rules.add(
            rule.path("IpProtocol").asText()
                + " "
                + rule.path("PortRange").asText()
                + " "
                + source);
      }
    }
    return rules;
  }

  private void change(String action, MachineResource group, String rule) {
    String[] parts = rule.split(" ", -1);
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("SecurityGroupId", group.id());
    parameters.put("IpProtocol", parts[0]);
    parameters.put("PortRange", parts[1]);
    parameters.put("SourceCidrIp", parts[2]);
    owned.api().call(Product.ECS, action, parameters, owned.task());
  }
}
