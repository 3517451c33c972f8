package cloud.sealer.aliyun;

import cloud.sealer.aliyun.OpenApi.Product;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.spi.Task;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is for sale: the types of machines of a size that zones have in stock. */
final class Stock {
  private static final int DEFAULT_CPUS = 2;
  private static final long GIB = 1L << 30;
  private static final long DEFAULT_MEMORY = 4 * GIB;
  private static final String IN_STOCK = "WithStock";

  /** Types whose processors are slowed down after a while; the last choice. */
  private static final String BURSTABLE = "ecs.t";

  private final OpenApi api;
  private final Task task;

  Stock(OpenApi api, Task task) {
    this.api = api;
    this.task = task;
  }

  /**
   * A type of machine in a zone.
   *
   * @param zone where
   * @param type its name
   */
  record Offer(String zone, String type) {}

  /** How the size of a group is told to users. */
  static String size(MachineGroup group) {
    return cpus(group) + " processors and " + memory(group) + " GiB of memory";
  }

  private static int cpus(MachineGroup group) {
    return group.cpus() == 0 ? DEFAULT_CPUS : group.cpus();
  }

  private static String memory(MachineGroup group) {
    long bytes = group.memory() == 0 ? DEFAULT_MEMORY : group.memory();
    double gib = (double) bytes / GIB;
    return gib == Math.rint(gib) ? Long.toString((long) gib) : Double.toString(gib);
  }

  /**
   * What fits a group: the preferred zones first, then those with the largest choice.
   *
   * @param preferred zones that have machines of the owner already
   */
  List<Offer> offers(MachineGroup group, Collection<String> preferred) {
    JsonNode answer =
        api.call(
            Product.ECS,
            "DescribeAvailableResource",
            Map.of(
                "DestinationResource", "InstanceType",
                "IoOptimized", "optimized",
                "InstanceChargeType", "PostPaid",
                "Cores", Integer.toString(cpus(group)),
                "Memory", memory(group)),
            task);
    Map<String, List<String>> types = new TreeMap<>();
    for (JsonNode zone : answer.path("AvailableZones").path("AvailableZone")) {
      List<String> found = typesInStock(zone);
      if (!found.isEmpty()) {
        types.put(zone.path("ZoneId").asText(), found);
      }
    }
    return types.entrySet().stream()
        .sorted(
            Comparator.comparing(
                    (Map.Entry<String, List<String>> each) -> !preferred.contains(each.getKey()))
                .thenComparingInt(each -> -each.getValue().size()))
        .flatMap(each -> each.getValue().stream().map(type -> new Offer(each.getKey(), type)))
        .toList();
  }

  private static List<String> typesInStock(JsonNode zone) {
    List<String> types = new ArrayList<>();
    if (inStock(zone)) {
      for (JsonNode resource : zone.path("AvailableResources").path("AvailableResource")) {
        for (JsonNode type : resource.path("SupportedResources").path("SupportedResource")) {
          if (inStock(type)) {
            types.add(type.path("Value").asText());
          }
        }
      }
    }
    types.sort(
        Comparator.comparing((String type) -> type.startsWith(BURSTABLE))
            .thenComparing(Comparator.naturalOrder()));
    return types;
  }

  private static boolean inStock(JsonNode offer) {
    return offer.path("Status").asText().equals("Available")
        && offer.path("StatusCategory").asText(IN_STOCK).equals(IN_STOCK);
  }
}
