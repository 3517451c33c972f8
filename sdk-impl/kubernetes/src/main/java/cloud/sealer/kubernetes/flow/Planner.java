package cloud.sealer.kubernetes.flow;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.image.RootfsImage;
import cloud.sealer.kubernetes.preflight.Preflight;
import cloud.sealer.kubernetes.record.HostPaths;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.kubernetes.step.Situation.Installed;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.kubernetes.step.Verdict;
import cloud.sealer.kubernetes.step.Workflow;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.HostResult;
import cloud.sealer.sdk.Plan;
import cloud.sealer.sdk.RunOptions.Checks;
import cloud.sealer.sdk.RunOptions.OnFailure;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SecretProvider;
import cloud.sealer.sdk.spi.HostCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out which steps of a change are still to be done. Looks at hosts, and changes nothing. */
final class Planner {
  private final Workflow workflow;
  private final ImageOpener images;
  private final Function<HostAddress, HostPaths> paths;
  private final Call call;
  private final Consumer<String> notices;

  /** A planner; who hears its notices may be nobody, when they were told with the plan before. */
  Planner(
      Workflow workflow,
      ImageOpener images,
      Function<HostAddress, HostPaths> paths,
      Call call,
      Consumer<String> notices) {
    this.workflow = workflow;
    this.images = images;
    this.paths = paths;
    this.call = call;
    this.notices = notices;
  }

  Prepared prepare(Target wanted) {
    Target target = wanted.withSecrets(secrets());
    Optional<RootfsImage> image = target.image().map(name -> call.own(open(name, target)));
    List<HostResult> lost = new ArrayList<>();
    Situation situation = look(target, image, lost);
    Findings.require(call, situation, notices);
    List<Stage> stages = workflow.stages(situation);
    Map<Step, Verdict> needed = needed(situation, stages);
    List<Stage> left = new ArrayList<>();
    List<Plan.Step> steps = new ArrayList<>();
    for (Stage stage : stages) {
      List<Step> ofStage = new ArrayList<>();
      for (Step step : stage.steps()) {
        Verdict verdict = needed.get(step);
        if (verdict != null) {
          ofStage.add(step);
          steps.add(planned(left.size() + 1, step, verdict));
        }
      }
      left.add(new Stage(stage.name(), ofStage));
    }
    return new Prepared(target, situation, left, lost, new Plan(target.change(), steps));
  }

  /** The images that the cluster has, of those that matter to a change with an image. */
  private List<Installed> installed(Target target, Optional<RootfsImage> image) {
    if (image.isEmpty() || target.recorded().isEmpty()) {
      return List.of();
    }
    ClusterState state = target.recorded().get();
    List<Installed> installed = new ArrayList<>();
    if (!image.get().bringsKubernetes() && !image.get().image().digest().equals(state.image())) {
      installed.add(
          open(state.image(), target.withSpec(state.spec()).withSecrets(secrets()).spec()));
    }
    state.applications().forEach(each -> installed.add(open(each.image(), each.spec())));
    return installed;
  }

  private Installed open(Digest image, ClusterSpec spec) {
    return new Installed(
        call.own(images.open(image, spec, call.options().imagePolicy(), call.task())), spec);
  }

  private SecretProvider secrets() {
    return call.options().secrets();
  }

  private RootfsImage open(String name, Target target) {
    return images.open(name, target.spec(), call.options().imagePolicy(), call.task());
  }

  private static Plan.Step planned(int stage, Step step, Verdict verdict) {
    return new Plan.Step(
        stage, step.name(), step.wholeCluster() ? null : step.host().address(), verdict.reason());
  }

  /** What keeps the hosts of a target from being a cluster, unreachable ones among it. */
  List<HostFinding> check(Target wanted) {
    Target target = wanted.withSecrets(secrets());
    Optional<RootfsImage> image =
        target.image().filter(name -> !name.isEmpty()).map(name -> call.own(open(name, target)));
    List<Call.Attempt<HostView>> attempts = observe(target.hosts());
    Situation situation = reached(target, image, attempts);
    List<HostFinding> findings = new ArrayList<>(Findings.unreached(attempts));
    Checks checks = call.options().checks();
    if (checks == Checks.CLUSTER) {
      findings.addAll(Findings.notYetNodes(situation));
    } else {
      findings.addAll(Preflight.check(situation));
    }
    if (checks != Checks.HOSTS) {
      findings.addAll(workflow.check(situation, call::session, call.parallel()));
    }
    return Findings.notIgnored(call, findings);
  }

  /** The hosts of a target that could be looked at. */
  private static Situation reached(
      Target target, Optional<RootfsImage> image, List<Call.Attempt<HostView>> attempts) {
    return new Situation(
        target.change(),
        target.spec(),
        target.recorded(),
        image,
        List.of(),
        attempts.stream()
            .filter(attempt -> target.hosts().contains(attempt.host()))
            .flatMap(attempt -> Stream.ofNullable(attempt.value()))
            .toList(),
        List.of(),
        List.of());
  }

  private List<Call.Attempt<HostView>> observe(List<Host> hosts) {
    return call.onAll(
        "looking at hosts",
        hosts,
        (host, session) -> Observer.observe(host, session, paths.apply(host.address())));
  }

  private Situation look(Target target, Optional<RootfsImage> image, List<HostResult> lost) {
    List<Call.Attempt<HostView>> attempts = observe(target.all());
    Map<HostAddress, HostView> views = new HashMap<>();
    List<Host> forgotten = new ArrayList<>();
    for (Call.Attempt<HostView> attempt : attempts) {
      HostView view = attempt.value();
      if (view != null) {
        views.put(attempt.host().address(), view);
      } else if (target.leaving().contains(attempt.host())
          && mayBeLost(target.change(), attempt.failure())) {
        forgotten.add(attempt.host());
        lost.add(
            new HostResult(
                attempt.host().address(),
                HostResult.Outcome.NOT_DONE,
                List.of(),
                attempt.failure()));
        notices.accept(attempt.host().address() + " cannot be reached and is only forgotten");
      } else {
        throw Findings.unreached(call, reached(target, image, attempts), attempts);
      }
    }
    return new Situation(
        target.change(),
        target.spec(),
        target.recorded(),
        image,
        installed(target, image),
        target.hosts().stream().map(host -> views.get(host.address())).toList(),
        target.leaving().stream()
            .filter(host -> !forgotten.contains(host))
            .map(host -> views.get(host.address()))
            .toList(),
        forgotten);
  }

  /**
   * A dead host may always leave a cluster; one that refuses us is alive. Of a deletion nothing may
   * be left by accident.
   */
  private boolean mayBeLost(ClusterChange change, @Nullable SealerException failure) {
    return change instanceof ClusterChange.Delete
        ? call.options().onFailure() == OnFailure.CONTINUE
        : failure != null && failure.code() == ErrorCode.HOST_UNREACHABLE;
  }

  /** The steps that are to be done, with the reason. */
  private Map<Step, Verdict> needed(Situation situation, List<Stage> stages) {
    Map<HostAddress, List<Step>> byHost = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    for (Stage stage : stages) {
      for (Step step : stage.steps()) {
        if (!names.add(step.host().address() + " " + step.name())) {
          throw new IllegalStateException(
              "two steps \"" + step.name() + "\" on " + step.host().address());
        }
        byHost.computeIfAbsent(step.host().address(), address -> new ArrayList<>()).add(step);
      }
    }
    List<HostView> views = new ArrayList<>(situation.hosts());
    views.addAll(situation.leaving());
    Map<Step, Verdict> needed = new HashMap<>();
    call.parallel()
        .map(
            "looking at hosts",
            views,
            view -> needed(view, byHost.getOrDefault(view.address(), List.of())))
        .forEach(needed::putAll);
    return needed;
  }

  private Map<Step, Verdict> needed(HostView view, List<Step> steps) {
    Set<Step> gone = gone(view, steps);
    Map<Step, Verdict> needed = new HashMap<>();
    for (Step step : steps) {
      Verdict verdict = step.check(view, !gone.contains(step));
      if (verdict.needed()) {
        needed.put(step, verdict);
      }
    }
    return needed;
  }

  /** Of the steps that are recorded, those whose result is not to be seen; asks all in one go. */
  private Set<Step> gone(HostView view, List<Step> steps) {
    List<Step> asked =
        steps.stream()
            .filter(step -> !step.probe().isEmpty() && view.record().holds(step.name()))
            .toList();
    if (asked.isEmpty()) {
      return Set.of();
    }
    HostCommand.Builder command = HostCommand.builder(probes(asked.size()));
    for (int i = 0; i < asked.size(); i++) {
      command.environment("PROBE" + i, asked.get(i).probe());
    }
    List<String> holding =
        Commands.exec(call.session(view.address()), command.title("look at what holds").build())
            .lines()
            .toList();
    Set<Step> gone = new HashSet<>();
    for (int i = 0; i < asked.size(); i++) {
      if (!holding.contains("probe " + i + " holds")) {
        gone.add(asked.get(i));
      }
    }
    return gone;
  }

  private static String probes(int count) {
    StringBuilder script = new StringBuilder();
    for (int i = 0; i < count; i++) {
      script
          .append("sh -c \"$PROBE")
          .append(i)
          .append("\" </dev/null >/dev/null 2>&1 && echo \"probe ")
          .append(i)
          .append(" holds\"\n");
    }
    return script.append(":\n").toString();
  }
}
