package cloud.sealer.ssh;

import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import net.schmizz.sshj.common.SecurityUtils;
import org.jspecify.annotations.Nullable;

/** Gives the JDK's key factory for elliptic curves the name that sshj asks for. */
final class EcdsaName extends Provider {
  private static final long serialVersionUID = 1L;
  private static final String TYPE = "KeyFactory";

  private EcdsaName(Service service) {
    super("SealerEcdsa", "1", "KeyFactory ECDSA, which is the JDK's EC");
    putService(
        new Service(this, TYPE, "ECDSA", service.getClassName(), null, null) {
          @Override
          public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
            return service.newInstance(parameter);
          }
        });
  }

  /** Makes the name known, last of all providers, if nobody has. */
  static synchronized void register() {
    SecurityUtils.setRegisterBouncyCastle(false);
    if (known("ECDSA") != null) {
      return;
    }
    KeyFactory curves = known("EC");
    if (curves != null) {
      Security.addProvider(new EcdsaName(curves.getProvider().getService(TYPE, "EC")));
    }
  }

  private static @Nullable KeyFactory known(String name) {
    try {
      return KeyFactory.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      return null;
    }
  }
}
