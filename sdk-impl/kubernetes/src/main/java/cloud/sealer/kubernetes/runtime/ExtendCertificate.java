package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.kubernetes.yaml.YamlException;
import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlNode.Sequence;
import cloud.sealer.kubernetes.yaml.YamlReader;
import cloud.sealer.kubernetes.yaml.YamlWriter;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes the certificate of an API server anew, for more names. The names are kept with the
 * configuration of the cluster, so hosts that join later have them too.
 */
public final class ExtendCertificate extends HostStep {
  // The old certificate comes back if the new one cannot be made.
  private static final String RENEW =
      """
      cd /etc/kubernetes/pki || exit 1
      # What a run that was cut short has put aside is the pair that works.
      for file in apiserver.crt apiserver.key; do
        [ ! -e "$file.before" ] || mv -f "$file.before" "$file" || exit 1
      done
      for file in apiserver.crt apiserver.key; do mv "$file" "$file.before" || exit 1; done
      if kubeadm init phase certs apiserver --config "$CONFIG"; then
        rm -f apiserver.crt.before apiserver.key.before
      else
        for file in apiserver.crt apiserver.key; do mv -f "$file.before" "$file"; done
        exit 1
      fi
      kubeadm init phase upload-config kubeadm --config "$CONFIG" || exit 1
      if command -v docker >/dev/null && docker info >/dev/null 2>&1; then
        docker ps -q --filter label=io.kubernetes.container.name=kube-apiserver | xargs -r docker stop
      else
        crictl ps -q --name kube-apiserver | xargs -r crictl stop
      fi
      """;

  private final HostView view;
  private final List<String> names;

  /**
   * The step.
   *
   * @param view a host of the control plane
   * @param names the DNS names and addresses to add
   */
  public ExtendCertificate(HostView view, List<String> names) {
    super("names of the API server's certificate", view.host());
    this.view = view;
    this.names = List.copyOf(names);
  }

  @Override
  public String fingerprint() {
    return String.join("\n", names);
  }

  @Override
  public void run(StepContext context) {
    Kubectl kubectl = new Kubectl(context.session());
    HostRuntime runtime = HostRuntime.of(context.session());
    Mapping cluster =
        configuration(
            kubectl.run(
                "-n",
                "kube-system",
                "get",
                "configmap",
                "kubeadm-config",
                "-o",
                "jsonpath={.data.ClusterConfiguration}"));
    String file = context.paths().state() + "/kubeadm-certificate.yaml";
    ClusterConfiguration.withFile(
        context.session(),
        file,
        new YamlWriter().writeAll(List.of(init(cluster, runtime), extended(cluster))),
        () ->
            Commands.exec(
                context.session(),
                HostCommand.builder(RENEW)
                    .title("make the certificate of the API server anew")
                    .environment("CONFIG", file)
                    .build(),
                new QuietLines(context.task()::output)));
  }

  private Mapping configuration(String yaml) {
    try {
      if (YamlReader.read(yaml, 1) instanceof Mapping mapping) {
        return mapping;
      }
    } catch (YamlException e) {
      // said below
    }
    throw SealerException.builder(
            ErrorCode.COMMAND_FAILED,
            host().address() + ": the ConfigMap kubeadm-config holds no ClusterConfiguration")
        .remedy("was this cluster made by kubeadm?")
        .build();
  }

  private Mapping init(Mapping cluster, HostRuntime runtime) {
    return Mapping.EMPTY
        .with("apiVersion", Scalar.text(cluster.text("apiVersion")))
        .with("kind", Scalar.text("InitConfiguration"))
        .with(
            "localAPIEndpoint",
            Mapping.EMPTY
                .with("advertiseAddress", Scalar.text(ApiEndpoint.address(view)))
                .with("bindPort", Scalar.number(ApiEndpoint.PORT)))
        .with(
            "nodeRegistration",
            Mapping.EMPTY
                .with("name", Scalar.text(runtime.name()))
                .with("criSocket", Scalar.text(runtime.socket())));
  }

  private Mapping extended(Mapping cluster) {
    Set<String> all = new LinkedHashSet<>();
    if (cluster.mapping("apiServer").get("certSANs") instanceof Sequence there) {
      for (YamlNode name : there.items()) {
        if (name instanceof Scalar scalar) {
          all.add(scalar.text());
        }
      }
    }
    all.addAll(names);
    return cluster.change("apiServer", server -> server.with("certSANs", Sequence.texts(all)));
  }

  @Override
  public void verify(StepContext context) {
    // The container that is stopping still answers, with the certificate of before.
    String name = names.get(0);
    ApiServer.await(
        context.session(),
        ApiServer.KUBECTL
            + "--server=https://127.0.0.1:"
            + ApiEndpoint.PORT
            + " --tls-server-name="
            + ShellText.quote(name)
            + " get --raw=/readyz",
        name() + ": wait until the API server shows it");
    ApiServer.awaitControlPlane(
        context.session(), HostRuntime.of(context.session()).name(), name());
  }
}
