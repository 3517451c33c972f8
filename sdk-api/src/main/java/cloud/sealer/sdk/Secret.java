package cloud.sealer.sdk;

import java.util.Objects;

/**
 * A password, a passphrase or another text that must not be seen.
 *
 * <p>Not a record, and {@link #toString} hides it, so that none ends up in a log. Two are equal if
 * their texts are.
 */
public final class Secret {
  private final String text;

  private Secret(String text) {
    this.text = Objects.requireNonNull(text, "text");
  }

  /**
   * A secret.
   *
   * @param text the text
   * @return the secret
   */
  public static Secret of(String text) {
    return new Secret(text);
  }

  /**
   * The text, for the one place that needs it.
   *
   * @return the text
   */
  public String reveal() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && secret.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** Returns stars. */
  @Override
  public String toString() {
    return "***";
  }
}
