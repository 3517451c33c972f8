package cloud.sealer.kubernetes.step;

import cloud.sealer.kubernetes.record.HostPaths;
import cloud.sealer.kubernetes.record.HostRecord;
import cloud.sealer.kubernetes.record.Journal;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostFacts;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.SshOptions;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.Task;
import cloud.sealer.testkit.RecordingTask;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A host that keeps what it is told, and answers what the test says. For the order of commands,
 * their arguments, and where secrets go; what commands do is for real hosts to show.
 */
public final class ScriptedHost implements HostSession {
  private final Host host;
  private final Map<String, String> answers = new LinkedHashMap<>();
  private final Map<String, Deque<String>> failures = new LinkedHashMap<>();
  private final Map<String, String> files = new LinkedHashMap<>();
  private final List<HostCommand> commands = new ArrayList<>();
  private final Map<String, String> uploads = new LinkedHashMap<>();
  private final Map<String, Integer> modes = new LinkedHashMap<>();
  private final List<String> stdin = new ArrayList<>();
  private final Map<HostAddress, ScriptedHost> others = new LinkedHashMap<>();
  private final RecordingTask task = new RecordingTask();
  private final SharedValues shared;
  private HostRecord record = HostRecord.EMPTY;
  private boolean begunBefore;
  private Platform platform = Platform.LINUX_AMD64;
  private List<String> programs = List.of();

  private ScriptedHost(Host host, SharedValues shared) {
    this.host = host;
    this.shared = shared;
  }

  /** A host with a role. */
  public static ScriptedHost of(String address, String role) {
    return of(address, role, Map.of());
  }

  /** A host with a role and variables. */
  public static ScriptedHost of(String address, String role, Map<String, List<String>> env) {
    return new ScriptedHost(
        new Host(HostAddress.parse(address), Set.of(role), SshOptions.NONE, env),
        new SharedValues());
  }

  /** What a command prints whose text or title contains something; the status is 0 anyway. */
  public ScriptedHost answer(String part, String output) {
    answers.put(part, output);
    return this;
  }

  /** What a command prints on standard error with status 1, the first times it is executed. */
  public ScriptedHost fails(String part, String... errors) {
    failures.computeIfAbsent(part, key -> new ArrayDeque<>()).addAll(List.of(errors));
    return this;
  }

  /** A file that is there. */
  public ScriptedHost file(String path, String text) {
    files.put(path, text);
    return this;
  }

  /** What its record says. */
  public ScriptedHost holds(String... steps) {
    for (String step : steps) {
      record = record.withHeld(step, "", java.time.Instant.EPOCH);
    }
    return this;
  }

  /** What it is. */
  public ScriptedHost platform(Platform other) {
    platform = other;
    return this;
  }

  /** The version of its kubelet. */
  public ScriptedHost kubelet(String version) {
    programs = List.of("kubelet " + version);
    return this;
  }

  /** An earlier run began the step. */
  public ScriptedHost begunBefore() {
    begunBefore = true;
    return this;
  }

  /** Another host that steps on this one may ask. */
  public ScriptedHost knows(ScriptedHost other) {
    others.put(other.host.address(), other);
    return this;
  }

  /** All that was executed, without notes of the journal. */
  public List<HostCommand> commands() {
    return commands.stream().filter(command -> !command.title().startsWith("note ")).toList();
  }

  /** The titles of what was executed, without notes of the journal. */
  public List<String> titles() {
    return commands().stream().map(HostCommand::title).toList();
  }

  /** What was written, by path. */
  public Map<String, String> uploads() {
    return uploads;
  }

  /** The permission bits of what was written. */
  public int mode(String path) {
    return modes.get(path);
  }

  /** Everything that went into standard input. */
  public List<String> stdin() {
    return stdin;
  }

  /** What the task heard. */
  public RecordingTask task() {
    return task;
  }

  /** All texts that others on the host or listeners could see. */
  public String visible() {
    StringBuilder text = new StringBuilder();
    commands.forEach(
        command -> text.append(command.text()).append('\n').append(command.title()).append('\n'));
    task.lines().forEach(line -> text.append(line).append('\n'));
    task.notices().forEach(notice -> text.append(notice).append('\n'));
    return text.toString();
  }

  /** What is known of it. */
  public HostView view() {
    return new HostView(host, facts(), paths(), record, Set.of(), Set.of());
  }

  private static HostPaths paths() {
    return new HostPaths(HostPaths.DATA, "test");
  }

  /** Where a step on it works. */
  public StepContext context(String step) {
    return new StepContext(
        view(),
        this,
        address -> others.getOrDefault(address, this),
        new Journal(this, paths(), step),
        begunBefore,
        shared,
        RunOptions.DEFAULT,
        task);
  }

  @Override
  public Host host() {
    return host;
  }

  @Override
  public ExitStatus exec(HostCommand command, HostOutput output) {
    commands.add(command);
    try {
      if (command.stdin().isPresent()) {
        try (InputStream in = command.stdin().get().open()) {
          stdin.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
      if (command.text().startsWith("test -f ") || command.text().startsWith("test -s ")) {
        String path = command.text().split(" ")[2];
        return new ExitStatus(files.containsKey(path) ? 0 : 1, "");
      }
      for (Map.Entry<String, Deque<String>> failure : failures.entrySet()) {
        if (command.text().contains(failure.getKey()) && !failure.getValue().isEmpty()) {
          byte[] bytes = failure.getValue().remove().getBytes(StandardCharsets.UTF_8);
          output.stderr(bytes, 0, bytes.length);
          return new ExitStatus(1, "");
        }
      }
      for (Map.Entry<String, String> answer : answers.entrySet()) {
        if (command.text().contains(answer.getKey()) || command.title().contains(answer.getKey())) {
          byte[] bytes = answer.getValue().getBytes(StandardCharsets.UTF_8);
          output.stdout(bytes, 0, bytes.length);
          break;
        }
      }
      return new ExitStatus(0, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public HostFacts facts() {
    return new HostFacts(
        "host-" + host.address().host().replace('.', '-'),
        "",
        platform,
        "debian",
        "12",
        "6.1.0",
        2,
        1L << 32,
        0,
        Duration.ZERO,
        List.of(host.address().host()),
        List.of(),
        List.of(),
        programs,
        List.of());
  }

  @Override
  public void upload(String path, int mode, FileTree.Content content) {
    try (InputStream in = content.open()) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      uploads.put(path, text);
      modes.put(path, mode);
      files.put(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void upload(String directory, FileTree tree, Task parent) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void download(String path, OutputStream target) {
    try {
      target.write(files.getOrDefault(path, "").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void downloadTree(String directory, TarReader reader) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
