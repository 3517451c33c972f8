package cloud.sealer.ssh;

import cloud.sealer.core.host.HostFailure;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.SecretProvider;
import cloud.sealer.sdk.SecretProvider.Kind;
import com.hierynomus.sshj.common.KeyDecryptionFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.AuthKeyboardInteractive;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPassword;
import net.schmizz.sshj.userauth.method.AuthPublickey;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.Resource;
import org.jspecify.annotations.Nullable;

/**
 * Logs in with what is known of a user: the private key, the keys of the agent, the password. A
 * server that wants several of them gets them. Thread-safe.
 */
final class Logins {
  private final SecretProvider secrets;
  private final @Nullable SshAgent agent;

  Logins(SecretProvider secrets, @Nullable SshAgent agent) {
    this.secrets = secrets;
    this.agent = agent;
  }

  /** The password of the SSH user. */
  Optional<Secret> password(Host host) {
    return host.ssh()
        .password()
        .or(() -> secrets.secret(Kind.SSH_PASSWORD, host.address(), host.user()));
  }

  /** What {@code sudo} asks the user for. */
  Optional<Secret> sudoPassword(Host host) {
    return secrets.secret(Kind.SUDO_PASSWORD, host.address(), host.user()).or(() -> password(host));
  }

  /** Logs in, or fails with what was tried and what the server would take. */
  void login(SSHClient client, Host host) throws TransportException {
    List<AuthMethod> methods = new ArrayList<>();
    List<String> tried = new ArrayList<>();
    Optional<Path> key = host.ssh().privateKey();
    if (key.isPresent() && !isPublic(key.get(), host)) {
      methods.add(new AuthPublickey(privateKey(client, key.get(), host)));
      tried.add("the key " + key.get());
    }
    if (agent != null) {
      List<AgentLogin> logins = agentLogins(agent, key.orElse(null), host);
      methods.addAll(logins);
      tried.add(logins.size() + " keys of the agent");
    }
    PasswordFinder password = new Password(host);
    methods.add(new AuthPassword(password));
    methods.add(new AuthKeyboardInteractive(new PasswordAnswers(password)));
    tried.add("a password, if given");
    try {
      client.auth(host.user(), methods);
    } catch (UserAuthException e) {
      throw HostFailure.of(
              ErrorCode.HOST_UNAUTHORIZED,
              host,
              host.address()
                  + " refuses the user "
                  + host.user()
                  + "; tried: "
                  + String.join(", ", tried)
                  + "; it accepts: "
                  + String.join(", ", client.getUserAuth().getAllowedMethods()),
              e)
          .remedy("check user, password and key, and that the key is in authorized_keys")
          .build();
    }
  }

  private static boolean isPublic(Path file, Host host) {
    try (var in = Files.newInputStream(file)) {
      String start = new String(in.readNBytes(11), StandardCharsets.US_ASCII);
      return start.startsWith("ssh-") || start.startsWith("ecdsa-sha2-") || start.startsWith("sk-");
    } catch (IOException e) {
      throw unusable(file, host, "cannot be read: " + e.getMessage(), e)
          .remedy("check the path of the key and its permissions")
          .build();
    }
  }

  private KeyProvider privateKey(SSHClient client, Path file, Host host) {
    Passphrase passphrase = new Passphrase(host);
    try {
      KeyProvider keys = client.loadKeys(file.toString(), passphrase);
      keys.getPrivate();
      return keys;
    } catch (KeyDecryptionFailedException e) {
      boolean given = passphrase.given;
      throw unusable(file, host, given ? "has another passphrase" : "has a passphrase", e)
          .remedy(given ? "check the passphrase" : "give the passphrase, or use an agent")
          .build();
    } catch (IOException | RuntimeException e) {
      if (passphrase.asked && !passphrase.given) {
        throw unusable(file, host, "has a passphrase", e)
            .remedy("give the passphrase, or use an agent")
            .build();
      }
      throw unusable(file, host, "cannot be used: " + HostFailure.reason(e), e)
          .remedy("use an RSA, ECDSA or Ed25519 key as ssh-keygen or openssl write it")
          .build();
    }
  }

  private static SealerException.Builder unusable(Path file, Host host, String why, Exception e) {
    String message = "the private key " + file + " for " + host.address() + " " + why;
    return HostFailure.of(ErrorCode.HOST_UNAUTHORIZED, host, message, e);
  }

  /** The agent's keys; only one of them if the user's public key is given as the key. */
  private static List<AgentLogin> agentLogins(SshAgent agent, @Nullable Path key, Host host) {
    try {
      byte[] only =
          key != null && isPublic(key, host)
              ? Base64.getDecoder().decode(Files.readString(key).strip().split("\\s+")[1])
              : null;
      return agent.identities().stream()
          .filter(each -> only == null || Arrays.equals(only, each.blob()))
          .map(each -> new AgentLogin(agent, each))
          .toList();
    } catch (IOException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw HostFailure.of(
              ErrorCode.HOST_UNAUTHORIZED,
              host,
              "the SSH agent cannot be asked for keys for "
                  + host.address()
                  + ": "
                  + HostFailure.reason(e),
              e)
          .remedy("check that the agent runs and its socket has this path")
          .build();
    }
  }

  /** Asks for the password when the server does, and gives the same one no second time. */
  private final class Password implements PasswordFinder {
    private final Host host;

    Password(Host host) {
      this.host = host;
    }

    @Override
    public char @Nullable [] reqPassword(@Nullable Resource<?> resource) {
      return password(host).map(secret -> secret.reveal().toCharArray()).orElse(null);
    }

    @Override
    public boolean shouldRetry(Resource<?> resource) {
      return false;
    }
  }

  private final class Passphrase implements PasswordFinder {
    private final Host host;
    private boolean asked;
    private boolean given;

    Passphrase(Host host) {
      this.host = host;
    }

    @Override
    public char @Nullable [] reqPassword(@Nullable Resource<?> resource) {
      asked = true;
      Optional<Secret> secret =
          host.ssh()
              .passphrase()
              .or(() -> secrets.secret(Kind.SSH_KEY_PASSPHRASE, host.address(), host.user()));
      given = secret.isPresent();
      return secret.map(each -> each.reveal().toCharArray()).orElse(null);
    }

    @Override
    public boolean shouldRetry(Resource<?> resource) {
      return false;
    }
  }
}
