package io.cotidal.gateway.outbox;

/**
 * What was known of a container or an account when its change began, or what has been agreed of it
 * since.
 */
public sealed interface Footing {
  /** The site could not be asked. */
  record Unasked() implements Footing {}

  /** It was not there, and nothing has been agreed since. */
  record Nothing() implements Footing {}

  /**
   * It was there.
   *
   * @param agreed of a container, as {@link io.cotidal.objects.state.AgreedText} writes it; of an
   *     account, a mark of what it said of itself
   */
  record Known(String agreed) implements Footing {}
}
