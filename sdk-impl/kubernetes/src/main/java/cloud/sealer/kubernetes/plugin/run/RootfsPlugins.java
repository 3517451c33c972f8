package cloud.sealer.kubernetes.plugin.run;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.plugin.HostSelector;
import cloud.sealer.kubernetes.plugin.PluginFiles;
import cloud.sealer.kubernetes.plugin.PluginType;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.HostCommand;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The scripts that an image wants executed when a host leaves. They are read from the rootfs of the
 * host, since the image itself may be gone by then.
 */
public final class RootfsPlugins extends HostStep {
  private static final String MARK = "\u0001";

  private static final String READ =
      """
      for file in plugin/*.yaml plugin/*.yml plugins/*.yaml plugins/*.yml; do
        if [ -f "$file" ]; then printf '\\001%s\\n' "$file"; cat "$file"; echo; fi
      done
      """;

  private final Phase phase;
  private final List<Host> all;
  private final Set<String> replaced;

  /**
   * The step.
   *
   * @param host a host that leaves
   * @param phase the moment
   * @param all the hosts that plugins may select
   * @param replaced the names of plugins of the spec, which stand for those of the image
   */
  public RootfsPlugins(Host host, Phase phase, List<Host> all, Set<String> replaced) {
    super("plugins of the image in " + phase.text(), host);
    this.phase = phase;
    this.all = List.copyOf(all);
    this.replaced = Set.copyOf(replaced);
  }

  @Override
  public boolean recorded() {
    return false;
  }

  @Override
  public String fingerprint() {
    return "";
  }

  @Override
  public void run(StepContext context) {
    String rootfs = context.paths().rootfs();
    String read =
        Commands.exec(
            context.session(),
            HostCommand.builder("cd " + rootfs + " 2>/dev/null || exit 0\n" + READ)
                .title("read the plugins of the image")
                .build());
    Map<RootfsPath, String> files = new TreeMap<>();
    for (String part : read.split(MARK, -1)) {
      int end = part.indexOf('\n');
      if (end > 0) {
        files.put(RootfsPath.of(part.substring(0, end)), part.substring(end + 1));
      }
    }
    for (PluginSpec plugin : PluginFiles.load(files).plugins()) {
      if (isMine(plugin)) {
        new ShellPlugin(plugin, phase, host()).run(context);
      }
    }
  }

  private boolean isMine(PluginSpec plugin) {
    return plugin.phases().contains(phase)
        && plugin.type().equals(PluginType.SHELL.name())
        && !replaced.contains(plugin.name())
        && !HostSelector.byLabels(plugin.on())
        && HostSelector.select(plugin.on(), all, selector -> List.of()).stream()
            .anyMatch(host -> host.address().equals(host().address()));
  }
}
