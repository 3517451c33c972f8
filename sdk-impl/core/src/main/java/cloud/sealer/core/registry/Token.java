package cloud.sealer.core.registry;

import java.time.Duration;
import java.time.Instant;

/** An access token and when to stop using it: some time before it expires. Not a record: secret. */
final class Token {
  private static final Duration MARGIN = Duration.ofSeconds(10);
  private static final int MARGIN_PART = 4;

  private final String value;
  private final Instant end;

  /**
   * A token.
   *
   * @param asked when it was asked for; the server's clock may be another
   * @param lifetime how long it is good
   */
  Token(String value, Instant asked, Duration lifetime) {
    Duration part = lifetime.dividedBy(MARGIN_PART);
    this.value = value;
    this.end = asked.plus(lifetime).minus(part.compareTo(MARGIN) < 0 ? part : MARGIN);
  }

  String value() {
    return value;
  }

  boolean isGood(Instant now) {
    return now.isBefore(end);
  }

  @Override
  public String toString() {
    return "token until " + end;
  }
}
