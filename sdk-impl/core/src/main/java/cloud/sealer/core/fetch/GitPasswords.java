package cloud.sealer.core.fetch;

import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;

/** Knows no password, so that a server that asks for one is an error and not a question. */
final class GitPasswords extends CredentialsProvider {
  static final CredentialsProvider NONE = new GitPasswords();

  private GitPasswords() {}

  @Override
  public boolean isInteractive() {
    return false;
  }

  @Override
  public boolean supports(CredentialItem... items) {
    return false;
  }

  @Override
  public boolean get(URIish uri, CredentialItem... items) {
    return false;
  }
}
