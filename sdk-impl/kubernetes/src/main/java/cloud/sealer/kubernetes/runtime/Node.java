package cloud.sealer.kubernetes.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A node as the API server knows it.
 *
 * @param name its name
 * @param addresses its internal IP addresses
 * @param controlPlane whether it runs the control plane
 * @param ready whether its kubelet says that it is ready
 * @param schedulable whether pods may be put on it
 * @param kubelet the version of its kubelet, such as {@code v1.20.2}
 */
public record Node(
    String name,
    List<String> addresses,
    boolean controlPlane,
    boolean ready,
    boolean schedulable,
    String kubelet) {
  private static final String ROLE = "node-role.kubernetes.io/";

  /** Copies the addresses. */
  public Node {
    addresses = List.copyOf(addresses);
  }

  /** Reads a {@code Node} object. */
  static Node of(JsonNode json) {
    JsonNode labels = json.at("/metadata/labels");
    List<String> addresses = new ArrayList<>();
    for (JsonNode address : json.at("/status/addresses")) {
      if (address.path("type").asText().equals("InternalIP")) {
        addresses.add(address.path("address").asText());
      }
    }
    boolean ready = false;
    for (JsonNode condition : json.at("/status/conditions")) {
      ready |=
          condition.path("type").asText().equals("Ready")
              && condition.path("status").asText().equals("True");
    }
    return new Node(
        json.at("/metadata/name").asText(),
        addresses,
        labels.has(ROLE + "control-plane") || labels.has(ROLE + "master"),
        ready,
        !json.at("/spec/unschedulable").asBoolean(),
        json.at("/status/nodeInfo/kubeletVersion").asText());
  }
}
