package cloud.sealer.ssh;

import cloud.sealer.sdk.HostAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.schmizz.sshj.transport.verification.OpenSSHKnownHosts.KnownHostEntry;
import org.jspecify.annotations.Nullable;

/** What vouches for the key of a host. Thread-safe. */
public abstract sealed class HostKeyPolicy {
  private HostKeyPolicy() {}

  /**
   * Accepts the keys that stand in files of the form of OpenSSH's {@code known_hosts}, with hashed
   * names, patterns and {@code @revoked}.
   *
   * @param files the files; one that does not exist is empty
   * @return the policy
   */
  public static HostKeyPolicy knownHosts(Path... files) {
    return new Known(new KnownHosts(List.of(files)), null);
  }

  /**
   * The same as {@link #knownHosts}, but the key of a host of which the file knows nothing is
   * accepted, told as a notice, and added to the file. A key other than the known one is refused.
   *
   * @param file the file, made if missing
   * @return the policy
   */
  public static HostKeyPolicy acceptNew(Path file) {
    return new Known(new KnownHosts(List.of(file)), (host, key) -> true);
  }

  /** Somebody who knows whether a key is right, such as a person at a terminal. */
  @FunctionalInterface
  public interface Question {
    /**
     * Judges the key of a host of which nothing is known. One question at a time.
     *
     * @param host the host as {@code known_hosts} names it, such as {@code [10.0.0.1]:2222}
     * @param key the type and the fingerprint of its key, such as {@code ssh-ed25519 SHA256:…}
     * @return whether it is the host's
     */
    boolean accept(String host, String key);
  }

  /**
   * The same as {@link #knownHosts}, but somebody is asked for the key of a host of which the file
   * knows nothing. A key that is accepted is added to the file; one other than the known is refused
   * without a question. The answer should come within the {@linkplain
   * SshHostConnector.Builder#connectTimeout time limit} of the connection.
   *
   * @param file the file, made if missing
   * @param question who is asked
   * @return the policy
   */
  public static HostKeyPolicy ask(Path file, Question question) {
    return new Known(new KnownHosts(List.of(file)), Objects.requireNonNull(question, "question"));
  }

  /**
   * Accepts certain keys only.
   *
   * @param fingerprints for each host the fingerprints of its keys, such as {@code SHA256:…} from
   *     {@code ssh-keygen -l}; an address without port counts for every port
   * @return the policy
   */
  public static HostKeyPolicy pinned(Map<HostAddress, Set<String>> fingerprints) {
    return new Pinned(fingerprints);
  }

  /**
   * Accepts every key. Whoever is on the way to the host can then read and change everything,
   * passwords included: for machines that were just made on a network of one's own.
   *
   * @return the policy
   */
  public static HostKeyPolicy acceptAll() {
    return new All();
  }

  /** The types of the keys that are known of a host, which the server is asked for first. */
  abstract List<String> algorithms(String host, int port) throws IOException;

  /** Judges a key. */
  abstract Verdict judge(String host, int port, PublicKey key) throws IOException;

  /**
   * A judgement.
   *
   * @param accepted whether the key is good
   * @param reason why not
   * @param remedy what to do then
   * @param notice what is to be told if it is good; empty for nothing
   */
  record Verdict(boolean accepted, String reason, String remedy, Optional<String> notice) {
    static final Verdict GOOD = new Verdict(true, "", "", Optional.empty());

    static Verdict good(String notice) {
      return new Verdict(true, "", "", Optional.of(notice));
    }

    static Verdict bad(String reason, String remedy) {
      return new Verdict(false, reason, remedy, Optional.empty());
    }
  }

  private static String named(PublicKey key) {
    byte[] blob = HostKeys.blob(key);
    return HostKeys.type(blob) + " " + HostKeys.fingerprint(blob);
  }

  private static final class Known extends HostKeyPolicy {
    private final KnownHosts hosts;
    private final @Nullable Question question;

    Known(KnownHosts hosts, @Nullable Question question) {
      this.hosts = hosts;
      this.question = question;
    }

    @Override
    List<String> algorithms(String host, int port) throws IOException {
      return hosts.algorithms(host, port);
    }

    @Override
    synchronized Verdict judge(String host, int port, PublicKey key) throws IOException {
      List<String> known = new ArrayList<>();
      for (KnownHostEntry entry : hosts.entries(host, port)) {
        if (entry.verify(key)) {
          return Verdict.GOOD;
        }
        known.add(entry.getType() + " " + KnownHosts.fingerprint(entry));
      }
      String name = KnownHosts.name(host, port);
      if (!known.isEmpty()) {
        return Verdict.bad(
            "its key is " + named(key) + ", but known is " + String.join(", ", known),
            "find out why the key has changed; if the host was made anew, remove its lines:"
                + " ssh-keygen -R \""
                + name
                + "\"");
      }
      if (question != null && !question.accept(name, named(key))) {
        return Verdict.bad(
            "its key " + named(key) + " was not accepted", "compare it with the host's own");
      }
      if (question != null) {
        hosts.add(host, port, key);
        return Verdict.good(
            "the key of " + name + " is accepted for the first time: " + named(key));
      }
      return Verdict.bad(
          "its key " + named(key) + " is not known",
          "compare it with the host's own, then add it, for example by ssh-keyscan");
    }
  }

  private static final class Pinned extends HostKeyPolicy {
    private final Map<HostAddress, Set<String>> fingerprints = new TreeMap<>();

    Pinned(Map<HostAddress, Set<String>> fingerprints) {
      fingerprints.forEach((host, pins) -> this.fingerprints.put(host, Set.copyOf(pins)));
    }

    @Override
    List<String> algorithms(String host, int port) {
      return List.of();
    }

    @Override
    Verdict judge(String host, int port, PublicKey key) {
      Set<String> pins = new HashSet<>();
      for (int each : new int[] {0, port}) {
        pins.addAll(fingerprints.getOrDefault(new HostAddress(host, each), Set.of()));
      }
      if (pins.contains(HostKeys.fingerprint(HostKeys.blob(key)))) {
        return Verdict.GOOD;
      }
      String pinned = pins.isEmpty() ? "none is pinned" : String.join(", ", pins) + " is pinned";
      return Verdict.bad(
          "its key is " + named(key) + ", but " + pinned,
          "find out which is right, and pin the key the host really has");
    }
  }

  private static final class All extends HostKeyPolicy {
    @Override
    List<String> algorithms(String host, int port) {
      return List.of();
    }

    @Override
    Verdict judge(String host, int port, PublicKey key) {
      return Verdict.GOOD;
    }
  }
}
