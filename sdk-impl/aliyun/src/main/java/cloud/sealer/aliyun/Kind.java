package cloud.sealer.aliyun;

import cloud.sealer.aliyun.OpenApi.Product;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Stream;

/** A kind of resource: how the cloud lists it, and how it is deleted. In the order of removal. */
enum Kind {
  ADDRESS(
      "eip",
      Product.VPC,
      "DescribeEipAddresses",
      "EipAddresses/EipAddress/AllocationId/Name",
      "ReleaseEipAddress",
      "AllocationId",
      true),
  INSTANCE(
      "instance",
      Product.ECS,
      "DescribeInstances",
      "Instances/Instance/InstanceId/InstanceName",
      "DeleteInstances",
      "InstanceId.1",
      true),
  KEY_PAIR(
      "key-pair",
      Product.ECS,
      "DescribeKeyPairs",
      "KeyPairs/KeyPair/KeyPairName/KeyPairName",
      "DeleteKeyPairs",
      "KeyPairNames",
      false),
  SWITCH(
      "vswitch",
      Product.VPC,
      "DescribeVSwitches",
      "VSwitches/VSwitch/VSwitchId/VSwitchName",
      "DeleteVSwitch",
      "VSwitchId",
      false),
  SECURITY_GROUP(
      "security-group",
      Product.ECS,
      "DescribeSecurityGroups",
      "SecurityGroups/SecurityGroup/SecurityGroupId/SecurityGroupName",
      "DeleteSecurityGroup",
      "SecurityGroupId",
      false),
  NETWORK(
      "vpc", Product.VPC, "DescribeVpcs", "Vpcs/Vpc/VpcId/VpcName", "DeleteVpc", "VpcId", false);

  private final String word;
  private final Product product;
  private final String listing;
  private final String[] fields;
  private final String deletion;
  private final String parameter;
  private final boolean cost;

  Kind(
      String word,
      Product product,
      String listing,
      String fields,
      String deletion,
      String parameter,
      boolean cost) {
    this.word = word;
    this.product = product;
    this.listing = listing;
    this.fields = fields.split("/", -1);
    this.deletion = deletion;
    this.parameter = parameter;
    this.cost = cost;
  }

  /** The kind that a record names. */
  static Kind of(String word) {
    return Stream.of(values())
        .filter(kind -> kind.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no kind of resource: " + word));
  }

  /** What records call it. */
  String word() {
    return word;
  }

  Product product() {
    return product;
  }

  /** The call that lists all of this kind. */
  String listing() {
    return listing;
  }

  /** Where the list is in its answer: a field, and a field in it. */
  String[] list() {
    return new String[] {fields[0], fields[1]};
  }

  String id(JsonNode resource) {
    return resource.path(fields[2]).asText();
  }

  String name(JsonNode resource) {
    return resource.path(fields[3]).asText();
  }

  /** The call that deletes one. */
  String deletion() {
    return deletion;
  }

  /** What that call needs. */
  Map<String, String> deleting(String id) {
    return switch (this) {
      case INSTANCE -> Map.of(parameter, id, "Force", "true");
      case KEY_PAIR -> Map.of(parameter, "[\"" + id + "\"]");
      default -> Map.of(parameter, id);
    };
  }

  /** Whether it costs money as long as it is there. */
  boolean cost() {
    return cost;
  }

  /** The value of a tag; the interfaces do not agree how tags are told. */
  static String tag(JsonNode resource, String key) {
    for (JsonNode tag : resource.path("Tags").path("Tag")) {
      if (tag.path("Key").asText(tag.path("TagKey").asText()).equals(key)) {
        return tag.path("Value").asText(tag.path("TagValue").asText());
      }
    }
    return "";
  }
}
