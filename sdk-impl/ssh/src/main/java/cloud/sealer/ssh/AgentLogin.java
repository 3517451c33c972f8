package cloud.sealer.ssh;

import java.io.IOException;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AbstractAuthMethod;

/** Logs in with a key of an agent, which signs what the server asks for (RFC 4252, section 7). */
final class AgentLogin extends AbstractAuthMethod {
  private static final String RSA = "ssh-rsa";

  private final SshAgent agent;
  private final SshAgent.Identity identity;

  AgentLogin(SshAgent agent, SshAgent.Identity identity) {
    super("publickey");
    this.agent = agent;
    this.identity = identity;
  }

  @Override
  protected SSHPacket buildReq() throws UserAuthException {
    return request(false);
  }

  private SSHPacket request(boolean signed) throws UserAuthException {
    SSHPacket packet = super.buildReq().putBoolean(signed);
    return packet.putString(algorithm()).putString(identity.blob());
  }

  /** The name of the key's type, but for RSA, where it is that of the best signature. */
  private String algorithm() throws UserAuthException {
    String type = HostKeys.type(identity.blob());
    if (!type.equals(RSA)) {
      return type;
    }
    try {
      return params.getTransport().getClientKeyAlgorithms(KeyType.RSA).get(0).getKeyAlgorithm();
    } catch (TransportException e) {
      throw new UserAuthException("the server takes no RSA key", e);
    }
  }

  @Override
  public void handle(Message message, SSHPacket packet)
      throws UserAuthException, TransportException {
    if (message != Message.USERAUTH_60) {
      super.handle(message, packet);
      return;
    }
    SSHPacket answer = request(true);
    byte[] data =
        new Buffer.PlainBuffer()
            .putString(params.getTransport().getSessionID())
            .putBuffer(answer)
            .getCompactData();
    int flags =
        switch (algorithm()) {
          case "rsa-sha2-512" -> SshAgent.RSA_SHA2_512;
          case "rsa-sha2-256" -> SshAgent.RSA_SHA2_256;
          default -> 0;
        };
    try {
      answer.putString(agent.sign(identity.blob(), data, flags));
    } catch (IOException e) {
      throw new UserAuthException("the agent does not sign: " + e.getMessage(), e);
    }
    params.getTransport().write(answer);
  }
}
