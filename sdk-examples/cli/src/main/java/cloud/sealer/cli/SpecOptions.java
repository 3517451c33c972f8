package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.KubeadmDocument;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that make a spec from an image: its default Clusterfile, with what is given here. */
final class SpecOptions {
  private static final Pattern CIDRS =
      Pattern.compile("[0-9a-fA-F.:]+/[0-9]{1,3}(,[0-9a-fA-F.:]+/[0-9]{1,3})?");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private HostList hosts;

  @Option(
      names = {"-c", "--cluster-name"},
      paramLabel = "NAME",
      description = "The name of the cluster; by default that of the image's Clusterfile.")
  private @Nullable String name;

  @Option(
      names = {"-e", "--env"},
      paramLabel = "NAME=VALUE",
      description = "A variable of scripts and templates on all hosts; may be repeated.")
  private List<String> env = List.of();

  @Option(
      names = "--cmd-args",
      paramLabel = "NAME=VALUE",
      description = "The value of an argument of the image's commands; may be repeated.")
  private List<String> commandArgs = List.of();

  @Option(
      names = "--cmd",
      paramLabel = "COMMAND",
      description = "A command to execute instead of the image's; may be repeated.")
  private List<String> commands = List.of();

  @Option(names = "--no-cmd", description = "Execute none of the image's commands.")
  private boolean noCommands;

  @Option(
      names = "--podcidr",
      paramLabel = "CIDR",
      description = "The network of pods; two with a comma between for IPv4 and IPv6.")
  private @Nullable String pods;

  @Option(
      names = "--svccidr",
      paramLabel = "CIDR",
      description = "The network of services; two with a comma between for IPv4 and IPv6.")
  private @Nullable String services;

  @SuppressWarnings("NullAway.Init")
  SpecOptions() {}

  ClusterSpec spec(Sealer sealer, String image, SshLogin login) {
    ClusterSpec.Builder builder = base(sealer, image);
    try {
      if (name != null) {
        builder.name(name);
      }
      values("-e", env).forEach(builder::env);
      values("--cmd-args", commandArgs).forEach(builder::commandArg);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    if (!commands.isEmpty() || noCommands) {
      builder.commands(commands);
    }
    if (!hosts.isEmpty()) {
      if (!hosts.hasControlPlanes()) {
        throw new ParameterException(
            spec.commandLine(), "-n needs -m: a cluster has a control plane");
      }
      builder.infrastructure(null).groups(hosts.groups());
    }
    builder.image(image);
    ClusterSpec made = builder.build();
    List<KubeadmDocument> kubeadm = new ArrayList<>(networking());
    kubeadm.addAll(made.kubeadm());
    made =
        made.toBuilder()
            .kubeadm(kubeadm)
            .ssh(login.options(Settings.ofProcess()).orElse(made.ssh()))
            .build();
    if (made.controlPlanes().isEmpty() && made.infrastructure().isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "no host of the control plane: give -m, or an image whose Clusterfile names one or"
              + " describes machines");
    }
    return made;
  }

  /** The image's own Clusterfile; the image is fetched if it is not in the store. */
  private static ClusterSpec.Builder base(Sealer sealer, String image) {
    return find(sealer, image).platforms().stream()
        .flatMap(platform -> platform.metadata().clusterfile().stream())
        .findFirst()
        .map(text -> ClusterSpec.parse(text, image + ":etc/Clusterfile").toBuilder())
        .orElseGet(() -> ClusterSpec.builder(ClusterSpec.DEFAULT_NAME));
  }

  private static ClusterImage find(Sealer sealer, String image) {
    try {
      return sealer.images().inspect(image);
    } catch (SealerException e) {
      if (e.code() != ErrorCode.IMAGE_NOT_FOUND) {
        throw e;
      }
      return sealer.images().pull(image, EventListener.NONE);
    }
  }

  /** What counts before what the image and its Clusterfile say. */
  private List<KubeadmDocument> networking() {
    if (pods == null && services == null) {
      return List.of();
    }
    return List.of(
        new KubeadmDocument(
            "ClusterConfiguration",
            "kind: ClusterConfiguration\nnetworking:\n"
                + network("--podcidr", "podSubnet", pods)
                + network("--svccidr", "serviceSubnet", services)));
  }

  private String network(String option, String field, @Nullable String cidr) {
    if (cidr == null) {
      return "";
    }
    if (!CIDRS.matcher(cidr).matches()) {
      throw new ParameterException(
          spec.commandLine(), option + " must be like 10.96.0.0/16, got \"" + cidr + "\"");
    }
    return "  " + field + ": \"" + cidr + "\"\n";
  }

  private Map<String, String> values(String option, List<String> given) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String value : given) {
      int equals = value.indexOf('=');
      if (equals <= 0) {
        throw new ParameterException(
            spec.commandLine(), option + " must be NAME=VALUE, got \"" + value + "\"");
      }
      values.put(value.substring(0, equals), value.substring(equals + 1));
    }
    return values;
  }
}
