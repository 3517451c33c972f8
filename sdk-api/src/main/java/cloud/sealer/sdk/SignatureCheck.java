package cloud.sealer.sdk;

import cloud.sealer.sdk.spi.SignatureVerifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which signatures make an image trusted: those of any of some keys, that say what they must say.
 * Immutable. Checking one needs no network and no time of day.
 */
public final class SignatureCheck {
  private final List<Path> keys;
  private final List<SignatureVerifier> verifiers;
  private final Map<String, String> annotations;

  private SignatureCheck(Builder builder) {
    keys = List.copyOf(builder.keys);
    verifiers = List.copyOf(builder.verifiers);
    annotations = Collections.unmodifiableMap(new TreeMap<>(builder.annotations));
  }

  /**
   * Trusts the owner of a key.
   *
   * @param key a file with a public key or certificate in PEM, such as {@code cosign.pub}
   * @return a builder
   */
  public static Builder key(Path key) {
    return new Builder().orKey(key);
  }

  /**
   * Trusts whom a verifier trusts.
   *
   * @param verifier the verifier
   * @return a builder
   */
  public static Builder verifier(SignatureVerifier verifier) {
    return new Builder().orVerifier(verifier);
  }

  /**
   * The files of the keys, any of which will do.
   *
   * @return the files
   */
  public List<Path> keys() {
    return keys;
  }

  /**
   * The verifiers, any of which will do.
   *
   * @return the verifiers
   */
  public List<SignatureVerifier> verifiers() {
    return verifiers;
  }

  /**
   * What a signature must say.
   *
   * @return names and values
   */
  public Map<String, String> annotations() {
    return annotations;
  }

  /** Collects a {@link SignatureCheck}. Not thread-safe. */
  public static final class Builder {
    private final List<Path> keys = new ArrayList<>();
    private final List<SignatureVerifier> verifiers = new ArrayList<>();
    private final Map<String, String> annotations = new TreeMap<>();

    private Builder() {}

    /**
     * Also trusts the owner of another key, such as the next one while keys are changed.
     *
     * @param key a file with a public key or certificate in PEM
     * @return this builder
     */
    public Builder orKey(Path key) {
      keys.add(Objects.requireNonNull(key, "key"));
      return this;
    }

    /**
     * Also trusts whom a verifier trusts.
     *
     * @param verifier the verifier
     * @return this builder
     */
    public Builder orVerifier(SignatureVerifier verifier) {
      verifiers.add(Objects.requireNonNull(verifier, "verifier"));
      return this;
    }

    /**
     * Takes only signatures that say something.
     *
     * @param name the name
     * @param value the value it must have
     * @return this builder
     */
    public Builder annotation(String name, String value) {
      annotations.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
      return this;
    }

    /**
     * Makes the check.
     *
     * @return the check
     */
    public SignatureCheck build() {
      return new SignatureCheck(this);
    }
  }
}
