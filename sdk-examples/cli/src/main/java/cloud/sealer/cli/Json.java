package cloud.sealer.cli;

import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.HostResult;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Machines;
import cloud.sealer.sdk.Plan;
import cloud.sealer.sdk.Referrer;
import cloud.sealer.sdk.RunResult;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SignatureReport;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** The JSON that commands print. Member names are part of the command line's contract. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  /** The text with line breaks, for people who pipe it to a pager. */
  static String text(JsonNode node) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static ObjectNode report(DiscoveryReport report) {
    ObjectNode node = object();
    ArrayNode found = node.putArray("found");
    for (DiscoveryReport.Found image : report.found()) {
      ObjectNode entry = found.addObject();
      entry.put("image", image.image().toString());
      entry.put("onlyInCluster", image.onlyInCluster());
      entry.set("origins", origins(image.origins()));
    }
    node.set("suspected", findings(report.suspected()));
    node.set("excluded", findings(report.excluded()));
    node.set("unresolved", findings(report.unresolved()));
    return node;
  }

  static ArrayNode missing(List<BuildResult.MissingImage> missing) {
    ArrayNode array = array();
    for (BuildResult.MissingImage image : missing) {
      ObjectNode entry = array.addObject();
      entry.put("image", image.image().toString());
      entry.put("platform", image.platform().toString());
      entry.set("origins", origins(image.origins()));
    }
    return array;
  }

  private static ArrayNode findings(List<DiscoveryReport.Finding> findings) {
    ArrayNode array = array();
    for (DiscoveryReport.Finding finding : findings) {
      ObjectNode entry = array.addObject();
      entry.put("image", finding.text());
      entry.put("reason", finding.reason());
      entry.set("origins", origins(finding.origins()));
    }
    return array;
  }

  static ArrayNode origins(List<ImageOrigin> origins) {
    ArrayNode array = array();
    for (ImageOrigin origin : origins) {
      ObjectNode entry = array.addObject();
      entry.put("file", origin.file().value());
      entry.put("document", origin.document());
      entry.put("object", origin.object());
      entry.put("path", origin.path());
      entry.put("rule", origin.rule());
      entry.put("line", origin.line());
    }
    return array;
  }

  static ObjectNode plan(Plan plan) {
    ObjectNode node = object();
    node.put("event", "plan");
    node.put("cluster", plan.change().cluster());
    ArrayNode steps = node.putArray("steps");
    for (Plan.Step step : plan.steps()) {
      ObjectNode entry = steps.addObject();
      entry.put("stage", step.stage());
      step.host().ifPresent(host -> entry.put("host", host.toString()));
      entry.put("name", step.name());
      entry.put("reason", step.reason());
    }
    return node;
  }

  static ObjectNode result(RunResult result) {
    ObjectNode node = object();
    node.put("event", "result");
    node.put("cluster", result.plan().change().cluster());
    node.put("steps", result.plan().steps().size());
    ArrayNode hosts = node.putArray("hosts");
    result.hosts().forEach(host -> hosts.add(host(host)));
    return node;
  }

  static ObjectNode host(HostResult host) {
    ObjectNode node = object();
    node.put("host", host.address().toString());
    node.put("outcome", host.outcome().name().toLowerCase(Locale.ROOT));
    ArrayNode done = node.putArray("done");
    host.done().forEach(done::add);
    host.failure().ifPresent(failure -> node.put("failure", failure.getMessage()));
    return node;
  }

  /** What a command failed with, for programs. */
  static ObjectNode failure(SealerException failure) {
    ObjectNode node = object();
    node.put("event", "failure");
    node.put("code", failure.code().name());
    node.put("message", failure.getMessage());
    node.put("remedy", failure.remedy());
    node.put("retryable", failure.retryable());
    ObjectNode details = node.putObject("details");
    failure.details().forEach(details::put);
    return node;
  }

  static ObjectNode abandoned(List<Machines.Abandoned> found) {
    ObjectNode node = object();
    node.put("event", "result");
    ArrayNode builds = node.putArray("builds");
    for (Machines.Abandoned each : found) {
      ObjectNode entry = builds.addObject();
      entry.put("owner", each.owner());
      entry.put("provider", each.provider());
      ArrayNode resources = entry.putArray("resources");
      each.resources().forEach(resources::add);
    }
    return node;
  }

  static ObjectNode finding(HostFinding finding) {
    ObjectNode node = object();
    node.put("host", finding.address().toString());
    node.put("check", finding.check());
    node.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
    node.put("message", finding.message());
    node.put("remedy", finding.remedy());
    return node;
  }

  static ArrayNode referrers(List<Referrer> referrers) {
    ArrayNode array = array();
    for (Referrer referrer : referrers) {
      ObjectNode entry = array.addObject();
      entry.put("subject", referrer.subject().toString());
      entry.put("artifactType", referrer.artifactType());
      entry.set("manifest", descriptor(referrer.descriptor()));
    }
    return array;
  }

  static ObjectNode signatures(SignatureReport report) {
    ObjectNode node = object();
    node.put("image", report.image());
    node.put("digest", report.digest().toString());
    node.put("trusted", report.trusted());
    ArrayNode signatures = node.putArray("signatures");
    for (SignatureReport.Signature signature : report.signatures()) {
      ObjectNode entry = signatures.addObject();
      entry.put("identity", signature.identity());
      ObjectNode annotations = entry.putObject("annotations");
      signature.annotations().forEach(annotations::put);
    }
    ArrayNode rejected = node.putArray("rejected");
    report.rejected().forEach(rejected::add);
    return node;
  }

  static ObjectNode image(ClusterImage image) {
    ObjectNode node = object();
    node.put("name", image.reference().toString());
    node.put("digest", image.digest().toString());
    node.put("mediaType", image.descriptor().mediaType().value());
    node.put("size", image.size());
    node.set("descriptor", descriptor(image.descriptor()));
    ArrayNode platforms = node.putArray("platforms");
    image.platforms().forEach(platform -> platforms.add(platform(platform)));
    return node;
  }

  private static ObjectNode platform(ClusterImage.PlatformImage image) {
    ObjectNode node = object();
    node.put("platform", image.platform().toString());
    node.set("manifest", descriptor(image.manifest()));
    node.set("config", descriptor(image.config()));
    ClusterImage.Metadata metadata = image.metadata();
    metadata.created().ifPresent(time -> node.put("created", time.toString()));
    metadata.base().ifPresent(base -> node.put("base", base));
    metadata.baseDigest().ifPresent(digest -> node.put("baseDigest", digest.toString()));
    metadata.kubernetesVersion().ifPresent(v -> node.put("kubernetesVersion", v));
    metadata.kubernetesRange().ifPresent(v -> node.put("kubernetesRange", v));
    ObjectNode args = node.putObject("args");
    metadata.args().forEach(args::put);
    ArrayNode commands = node.putArray("commands");
    metadata.commands().forEach(commands::add);
    ArrayNode images = node.putArray("containerImages");
    metadata.containerImages().forEach(container -> images.add(container(container)));
    if (!metadata.namedImages().isEmpty()) {
      ArrayNode names = node.putArray("namedImages");
      metadata.namedImages().forEach(names::add);
    }
    metadata.clusterfile().ifPresent(yaml -> node.put("clusterfile", yaml));
    ArrayNode layers = node.putArray("layers");
    image.layers().forEach(layer -> layers.add(descriptor(layer)));
    return node;
  }

  private static ObjectNode container(ContainerImage image) {
    ObjectNode node = object();
    node.put("image", image.reference().toString());
    node.put("digest", image.digest().toString());
    node.put("manifest", image.manifest().toString());
    node.put("platform", image.platform().toString());
    node.put("size", image.size());
    ArrayNode files = node.putArray("files");
    image.files().forEach(files::add);
    return node;
  }

  private static ObjectNode descriptor(Descriptor descriptor) {
    ObjectNode node = object();
    node.put("mediaType", descriptor.mediaType().value());
    node.put("digest", descriptor.digest().toString());
    node.put("size", descriptor.size());
    if (!descriptor.annotations().isEmpty()) {
      ObjectNode annotations = node.putObject("annotations");
      descriptor.annotations().forEach(annotations::put);
    }
    return node;
  }
}
