package io.cotidal.postgres.observe;

import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.reach.Machine;
import io.cotidal.postgres.reach.Sight;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a member's side says without its server: processes, the gate's stamp, files. */
public final class HostLook {
  private static final Logger LOG = LoggerFactory.getLogger(HostLook.class);

  private HostLook() {}

  /**
   * What a look at the machine of {@code node} gave.
   *
   * @param answered whether the server has just answered: then it runs, and its control file says
   *     less than it did
   */
  static Host read(Node node, Machine.Glance glance, boolean answered, Deadline deadline)
      throws InterruptedException {
    try {
      Sight sight = glance.sight(answered, deadline);
      Host.Process process = answered || sight.running() ? Host.Process.RUNNING : Host.Process.GONE;
      Details disk = node.disk().facts(sight.room(), answered);
      return new Host(process, sight.stamp(), facts(sight, answered).with(disk));
    } catch (IOException e) {
      LOG.debug("member={} host look failed: {}", node.id(), e.toString());
      return Host.UNKNOWN;
    }
  }

  private static Details facts(Sight sight, boolean answered) throws IOException {
    Details facts =
        Details.of(Acts.DATA, sight.data())
            .with(Acts.SIGNAL, sight.signal() ? "standby" : "none")
            .with(Acts.CAN_REWIND, sight.canRewind());
    if (answered || !sight.data().equals(Sight.PRESENT)) {
      return facts;
    }
    ControlFile control = ControlFile.of(sight);
    return facts
        .with(Acts.SYSTEM_ID, Long.toUnsignedString(control.systemId()))
        .with(Acts.CONTROL_STATE, control.state())
        .with(Acts.TIMELINE, Math.max(control.timeline(), control.minimumTimeline()))
        .with(Acts.CHECKPOINT_POSITION, control.checkpoint())
        .with(Acts.MINIMUM_RECOVERY, control.minimumRecovery());
  }
}
