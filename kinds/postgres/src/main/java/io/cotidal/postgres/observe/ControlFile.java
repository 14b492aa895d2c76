package io.cotidal.postgres.observe;

import io.cotidal.postgres.reach.Sight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * What {@code global/pg_control} says of a server that does not run or does not answer. The layout
 * of these fields has been the same from PostgreSQL 13 to 18.
 *
 * @param systemId the database system identifier
 * @param state in the words of {@code pg_controldata}
 * @param checkpoint byte position of the latest checkpoint record
 * @param redo byte position from which recovery would begin
 * @param timeline the timeline of that checkpoint
 * @param minimumRecovery byte position that recovery must reach; 0 if none
 * @param minimumTimeline the timeline of that position; 0 if none
 */
public record ControlFile(
    long systemId,
    String state,
    long checkpoint,
    long redo,
    long timeline,
    long minimumRecovery,
    long minimumTimeline) {

  /** State of a primary that was stopped in order. */
  public static final String SHUT_DOWN = "shut down";

  /** State of a standby that was stopped in order. */
  public static final String SHUT_DOWN_STANDBY = "shut down in recovery";

  private static final List<String> STATES =
      List.of(
          "starting up",
          SHUT_DOWN,
          SHUT_DOWN_STANDBY,
          "shutting down",
          "in crash recovery",
          "in archive recovery",
          "in production");

  /** Of PostgreSQL 13 to 16, 17, 18. */
  private static final Set<Integer> VERSIONS = Set.of(1300, 1700, 1800);

  private static final int READ = 160;

  /**
   * Reads the file of a data directory.
   *
   * @throws IOException if it is missing, short or of a version that is not known here
   */
  public static ControlFile read(Path data) throws IOException {
    Path file = data.resolve("global/pg_control");
    byte[] bytes = Files.readAllBytes(file);
    try {
      return parse(bytes);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The one that a look saw.
   *
   * @throws IOException if it saw none, or one of a version that is not known here
   */
  public static ControlFile of(Sight sight) throws IOException {
    if (sight.control().isEmpty()) {
      throw new IOException("the data is " + sight.data() + ": there is no control file");
    }
    try {
      return parse(HexFormat.of().parseHex(sight.control()));
    } catch (IllegalArgumentException e) {
      throw new IOException("global/pg_control: " + e.getMessage(), e);
    }
  }

  /**
   * Reads the file's bytes.
   *
   * @throws IllegalArgumentException if they are too few, or of a version that is not known here
   */
  static ControlFile parse(byte[] bytes) {
    if (bytes.length < READ) {
      throw new IllegalArgumentException("control file of " + bytes.length + " bytes is too short");
    }
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    int version = file.getInt(8);
    if (!VERSIONS.contains(version)) {
      throw new IllegalArgumentException(
          "control file version " + version + " is not known; PostgreSQL 13 to 18 are");
    }
    int state = file.getInt(16);
    if (state < 0 || state >= STATES.size()) {
      throw new IllegalArgumentException("control file holds the unknown state " + state);
    }
    return new ControlFile(
        file.getLong(0),
        STATES.get(state),
        file.getLong(32),
        file.getLong(40),
        Integer.toUnsignedLong(file.getInt(48)),
        file.getLong(136),
        Integer.toUnsignedLong(file.getInt(144)));
  }

  /** Whether the server was stopped in order, so that its last record is its last checkpoint. */
  public boolean clean() {
    return state.equals(SHUT_DOWN) || state.equals(SHUT_DOWN_STANDBY);
  }

  /** Whether the server was a primary when it last ran. */
  public boolean wasPrimary() {
    return state.equals(SHUT_DOWN)
        || state.equals("in production")
        || state.equals("shutting down");
  }
}
