package cloud.sealer.aliyun;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import java.util.Map;

/** Says which key signs requests. Asked before each request, so it may change. Thread-safe. */
@FunctionalInterface
public interface AccessKeyProvider {
  /** The variable with the AccessKey ID. */
  String ID = "ACCESSKEYID";

  /** The variable with the AccessKey secret. */
  String SECRET = "ACCESSKEYSECRET";

  /**
   * The key for the next request.
   *
   * @return the key
   * @throws SealerException with {@link ErrorCode#UNAUTHORIZED} if there is none
   */
  AccessKey accessKey();

  /**
   * The key in variables of an environment, named as sealer names them: {@value #ID} and {@value
   * #SECRET}.
   *
   * @param variables the environment, such as {@code System.getenv()}
   * @return the provider
   */
  static AccessKeyProvider environment(Map<String, String> variables) {
    String id = variables.getOrDefault(ID, "");
    String secret = variables.getOrDefault(SECRET, "");
    return () -> {
      if (id.isBlank() || secret.isBlank()) {
        throw SealerException.builder(
                ErrorCode.UNAUTHORIZED, "there is no key for the machines of the cloud")
            .remedy("set the variables " + ID + " and " + SECRET)
            .build();
      }
      return AccessKey.of(id, Secret.of(secret));
    };
  }
}
