package io.cotidal.model;

/**
 * What the member's side can say without the server's answer: through the gate, beside the data.
 *
 * @param process whether the server's process exists
 * @param stamp what the gate remembers; {@link Stamp#NONE} if the gate could not be asked
 * @param facts what lies on the disk, in the kind's words (a control file's timeline, an unfinished
 *     clone)
 */
public record Host(Process process, Stamp stamp, Details facts) {
  /** Whether the server's process exists. */
  public enum Process {
    /** It exists; that says nothing about whether it answers. */
    RUNNING,
    /** Verified gone: nothing is left that could acknowledge a write. */
    GONE,
    /** The host could not be asked. Never the same as gone. */
    UNKNOWN
  }

  /** Of a host that could not be asked. */
  public static final Host UNKNOWN = new Host(Process.UNKNOWN, Stamp.NONE, Details.NONE);

  /** Whether the host answered, whatever its server does. */
  public boolean answered() {
    return process != Process.UNKNOWN;
  }
}
