package cloud.sealer.ssh;

import java.util.List;
import net.schmizz.sshj.userauth.method.ChallengeResponseProvider;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.Resource;

/**
 * Answers a keyboard-interactive server (RFC 4256): the first question whose answer is not to be
 * shown gets the password, in whatever language it asks; others get nothing.
 */
final class PasswordAnswers implements ChallengeResponseProvider {
  private static final char[] NOTHING = {};

  private final PasswordFinder password;
  private boolean answered;

  PasswordAnswers(PasswordFinder password) {
    this.password = password;
  }

  @Override
  public List<String> getSubmethods() {
    return List.of();
  }

  @Override
  @SuppressWarnings("rawtypes") // as sshj declares it
  public void init(Resource resource, String name, String instruction) {}

  @Override
  public char[] getResponse(String prompt, boolean echo) {
    if (echo || answered) {
      return NOTHING;
    }
    answered = true;
    char[] text = password.reqPassword(null);
    return text == null ? NOTHING : text;
  }

  @Override
  public boolean shouldRetry() {
    return false;
  }
}
