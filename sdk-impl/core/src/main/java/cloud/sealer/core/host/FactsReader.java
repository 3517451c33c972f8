package cloud.sealer.core.host;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HostFacts;
import cloud.sealer.sdk.HostFacts.FileSystem;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostSession.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what {@code facts.sh} prints. */
final class FactsReader {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Pattern FILE_SYSTEM =
      Pattern.compile("(.+?)\\s+(\\d+)\\s+\\d+\\s+(\\d+)\\s+\\S+\\s+(/.*)");

  /** What {@code uname -m} prints, and what Go and the registries call it. */
  private static final Map<String, String> ARCHITECTURES =
      Map.of(
          "x86_64", "amd64",
          "aarch64", "arm64",
          "armv7l", "arm",
          "armv6l", "arm",
          "i686", "386",
          "i386", "386",
          "loongarch64", "loong64");

  private final Map<String, List<String>> values = new TreeMap<>();

  FactsReader(String text) {
    for (String line : text.lines().toList()) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        String value = line.substring(equals + 1).strip();
        values.computeIfAbsent(line.substring(0, equals), key -> new ArrayList<>()).add(value);
      }
    }
  }

  static HostFacts read(ShellSession session, Clock clock) {
    HostCommand command =
        HostCommand.builder(script()).title("tell what the host is").timeout(LIMIT).build();
    Answer answer = new Answer(clock);
    Instant asked = clock.instant();
    ExitStatus status = session.exec(command, answer);
    FactsReader reader = new FactsReader(answer.out());
    Instant answered = answer.first;
    if (answered == null || reader.one("end").isEmpty()) {
      String address = session.host().address() + ": cannot ";
      throw HostFailure.of(
              ErrorCode.HOST_IO,
              session.host(),
              address + command.title() + ": " + answer.problem(status),
              null)
          .build();
    }
    try {
      return reader.facts(asked, answered);
    } catch (IllegalArgumentException e) {
      String message = session.host().address() + ": is not a host for a cluster: ";
      throw SealerException.builder(ErrorCode.PREFLIGHT_FAILED, message + e.getMessage()).build();
    }
  }

  private static String script() {
    try (InputStream in = FactsReader.class.getResourceAsStream("facts.sh")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Knows when its first bytes came. */
  private static final class Answer extends OutputText {
    private final Clock clock;
    private volatile @Nullable Instant first;

    Answer(Clock clock) {
      this.clock = clock;
    }

    @Override
    public synchronized void stdout(byte[] bytes, int offset, int length) throws IOException {
      if (first == null) {
        first = clock.instant();
      }
      super.stdout(bytes, offset, length);
    }
  }

  HostFacts facts(Instant asked, Instant answered) {
    return new HostFacts(
        one("hostname"),
        one("machine-id"),
        platform(),
        one("distribution"),
        one("distribution-version"),
        one("kernel"),
        (int) number("processors"),
        number("memory") * 1024,
        number("swap") * 1024,
        offset(asked, answered),
        addresses(),
        fileSystems(),
        all("runtime"),
        all("kubernetes"),
        listening());
  }

  private List<String> all(String name) {
    return values.getOrDefault(name, List.of()).stream().map(String::strip).toList();
  }

  private String one(String name) {
    return all(name).stream().findFirst().orElse("");
  }

  private long number(String name) {
    String text = one(name);
    return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : 0;
  }

  private Platform platform() {
    String machine = one("arch");
    String os = one("os").toLowerCase(Locale.ROOT);
    return Platform.parse(os + "/" + ARCHITECTURES.getOrDefault(machine, machine));
  }

  /** The host's clock was read at some time between; without fractions, within that second. */
  private Duration offset(Instant asked, Instant answered) {
    Matcher time = Pattern.compile("([0-9]{1,12})(\\.[0-9]{1,9})?.*").matcher(one("time"));
    if (!time.matches()) {
      return Duration.ZERO;
    }
    String fraction = Optional.ofNullable(time.group(2)).orElse(".5");
    BigDecimal seconds = new BigDecimal(time.group(1) + fraction);
    Instant theirs =
        Instant.ofEpochSecond(
            seconds.longValue(), seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue());
    Instant ours = asked.plus(Duration.between(asked, answered).dividedBy(2));
    return Duration.between(ours, theirs);
  }

  private List<String> addresses() {
    return all("address").stream()
        .filter(each -> !each.startsWith("127.") && !each.equals("::1"))
        .distinct()
        .toList();
  }

  private List<FileSystem> fileSystems() {
    List<FileSystem> found = new ArrayList<>();
    for (String line : all("filesystem")) {
      Matcher matcher = FILE_SYSTEM.matcher(line);
      if (matcher.matches() && !matcher.group(2).equals("0")) {
        found.add(
            new FileSystem(
                matcher.group(4),
                matcher.group(1),
                Long.parseLong(matcher.group(2)) * 1024,
                Long.parseLong(matcher.group(3)) * 1024));
      }
    }
    return found;
  }

  private List<Integer> listening() {
    return all("listening").stream()
        .filter(each -> each.matches("[0-9A-F]{1,4}"))
        .map(each -> Integer.parseInt(each, 16))
        .sorted()
        .distinct()
        .toList();
  }
}
