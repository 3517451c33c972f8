package cloud.sealer.sdk;

import cloud.sealer.sdk.spi.ImageSigner;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** With which key to sign an image, and what to say. Immutable. */
public final class SignOptions {
  private final @Nullable Path key;
  private final @Nullable Secret passphrase;
  private final @Nullable ImageSigner signer;
  private final Map<String, String> annotations;

  private SignOptions(Builder builder) {
    key = builder.key;
    passphrase = builder.passphrase;
    signer = builder.signer;
    annotations = Collections.unmodifiableMap(new TreeMap<>(builder.annotations));
  }

  /**
   * Signs with the key of a file.
   *
   * @param key a private key in PEM: PKCS#8, also encrypted, PKCS#1, SEC 1, or the {@code
   *     cosign.key} that {@code cosign generate-key-pair} writes
   * @return a builder
   */
  public static Builder key(Path key) {
    Builder builder = new Builder();
    builder.key = Objects.requireNonNull(key, "key");
    return builder;
  }

  /**
   * Signs with a key that is elsewhere.
   *
   * @param signer knows the key
   * @return a builder
   */
  public static Builder signer(ImageSigner signer) {
    Builder builder = new Builder();
    builder.signer = Objects.requireNonNull(signer, "signer");
    return builder;
  }

  /**
   * The file of the key.
   *
   * @return the file, if there is no signer
   */
  public Optional<Path> keyFile() {
    return Optional.ofNullable(key);
  }

  /**
   * What the file is encrypted with.
   *
   * @return the passphrase, if one was given
   */
  public Optional<Secret> passphrase() {
    return Optional.ofNullable(passphrase);
  }

  /**
   * Who signs.
   *
   * @return the signer, if there is no file
   */
  public Optional<ImageSigner> signer() {
    return Optional.ofNullable(signer);
  }

  /**
   * What the signature says beside the digest.
   *
   * @return names and values, which are signed too
   */
  public Map<String, String> annotations() {
    return annotations;
  }

  /** Collects {@link SignOptions}. Not thread-safe. */
  public static final class Builder {
    private @Nullable Path key;
    private @Nullable Secret passphrase;
    private @Nullable ImageSigner signer;
    private final Map<String, String> annotations = new TreeMap<>();

    private Builder() {}

    /**
     * Sets what the file of the key is encrypted with.
     *
     * @param passphrase the passphrase
     * @return this builder
     */
    public Builder passphrase(Secret passphrase) {
      this.passphrase = Objects.requireNonNull(passphrase, "passphrase");
      return this;
    }

    /**
     * Adds what the signature shall say, such as the build that made the image.
     *
     * @param name the name
     * @param value the value
     * @return this builder
     */
    public Builder annotation(String name, String value) {
      annotations.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
      return this;
    }

    /**
     * Makes the options.
     *
     * @return the options
     */
    public SignOptions build() {
      return new SignOptions(this);
    }
  }
}
