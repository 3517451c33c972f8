package cloud.sealer.sdk;

/**
 * Hears what happens while a call works.
 *
 * <p>Events of one call come one at a time and in order, from threads of the call. A listener
 * should return soon; a slow one never holds up work for longer than its own run, and one that
 * throws is ignored.
 */
@FunctionalInterface
public interface EventListener {
  /** A listener that does nothing. */
  EventListener NONE = event -> {};

  /**
   * Takes one event.
   *
   * @param event what happened
   */
  void onEvent(Event event);
}
