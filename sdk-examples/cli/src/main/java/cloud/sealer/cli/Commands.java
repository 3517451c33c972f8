package cloud.sealer.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/**
 * The commands by name, in the order of the help. Only the one that is asked for is looked at:
 * reading the annotations of all takes as long as a small command.
 */
final class Commands {
  private static final String HELP = "help";

  private static final List<Map.Entry<String, Class<?>>> ALL =
      List.of(
          Map.entry("build", BuildCommand.class),
          Map.entry("lint", LintCommand.class),
          Map.entry("discover", DiscoverCommand.class),
          Map.entry("images", ImagesCommand.class),
          Map.entry("inspect", InspectCommand.class),
          Map.entry("tag", TagCommand.class),
          Map.entry("rmi", RemoveCommand.class),
          Map.entry("push", PushCommand.class),
          Map.entry("pull", PullCommand.class),
          Map.entry("save", SaveCommand.class),
          Map.entry("load", LoadCommand.class),
          Map.entry("verify", VerifyCommand.class),
          Map.entry("sign", SignCommand.class),
          Map.entry("sbom", SbomCommand.class),
          Map.entry("referrers", ReferrersCommand.class),
          Map.entry("diff", DiffCommand.class),
          Map.entry("delta", DeltaCommand.class),
          Map.entry("merge", MergeCommand.class),
          Map.entry("relocate", RelocateCommand.class),
          Map.entry("usage", UsageCommand.class),
          Map.entry("prune", PruneCommand.class),
          Map.entry("login", LoginCommand.class),
          Map.entry("run", RunCommand.class),
          Map.entry("apply", ApplyCommand.class),
          Map.entry("plan", PlanCommand.class),
          Map.entry("check", CheckCommand.class),
          Map.entry("join", JoinCommand.class),
          Map.entry("delete", DeleteCommand.class),
          Map.entry("upgrade", UpgradeCommand.class),
          Map.entry("cert", CertCommand.class),
          Map.entry("exec", ExecCommand.class),
          Map.entry("version", VersionCommand.class),
          Map.entry(HELP, CommandLine.HelpCommand.class));

  private Commands() {}

  /**
   * What these arguments may need: one command, or all if they do not begin with the name of one.
   */
  static Map<String, Class<?>> of(String... args) {
    String first = args.length == 0 ? HELP : args[0];
    Map<String, Class<?>> all = new LinkedHashMap<>();
    for (Map.Entry<String, Class<?>> command : ALL) {
      if (command.getKey().equals(first) && !first.equals(HELP)) {
        return Map.ofEntries(command);
      }
      all.put(command.getKey(), command.getValue());
    }
    return all;
  }
}
