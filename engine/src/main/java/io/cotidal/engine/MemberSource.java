package io.cotidal.engine;

import io.cotidal.model.SourceAnswer;
import java.time.Duration;

/**
 * Where the members of a resource come from. One caller at a time; {@link #describe} and {@link
 * #close} may be called by any thread at any moment.
 */
public interface MemberSource extends AutoCloseable {
  /**
   * Who the members are. A source that can wait for news blocks until it has some, or until too
   * little of {@code patience} is left to ask once more, and then says again what is so; any other
   * answers at once. Its first answer waits for nothing.
   *
   * <p>Never throws for what a source does or fails to do: that is {@link
   * SourceAnswer.Unavailable}. Ends early, with any answer, if its thread is interrupted.
   *
   * @param patience within which it answers, whatever the source does
   */
  SourceAnswer ask(Duration patience);

  /** Which source this is, in a few words for people and logs; holds no secret. */
  String describe();

  /** Ends what it keeps open. */
  @Override
  void close();
}
