package cloud.sealer.kubernetes.clusterfile;

import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlNode.Sequence;
import cloud.sealer.kubernetes.yaml.YamlWriter;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ConfigSpec;
import cloud.sealer.sdk.Distribution;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostGroup;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.KubeadmDocument;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.RegistrySpec;
import cloud.sealer.sdk.SshOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes a Clusterfile: always the second version, always in the same order, never a secret. */
final class ClusterfileWriter {
  private static final String API_VERSION = "sealer.cloud/v2";

  private final YamlWriter yaml = new YamlWriter();

  String write(ClusterSpec spec) {
    List<String> documents = new ArrayList<>();
    documents.add(yaml.write(cluster(spec)));
    spec.infrastructure()
        .ifPresent(machines -> documents.add(yaml.write(infra(spec.name(), machines))));
    spec.configs().forEach(config -> documents.add(yaml.write(config(config))));
    spec.plugins().forEach(plugin -> documents.add(yaml.write(plugin(plugin))));
    spec.kubeadm().forEach(document -> documents.add(kubeadm(document)));
    return String.join("---\n", documents);
  }

  /** A document of others is text; braces that begin no template there must not begin one here. */
  private static String kubeadm(KubeadmDocument document) {
    return document.yaml().replace("{{", "{{ \"{{\" }}");
  }

  private static Mapping document(String kind, Mapping metadata, Mapping spec) {
    Map<String, YamlNode> document = new LinkedHashMap<>();
    document.put("apiVersion", Scalar.text(API_VERSION));
    document.put("kind", Scalar.text(kind));
    document.put("metadata", metadata);
    document.put("spec", spec);
    return Mapping.of(document);
  }

  private static Mapping named(String name) {
    return Mapping.of(Map.of("name", Scalar.text(name)));
  }

  private static Mapping cluster(ClusterSpec spec) {
    Mapping metadata = named(spec.name());
    if (!spec.annotations().isEmpty()) {
      metadata = metadata.with("annotations", texts(spec.annotations()));
    }
    Map<String, YamlNode> fields = new LinkedHashMap<>();
    put(fields, "image", spec.image());
    put(fields, "env", env(spec.env()));
    put(fields, "cmd_args", texts(spec.commandArgs()));
    spec.commands().ifPresent(commands -> fields.put("cmd", Sequence.texts(commands)));
    if (!spec.dataRoot().equals(ClusterSpec.DEFAULT_DATA_ROOT)) {
      put(fields, "dataRoot", spec.dataRoot());
    }
    put(fields, "registry", registry(spec.registry()));
    put(fields, "distribution", spec.distribution().map(Distribution::toString).orElse(""));
    put(fields, "ssh", ssh(spec.ssh()));
    List<YamlNode> hosts = new ArrayList<>();
    spec.groups().forEach(group -> hosts.add(group(group)));
    put(fields, "hosts", new Sequence(hosts, YamlNode.Place.NONE));
    return document("Cluster", metadata, Mapping.of(fields));
  }

  private static Mapping registry(RegistrySpec registry) {
    Map<String, YamlNode> fields = new LinkedHashMap<>();
    registry.host().ifPresent(host -> fields.put("ip", Scalar.text(host.toString())));
    registry.domain().ifPresent(domain -> fields.put("domain", Scalar.text(domain)));
    if (registry.port() != 0) {
      fields.put("port", Scalar.number(registry.port()));
    }
    registry.username().ifPresent(name -> fields.put("username", Scalar.text(name)));
    return Mapping.of(fields);
  }

  private static Mapping group(HostGroup group) {
    Map<String, YamlNode> fields = new LinkedHashMap<>();
    fields.put(
        "ips", Sequence.texts(group.addresses().stream().map(HostAddress::toString).toList()));
    fields.put("roles", Sequence.texts(group.roles()));
    put(fields, "env", env(group.env()));
    put(fields, "ssh", ssh(group.ssh()));
    return Mapping.of(fields);
  }

  private static Mapping infra(String name, InfrastructureSpec machines) {
    Map<String, YamlNode> fields = new LinkedHashMap<>();
    put(fields, "provider", machines.provider());
    put(fields, "image", machines.image());
    put(fields, "options", texts(machines.options()));
    List<YamlNode> groups = new ArrayList<>();
    machines.groups().forEach(group -> groups.add(machines(group)));
    put(fields, "hosts", new Sequence(groups, YamlNode.Place.NONE));
    return document("Infra", named(name), Mapping.of(fields));
  }

  private static Mapping machines(MachineGroup group) {
    Map<String, YamlNode> fields = new LinkedHashMap<>();
    fields.put("roles", Sequence.texts(group.roles()));
    fields.put("count", Scalar.number(group.count()));
    if (group.cpus() > 0) {
      fields.put("cpu", Scalar.number(group.cpus()));
    }
    if (group.memory() > 0) {
      put(fields, "memory", MachineSize.format(group.memory()));
    }
    if (group.systemDisk() > 0) {
      put(fields, "systemDisk", MachineSize.format(group.systemDisk()));
    }
    put(
        fields,
        "dataDisks",
        Sequence.texts(group.dataDisks().stream().map(MachineSize::format).toList()));
    return Mapping.of(fields);
  }

  private static Mapping ssh(SshOptions ssh) {
    Map<String, YamlNode> fields = new LinkedHashMap<>();
    ssh.user().ifPresent(user -> fields.put("user", Scalar.text(user)));
    ssh.privateKey().ifPresent(key -> fields.put("pk", Scalar.text(key.toString())));
    if (ssh.port() != 0) {
      fields.put("port", Scalar.number(ssh.port()));
    }
    return Mapping.of(fields);
  }

  /** The form of a mapping, since semicolons are not values of their own there. */
  private static Mapping env(Map<String, List<String>> env) {
    Map<String, YamlNode> fields = new LinkedHashMap<>();
    env.forEach(
        (name, values) ->
            fields.put(
                name,
                values.size() == 1 && !values.get(0).contains(";")
                    ? Scalar.text(values.get(0))
                    : Sequence.texts(values)));
    return Mapping.of(fields);
  }

  private static Mapping texts(Map<String, String> texts) {
    Map<String, YamlNode> fields = new LinkedHashMap<>();
    texts.forEach((name, text) -> fields.put(name, Scalar.text(text)));
    return Mapping.of(fields);
  }

  private static void put(Map<String, YamlNode> fields, String name, String text) {
    put(fields, name, Scalar.text(text));
  }

  private static void put(Map<String, YamlNode> fields, String name, YamlNode value) {
    if (!value.isEmpty()) {
      fields.put(name, value);
    }
  }

  private static Mapping config(ConfigSpec config) {
    Map<String, YamlNode> fields = new LinkedHashMap<>();
    fields.put("path", Scalar.text(config.path().value()));
    if (config.strategy() != ConfigSpec.Strategy.OVERWRITE) {
      fields.put("strategy", Scalar.text(word(ConfigReader.STRATEGIES, config.strategy())));
    }
    String process =
        config.process().stream()
            .map(step -> word(ConfigReader.PROCESSES, step))
            .collect(Collectors.joining("|"));
    put(fields, "process", process);
    fields.put("data", Scalar.text(config.data()));
    return document("Config", named(config.name()), Mapping.of(fields));
  }

  private static <T> String word(Map<String, T> words, T value) {
    return words.entrySet().stream()
        .filter(entry -> entry.getValue().equals(value))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private static Mapping plugin(PluginSpec plugin) {
    Map<String, YamlNode> fields = new LinkedHashMap<>();
    fields.put("type", Scalar.text(plugin.type()));
    fields.put(
        "action",
        Scalar.text(
            plugin.phases().stream().map(PluginSpec.Phase::text).collect(Collectors.joining("|"))));
    put(fields, "on", plugin.on());
    put(fields, "data", plugin.data());
    return document("Plugin", named(plugin.name()), Mapping.of(fields));
  }
}
