package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server's own task that takes a replica id out of everybody's vector. Never forced. */
final class Clean implements Act {
  private static final Duration LOOK = Duration.ofMillis(100);

  @Override
  public boolean alone() {
    return false;
  }

  @Override
  public String part(Servers.Order order) {
    return "clean " + order.step().arguments().need(Acts.ID);
  }

  private static String name(Turn turn) throws ActFailed {
    return "%s clean %d operation %d"
        .formatted(turn.realm().mark(), turn.id(), turn.order().stamp().number());
  }

  private static String dn(Turn turn) throws ActFailed {
    return new RDN(Words.NAME, name(turn)) + "," + Words.TASKS;
  }

  @Override
  public Details act(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    Config config = Config.read(turn.session(), turn.realm());
    SearchResultEntry replica = config.replica();
    if (replica == null) {
      throw new ActFailed("it has no settings of replication");
    }
    if (Config.number(replica, Words.ID) == turn.id()) {
      throw new ActFailed(turn.id() + " is this member's own replica id");
    }
    SearchResultEntry running = running(config, turn.id());
    String dn = running == null ? dn(turn) : running.getDN();
    if (running == null) {
      start(turn, dn);
    }
    while (true) {
      SearchResultEntry task = turn.session().entry(dn, Words.TASK_STATUS, Words.TASK_EXIT);
      if (task == null) {
        throw new ActFailed("the server no longer knows its task: it may have been started anew");
      }
      if (task.hasAttribute(Words.TASK_EXIT)) {
        if (!Config.value(task, Words.TASK_EXIT).equals("0")) {
          throw new ActFailed("the task failed: " + Facts.sentence(task));
        }
        return Details.of("task", Facts.sentence(task)).with(Acts.ID, turn.id());
      }
      if (turn.deadline().most().over()) {
        throw new LDAPException(ResultCode.TIMEOUT, "the task still runs: " + Facts.sentence(task));
      }
      turn.deadline().pause(LOOK);
    }
  }

  private static @Nullable SearchResultEntry running(Config config, int id) {
    return config.tasks().stream()
        .filter(task -> Config.number(task, Words.TASK_ID) == id)
        .filter(task -> !task.hasAttribute(Words.TASK_EXIT))
        .findFirst()
        .orElse(null);
  }

  private static void start(Turn turn, String dn) throws LDAPException, ActFailed {
    // One of an earlier attempt that failed bears the same name.
    turn.session().delete(dn);
    turn.session()
        .add(
            dn,
            List.of(
                new Attribute(Words.CLASS, "top", "extensibleObject"),
                new Attribute(Words.NAME, name(turn)),
                new Attribute(Words.TASK_BASE, turn.realm().suffix()),
                new Attribute(Words.TASK_ID, Integer.toString(turn.id())),
                new Attribute(Words.TASK_FORCE, "no")));
  }

  @Override
  public Inspection inspect(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    Config config = Config.read(turn.session(), turn.realm());
    SearchResultEntry task = turn.session().entry(dn(turn), Words.TASK_STATUS, Words.TASK_EXIT);
    if (task != null && Config.value(task, Words.TASK_EXIT).equals("0")) {
      return new Inspection.Applied(
          Details.of("task", Facts.sentence(task)).with(Acts.ID, turn.id()));
    }
    boolean listed =
        Content.read(turn.session(), turn.realm()).vector().elements().containsKey(turn.id());
    if (running(config, turn.id()) != null) {
      return new Inspection.NotApplied("the task still runs");
    }
    return new Inspection.NotApplied(
        listed ? "the vector still has the id" : "the task is not known any more");
  }
}
