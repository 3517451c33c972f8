package cloud.sealer.sdk;

import cloud.sealer.sdk.spi.ClusterfileFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster should be: the Clusterfile as a value. It is never written by the library on its
 * own; what is there is recorded elsewhere.
 *
 * <p>Immutable. {@link #toYaml()} gives a Clusterfile that parses to an equal value, but for
 * passwords and passphrases, which are left out.
 *
 * <pre>{@code
 * ClusterSpec spec = ClusterSpec.builder("my-cluster")
 *     .image("my-dashboard:v1")
 *     .controlPlanes("172.16.0.2")
 *     .workers("172.16.0.3-172.16.0.9")
 *     .build();
 * }</pre>
 */
public final class ClusterSpec {
  /** The name of a cluster that was given none. */
  public static final String DEFAULT_NAME = "my-cluster";

  /** The directory on hosts that has a directory for each cluster, if none is set. */
  public static final String DEFAULT_DATA_ROOT = "/var/lib/sealer/data";

  private static final Pattern DATA_ROOT = Pattern.compile("(?:/(?!\\.{1,2}(?:/|$))[\\w.+@-]+)+");
  private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?");

  private final String name;
  private final Map<String, String> annotations;
  private final String image;
  private final SshOptions ssh;
  private final Map<String, List<String>> env;
  private final List<HostGroup> groups;
  private final Map<String, String> commandArgs;
  private final @Nullable List<String> commands;
  private final List<ConfigSpec> configs;
  private final List<PluginSpec> plugins;
  private final List<KubeadmDocument> kubeadm;
  private final String dataRoot;
  private final RegistrySpec registry;
  private final @Nullable Distribution distribution;
  private final @Nullable InfrastructureSpec infrastructure;

  private ClusterSpec(Builder builder) {
    name = builder.name;
    annotations = Collections.unmodifiableMap(new LinkedHashMap<>(builder.annotations));
    image = builder.image;
    ssh = builder.ssh;
    env = Collections.unmodifiableMap(new LinkedHashMap<>(builder.env));
    groups = List.copyOf(builder.groups);
    commandArgs = Collections.unmodifiableMap(new LinkedHashMap<>(builder.commandArgs));
    commands = builder.commands;
    configs = List.copyOf(builder.configs);
    plugins = List.copyOf(builder.plugins);
    kubeadm = List.copyOf(builder.kubeadm);
    dataRoot = builder.dataRoot;
    registry = builder.registry;
    distribution = builder.distribution;
    infrastructure = builder.infrastructure;
  }

  /**
   * Reads a Clusterfile.
   *
   * @param file the file, in UTF-8
   * @return the spec; findings that do not stop it are dropped, {@link ClusterfileFormat} has them
   * @throws SealerException with {@link ErrorCode#INVALID_CLUSTERFILE} and all mistakes as
   *     {@linkplain SealerException#diagnostics() diagnostics}, or if the file cannot be read
   */
  public static ClusterSpec parse(Path file) {
    try {
      return parse(Files.readString(file, StandardCharsets.UTF_8), file.toString());
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_CLUSTERFILE, "cannot read " + file + ": " + e.getMessage())
          .remedy("give the path of a readable Clusterfile in UTF-8")
          .cause(e)
          .build();
    }
  }

  /**
   * Reads a Clusterfile from text that came from somewhere with a name.
   *
   * @param text the text: YAML documents
   * @param file the name to use in positions and messages
   * @return the spec
   * @throws SealerException with {@link ErrorCode#INVALID_CLUSTERFILE} and all mistakes
   */
  public static ClusterSpec parse(String text, String file) {
    return format().read(text, file).spec();
  }

  private static ClusterfileFormat format() {
    return ServiceLoader.load(ClusterfileFormat.class, ClusterSpec.class.getClassLoader())
        .findFirst()
        .orElseThrow(() -> Sealer.missing("Clusterfile format", "sealer-sdk-kubernetes"));
  }

  /**
   * Starts a spec.
   *
   * @param name the name of the cluster: a DNS label or several with dots, lower case
   * @return a builder
   */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /**
   * Starts from this spec.
   *
   * @return a builder with everything that stands here
   */
  public Builder toBuilder() {
    Builder builder = new Builder(name);
    builder.annotations.putAll(annotations);
    builder.image = image;
    builder.ssh = ssh;
    builder.env.putAll(env);
    builder.groups.addAll(groups);
    builder.commandArgs.putAll(commandArgs);
    builder.commands = commands;
    builder.configs.addAll(configs);
    builder.plugins.addAll(plugins);
    builder.kubeadm.addAll(kubeadm);
    builder.dataRoot = dataRoot;
    builder.registry = registry;
    builder.distribution = distribution;
    builder.infrastructure = infrastructure;
    return builder;
  }

  /**
   * The name of the cluster.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * The annotations of the cluster.
   *
   * @return names and values in the order of the file
   */
  public Map<String, String> annotations() {
    return annotations;
  }

  /**
   * The cluster image.
   *
   * @return its name; empty if it is still to be given
   */
  public String image() {
    return image;
  }

  /**
   * How to log in to hosts that say nothing else.
   *
   * @return the options
   */
  public SshOptions ssh() {
    return ssh;
  }

  /**
   * The variables of scripts and templates on all hosts.
   *
   * @return names and values in the order of the file
   */
  public Map<String, List<String>> env() {
    return env;
  }

  /**
   * The hosts as the file has them.
   *
   * @return the groups in the order of the file
   */
  public List<HostGroup> groups() {
    return groups;
  }

  /**
   * Values for arguments of the image's commands.
   *
   * @return names and values, which win over those of the image
   */
  public Map<String, String> commandArgs() {
    return commandArgs;
  }

  /**
   * The commands to execute instead of the image's.
   *
   * @return the commands, none of which drops the image's; absent to use the image's
   */
  public Optional<List<String>> commands() {
    return Optional.ofNullable(commands);
  }

  /**
   * Changes of files of the rootfs.
   *
   * @return the documents in the order of the file
   */
  public List<ConfigSpec> configs() {
    return configs;
  }

  /**
   * The plugins.
   *
   * @return the documents in the order of the file
   */
  public List<PluginSpec> plugins() {
    return plugins;
  }

  /**
   * Settings of kubeadm, strongest first.
   *
   * @return the documents in the order of the file
   */
  public List<KubeadmDocument> kubeadm() {
    return kubeadm;
  }

  /**
   * The directory on hosts that has a directory for each cluster.
   *
   * @return an absolute path; {@link #DEFAULT_DATA_ROOT} if not set
   */
  public String dataRoot() {
    return dataRoot;
  }

  /**
   * The cluster's own registry, where it should be other than the image says.
   *
   * @return what is set
   */
  public RegistrySpec registry() {
    return registry;
  }

  /**
   * How the layers of the image get to hosts.
   *
   * @return the way; empty for {@link Distribution#SEND}, unless the caller says otherwise
   */
  public Optional<Distribution> distribution() {
    return Optional.ofNullable(distribution);
  }

  /**
   * The machines to make for the cluster. They are its hosts then, and it has no {@linkplain
   * #groups groups} of hosts by address.
   *
   * @return the machines; empty if the hosts are there already
   */
  public Optional<InfrastructureSpec> infrastructure() {
    return Optional.ofNullable(infrastructure);
  }

  /**
   * All hosts, each once, with the settings of its groups over those of the cluster merged. A host
   * in several groups has the roles of all of them.
   *
   * @return the hosts in the order of the file
   */
  public List<Host> hosts() {
    return HostGroup.hosts(groups, ssh, env);
  }

  /**
   * The hosts of the control plane, the initial one first.
   *
   * @return the hosts with the role
   */
  public List<Host> controlPlanes() {
    return hosts().stream().filter(Host::controlPlane).toList();
  }

  /**
   * The hosts that only work.
   *
   * @return the hosts that are not of the control plane
   */
  public List<Host> workers() {
    return hosts().stream().filter(host -> !host.controlPlane()).toList();
  }

  /**
   * Writes a Clusterfile (v2). Passwords and passphrases are left out.
   *
   * @return YAML documents
   */
  public String toYaml() {
    return format().write(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClusterSpec spec
        && name.equals(spec.name)
        && annotations.equals(spec.annotations)
        && image.equals(spec.image)
        && ssh.equals(spec.ssh)
        && env.equals(spec.env)
        && groups.equals(spec.groups)
        && commandArgs.equals(spec.commandArgs)
        && Objects.equals(commands, spec.commands)
        && configs.equals(spec.configs)
        && plugins.equals(spec.plugins)
        && kubeadm.equals(spec.kubeadm)
        && dataRoot.equals(spec.dataRoot)
        && registry.equals(spec.registry)
        && Objects.equals(distribution, spec.distribution)
        && Objects.equals(infrastructure, spec.infrastructure);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, image, groups, infrastructure, configs, plugins, kubeadm);
  }

  /** Returns the name, the image and the number of hosts. */
  @Override
  public String toString() {
    String hosts =
        infrastructure == null
            ? hosts().size() + " hosts"
            : infrastructure.count() + " machines to be made";
    return "ClusterSpec[" + name + ", " + image + ", " + hosts + "]";
  }

  /** Collects a {@link ClusterSpec}. Not thread-safe. */
  public static final class Builder {
    private String name;
    private final Map<String, String> annotations = new LinkedHashMap<>();
    private String image = "";
    private SshOptions ssh = SshOptions.NONE;
    private final Map<String, List<String>> env = new LinkedHashMap<>();
    private final List<HostGroup> groups = new ArrayList<>();
    private final Map<String, String> commandArgs = new LinkedHashMap<>();
    private @Nullable List<String> commands;
    private final List<ConfigSpec> configs = new ArrayList<>();
    private final List<PluginSpec> plugins = new ArrayList<>();
    private final List<KubeadmDocument> kubeadm = new ArrayList<>();
    private String dataRoot = DEFAULT_DATA_ROOT;
    private RegistrySpec registry = RegistrySpec.NONE;
    private @Nullable Distribution distribution;
    private @Nullable InfrastructureSpec infrastructure;

    private Builder(String name) {
      this.name = checked(name);
    }

    private static String checked(String name) {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "a cluster's name has lower-case letters, digits, dots and dashes, at most 63, got \""
                + name
                + "\"");
      }
      return name;
    }

    /**
     * Sets the name of the cluster.
     *
     * @param name the name
     * @return this builder
     */
    public Builder name(String name) {
      this.name = checked(name);
      return this;
    }

    /**
     * Adds an annotation.
     *
     * @param key its name
     * @param value its value
     * @return this builder
     */
    public Builder annotation(String key, String value) {
      annotations.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
      return this;
    }

    /**
     * Sets the cluster image.
     *
     * @param name its name
     * @return this builder
     */
    public Builder image(String name) {
      this.image = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Sets how to log in to hosts that say nothing else.
     *
     * @param options the options
     * @return this builder
     */
    public Builder ssh(SshOptions options) {
      this.ssh = Objects.requireNonNull(options, "options");
      return this;
    }

    /**
     * Sets a variable of scripts and templates on all hosts.
     *
     * @param variable its name
     * @param values its values, at least one
     * @return this builder
     */
    public Builder env(String variable, String... values) {
      if (values.length == 0) {
        throw new IllegalArgumentException("the variable " + variable + " has no value");
      }
      env.put(Objects.requireNonNull(variable, "variable"), List.of(values));
      return this;
    }

    /**
     * Adds hosts of the control plane.
     *
     * @param addresses a list as {@link HostAddress#parseList} reads it
     * @return this builder
     */
    public Builder controlPlanes(String addresses) {
      return group(HostGroup.of(HostAddress.parseList(addresses), Host.CONTROL_PLANE));
    }

    /**
     * Adds workers.
     *
     * @param addresses a list as {@link HostAddress#parseList} reads it
     * @return this builder
     */
    public Builder workers(String addresses) {
      return group(HostGroup.of(HostAddress.parseList(addresses), Host.WORKER));
    }

    /**
     * Adds hosts.
     *
     * @param group the hosts
     * @return this builder
     */
    public Builder group(HostGroup group) {
      groups.add(Objects.requireNonNull(group, "group"));
      return this;
    }

    /**
     * Replaces all hosts.
     *
     * @param groups the hosts
     * @return this builder
     */
    public Builder groups(List<HostGroup> groups) {
      List<HostGroup> copy = List.copyOf(groups);
      this.groups.clear();
      this.groups.addAll(copy);
      return this;
    }

    /**
     * Sets the value of an argument of the image's commands.
     *
     * @param argument its name
     * @param value its value
     * @return this builder
     */
    public Builder commandArg(String argument, String value) {
      commandArgs.put(
          Objects.requireNonNull(argument, "argument"), Objects.requireNonNull(value, "value"));
      return this;
    }

    /**
     * Executes these commands instead of the image's.
     *
     * @param commands the commands; empty to execute none
     * @return this builder
     */
    public Builder commands(List<String> commands) {
      this.commands = List.copyOf(commands);
      return this;
    }

    /**
     * Adds a change of a file of the rootfs.
     *
     * @param config the change
     * @return this builder
     */
    public Builder config(ConfigSpec config) {
      configs.add(Objects.requireNonNull(config, "config"));
      return this;
    }

    /**
     * Adds a plugin.
     *
     * @param plugin the plugin
     * @return this builder
     */
    public Builder plugin(PluginSpec plugin) {
      plugins.add(Objects.requireNonNull(plugin, "plugin"));
      return this;
    }

    /**
     * Adds settings of kubeadm, weaker than those added before.
     *
     * @param document the settings
     * @return this builder
     */
    public Builder kubeadm(KubeadmDocument document) {
      kubeadm.add(Objects.requireNonNull(document, "document"));
      return this;
    }

    /**
     * Replaces all documents for kubeadm.
     *
     * @param documents the documents; what an earlier one says counts before what a later one says
     * @return this builder
     */
    public Builder kubeadm(List<KubeadmDocument> documents) {
      this.kubeadm.clear();
      this.kubeadm.addAll(documents);
      return this;
    }

    /**
     * Sets the directory on hosts that has a directory for each cluster.
     *
     * @param directory an absolute path of letters, digits and {@code ._+@-}, without dot segments
     * @return this builder
     */
    public Builder dataRoot(String directory) {
      if (!DATA_ROOT.matcher(directory).matches()) {
        throw new IllegalArgumentException(
            "the data root must be an absolute path of plain names, got \"" + directory + "\"");
      }
      this.dataRoot = directory;
      return this;
    }

    /**
     * Sets how the cluster's own registry should be, where not as the image says.
     *
     * @param registry what is to be other
     * @return this builder
     */
    public Builder registry(RegistrySpec registry) {
      this.registry = Objects.requireNonNull(registry, "registry");
      return this;
    }

    /**
     * Sets how the layers of the image get to hosts.
     *
     * @param way the way
     * @return this builder
     */
    public Builder distribution(Distribution way) {
      this.distribution = Objects.requireNonNull(way, "way");
      return this;
    }

    /**
     * Sets the machines to make for the cluster, in place of hosts that are there.
     *
     * @param machines the machines; null for hosts by address
     * @return this builder
     */
    public Builder infrastructure(@Nullable InfrastructureSpec machines) {
      this.infrastructure = machines;
      return this;
    }

    /**
     * Makes the spec.
     *
     * @return the spec
     * @throws IllegalArgumentException if it has both hosts by address and machines to be made
     */
    public ClusterSpec build() {
      if (infrastructure != null && groups.stream().anyMatch(each -> !each.addresses().isEmpty())) {
        throw new IllegalArgumentException(
            "a cluster has hosts by address, or machines that are made for it, not both");
      }
      return new ClusterSpec(this);
    }
  }
}
