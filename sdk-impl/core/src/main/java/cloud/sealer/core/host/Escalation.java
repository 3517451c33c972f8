package cloud.sealer.core.host;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.spi.HostSession.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How commands become root: not at all, since the user is root already; by {@code sudo} that asks
 * nothing; or by {@code sudo} that reads the password from standard input, where nobody sees it.
 * Immutable.
 */
public final class Escalation {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int MAX_TEXT = 8192;

  /** For users that are root. */
  public static final Escalation NONE = new Escalation("", null);

  private static final String FIND_OUT =
      "sh -c 'if [ \"$(id -u)\" = 0 ]; then echo sealer-root;"
          + " elif ! command -v sudo >/dev/null; then echo sealer-none;"
          + " elif sudo -k -n true 2>/dev/null; then echo sealer-free;"
          + " else echo sealer-asks; fi'";

  private final String prefix;
  private final @Nullable Secret password;

  private Escalation(String prefix, @Nullable Secret password) {
    this.prefix = prefix;
    this.password = password;
  }

  /** A line that does as root what another does. */
  String line(String line) {
    return prefix + line;
  }

  /** What the line reads before anything else. */
  byte[] input() {
    return password == null
        ? new byte[0]
        : (password.reveal() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Finds out what the user needs, and that it works.
   *
   * @param transport to the host
   * @param host the host
   * @param user the user that processes on the host belong to
   * @param password what sudo asks for; asked for only if sudo asks
   * @return the way that works
   * @throws SealerException with {@link ErrorCode#HOST_UNAUTHORIZED} if there is none
   * @throws IOException if the connection broke
   * @throws InterruptedException if the thread is interrupted
   */
  public static Escalation find(
      HostTransport transport, Host host, String user, Supplier<Optional<Secret>> password)
      throws IOException, InterruptedException {
    Outcome outcome = run(transport, FIND_OUT, new byte[0]);
    if (outcome.out().contains("sealer-root")) {
      return NONE;
    }
    if (outcome.out().contains("sealer-free")) {
      return new Escalation("sudo -k -n -H -- ", null);
    }
    if (!outcome.out().contains("sealer-asks")) {
      throw refused(host, user, "is not root and has no sudo", outcome)
          .remedy("log in as root, or install sudo on the host")
          .build();
    }
    Optional<Secret> secret = password.get();
    if (secret.isEmpty()) {
      throw refused(host, user, "is asked for a password by sudo, and none is given", outcome)
          .remedy("give the password, or let the user use sudo without one (NOPASSWD)")
          .build();
    }
    Escalation asked = new Escalation("sudo -k -S -p \"\" -H -- ", secret.get());
    Outcome tried = run(transport, asked.line("true"), asked.input());
    if (!tried.status().ok()) {
      throw refused(host, user, "is not let become root by sudo", tried)
          .remedy("check the password for sudo, and that sudoers lets the user run every command")
          .build();
    }
    return asked;
  }

  private static SealerException.Builder refused(
      Host host, String user, String why, Outcome outcome) {
    String said = outcome.err().strip();
    String text = host.address() + ": the user " + user + " " + why;
    return HostFailure.of(
        ErrorCode.HOST_UNAUTHORIZED, host, said.isEmpty() ? text : text + ": " + said, null);
  }

  private record Outcome(ExitStatus status, String out, String err) {}

  private static Outcome run(HostTransport transport, String line, byte[] input)
      throws IOException, InterruptedException {
    try (HostProcess process = transport.start(line, false)) {
      try (OutputStream stdin = process.stdin()) {
        stdin.write(input);
      } catch (IOException e) {
        // It ended without reading; its status tells.
      }
      ExitStatus status = process.await(LIMIT);
      if (status == null) {
        throw new IOException("sudo did not answer within " + LIMIT.toSeconds() + " s");
      }
      return new Outcome(status, text(process.stdout()), text(process.stderr()));
    }
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readNBytes(MAX_TEXT), StandardCharsets.UTF_8);
  }

  /** Returns {@code none}, {@code sudo} or {@code sudo with password}. */
  @Override
  public String toString() {
    String how = prefix.isEmpty() ? "none" : "sudo";
    return password == null ? how : "sudo with password";
  }
}
