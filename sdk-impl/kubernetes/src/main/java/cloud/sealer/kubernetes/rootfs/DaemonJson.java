package cloud.sealer.kubernetes.rootfs;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The configuration of docker, {@code /etc/docker/daemon.json}: what the host has, with the image's
 * settings and the cluster's registry added. Where they disagree, the host's stay; lists are
 * joined.
 *
 * @see <a href="https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file">the
 *     file</a>
 */
public final class DaemonJson {
  /** A key of the engine that sealer patched, which others refuse to start with. */
  private static final String PATCHED_MIRRORS = "mirror-registries";

  private static final String MIRRORS = "registry-mirrors";
  private static final String INSECURE = "insecure-registries";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private DaemonJson() {}

  /**
   * Brings all settings together.
   *
   * @param host the file of the host; empty if there is none
   * @param image the file of the image, {@code etc/daemon.json}; empty if there is none
   * @param registry the cluster's registry, which is the first mirror of docker.io
   * @param tls whether the registry speaks TLS that the host trusts; otherwise it is set as
   *     insecure
   * @return the new file; the host's own text, unchanged, if it has everything already
   * @throws SealerException with {@link ErrorCode#HOST_IO} if the host's file is not JSON, or
   *     {@link ErrorCode#IMAGE_UNSUPPORTED} if the image's is not
   */
  public static String merge(String host, String image, RegistrySettings registry, boolean tls) {
    ObjectNode before = read(host, ErrorCode.HOST_IO, "/etc/docker/daemon.json of the host");
    ObjectNode added = read(image, ErrorCode.IMAGE_UNSUPPORTED, "etc/daemon.json of the image");
    added.remove(PATCHED_MIRRORS);
    ObjectNode merged = before.deepCopy();
    fill(merged, added);
    String scheme = tls ? "https://" : "http://";
    putFirst(merged, MIRRORS, scheme + registry.authority());
    if (!tls) {
      putFirst(merged, INSECURE, registry.authority());
    }
    return merged.equals(before) ? host : merged.toPrettyString() + "\n";
  }

  /**
   * Takes the cluster's registry away, and nothing else: settings of the image may by now be those
   * of the user.
   *
   * @param host the file of the host
   * @param registry the cluster's registry
   * @return the new file; the same text if nothing of the registry is in it
   * @throws SealerException with {@link ErrorCode#HOST_IO} if the file is not JSON
   */
  public static String without(String host, RegistrySettings registry) {
    ObjectNode before = read(host, ErrorCode.HOST_IO, "/etc/docker/daemon.json of the host");
    ObjectNode changed = before.deepCopy();
    remove(changed, MIRRORS, "https://" + registry.authority());
    remove(changed, MIRRORS, "http://" + registry.authority());
    remove(changed, INSECURE, registry.authority());
    return changed.equals(before) ? host : changed.toPrettyString() + "\n";
  }

  private static ObjectNode read(String text, ErrorCode code, String what) {
    if (text.isBlank()) {
      return JSON.createObjectNode();
    }
    try {
      if (JSON.readTree(text) instanceof ObjectNode object) {
        return object;
      }
      throw unreadable(code, what, "it is not a JSON object");
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw unreadable(code, what, "it is not JSON, line " + line);
    }
  }

  private static SealerException unreadable(ErrorCode code, String what, String reason) {
    return SealerException.builder(code, what + " cannot be read: " + reason)
        .remedy("mend it or take it away; it is not overwritten")
        .build();
  }

  /** Adds what is missing, on all levels; items of lists that are missing go to their end. */
  private static void fill(ObjectNode target, ObjectNode added) {
    for (var field : added.properties()) {
      JsonNode own = target.get(field.getKey());
      JsonNode value = field.getValue();
      if (own == null || own.isNull()) {
        target.set(field.getKey(), value.deepCopy());
      } else if (own instanceof ObjectNode mine && value instanceof ObjectNode theirs) {
        fill(mine, theirs);
      } else if (own instanceof ArrayNode mine && value instanceof ArrayNode theirs) {
        theirs.forEach(item -> addOnce(mine, field.getKey(), item));
      }
    }
  }

  /** {@code exec-opts} are settings {@code NAME=VALUE}, of which docker takes each once. */
  private static void addOnce(ArrayNode list, String key, JsonNode item) {
    for (JsonNode own : list) {
      if (own.equals(item) || (key.equals("exec-opts") && name(own).equals(name(item)))) {
        return;
      }
    }
    list.add(item.deepCopy());
  }

  private static String name(JsonNode option) {
    return option.asText().split("=", 2)[0];
  }

  private static void putFirst(ObjectNode target, String key, String text) {
    if (!(target.get(key) instanceof ArrayNode list)) {
      target.putArray(key).add(text);
      return;
    }
    for (JsonNode item : list) {
      if (same(item, text)) {
        return;
      }
    }
    list.insert(0, text);
  }

  private static void remove(ObjectNode target, String key, String text) {
    if (target.get(key) instanceof ArrayNode list) {
      List<JsonNode> rest = new ArrayList<>();
      list.forEach(rest::add);
      if (rest.removeIf(item -> same(item, text))) {
        if (rest.isEmpty()) {
          target.remove(key);
        } else {
          list.removeAll();
          list.addAll(rest);
        }
      }
    }
  }

  /** docker itself adds a slash to mirrors. */
  private static boolean same(JsonNode item, String text) {
    return item.asText().equals(text) || item.asText().equals(text + "/");
  }
}
