package io.cotidal.postgres.observe;

import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.postgres.plan.Acts;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a member's side says without its server: processes, the gate's stamp, files. */
public final class HostLook {
  /** Value of {@link Acts#DATA}: nothing is there. */
  public static final String ABSENT = "absent";

  /** Value of {@link Acts#DATA}: something is there that no server may be started from. */
  public static final String INCOMPLETE = "incomplete";

  /** Value of {@link Acts#DATA}: a whole data directory. */
  public static final String PRESENT = "present";

  private static final Logger LOG = LoggerFactory.getLogger(HostLook.class);

  private HostLook() {}

  /**
   * Looks at the host of {@code node}.
   *
   * @param answered whether the server has just answered: then it runs, and its control file says
   *     less than it did
   */
  public static Host read(Node node, boolean answered) {
    try {
      Host.Process process =
          answered || node.postmaster().isPresent() || !node.serverProcesses().isEmpty()
              ? Host.Process.RUNNING
              : Host.Process.GONE;
      return new Host(process, node.gate().remembered(), facts(node, answered));
    } catch (IOException e) {
      LOG.debug("member={} host look failed: {}", node.id(), e.toString());
      return Host.UNKNOWN;
    }
  }

  private static Details facts(Node node, boolean answered) throws IOException {
    String data = data(node);
    Details facts =
        Details.of(Acts.DATA, data)
            .with(Acts.SIGNAL, Files.exists(node.signal()) ? "standby" : "none")
            .with(Acts.CAN_REWIND, Files.isExecutable(node.program("pg_rewind")));
    if (answered || !data.equals(PRESENT)) {
      return facts;
    }
    ControlFile control = ControlFile.read(node.data());
    return facts
        .with(Acts.SYSTEM_ID, Long.toUnsignedString(control.systemId()))
        .with(Acts.CONTROL_STATE, control.state())
        .with(Acts.TIMELINE, Math.max(control.timeline(), control.minimumTimeline()))
        .with(Acts.CHECKPOINT_POSITION, control.checkpoint())
        .with(Acts.MINIMUM_RECOVERY, control.minimumRecovery());
  }

  /** The word for the state of the data directory. */
  public static String data(Node node) throws IOException {
    if (Files.exists(node.incomplete())) {
      return INCOMPLETE;
    }
    if (Files.exists(node.data().resolve("PG_VERSION"))
        && Files.exists(node.data().resolve("global/pg_control"))) {
      return PRESENT;
    }
    return empty(node.data()) ? ABSENT : INCOMPLETE;
  }

  /** Whether there is no such directory, or nothing in it. */
  public static boolean empty(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return true;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      return !entries.iterator().hasNext();
    }
  }
}
