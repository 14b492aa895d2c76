package io.cotidal.postgres.reach;

import io.cotidal.model.Stamp;
import java.util.Optional;

/**
 * What a member's machine says in one look, without its server.
 *
 * @param running whether a process of the server exists; false means verified gone
 * @param stamp the newest that its gate remembers
 * @param data {@link #ABSENT}, {@link #INCOMPLETE} or {@link #PRESENT}
 * @param signal whether the next start is a demoted one
 * @param canRewind whether {@code pg_rewind} is there
 * @param control the beginning of its control file, hexadecimal; empty if the data is not present,
 *     or the look left it out
 * @param room what room there is; empty if that is not known
 */
public record Sight(
    boolean running,
    Stamp stamp,
    String data,
    boolean signal,
    boolean canRewind,
    String control,
    Optional<Room> room) {
  /** Nothing is there. */
  public static final String ABSENT = "absent";

  /** Something is there that no server may be started from. */
  public static final String INCOMPLETE = "incomplete";

  /** A whole data directory. */
  public static final String PRESENT = "present";

  /** The same where other room is known. */
  Sight with(Optional<Room> other) {
    return new Sight(running, stamp, data, signal, canRewind, control, other);
  }
}
