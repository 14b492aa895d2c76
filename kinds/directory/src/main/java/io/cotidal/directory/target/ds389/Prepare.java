package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.observe.Credentials;
import io.cotidal.directory.observe.Replica;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.util.ArrayList;
import java.util.List;

/** The suppliers' account, and the settings of replication. */
final class Prepare implements Act {

  @Override
  public String part(Servers.Order order) {
    return "self";
  }

  @Override
  public Details act(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    int id = turn.id();
    Config config = Config.read(turn.session(), turn.realm());
    SearchResultEntry tree = config.tree();
    if (tree == null) {
      throw new ActFailed(
          "it holds no suffix '" + turn.realm().suffix() + "': make its back end first");
    }
    SearchResultEntry replica = config.replica();
    if (replica != null && Config.number(replica, Words.ID) != id) {
      throw new ActFailed(
          "it has replica id %d and not %d: an id is never changed"
              .formatted(Config.number(replica, Words.ID), id));
    }
    Account.make(turn, config);
    if (replica == null) {
      forget(turn);
      turn.session().add("cn=replica," + tree.getDN(), settings(turn, id));
    } else {
      mend(turn, replica);
    }
    return switch (inspect(turn)) {
      case Inspection.Applied applied -> applied.evidence();
      case Inspection.NotApplied missing -> throw new ActFailed(missing.reason());
      case Inspection.Unknown unknown -> throw new ActFailed(unknown.reason());
    };
  }

  /**
   * A vector that was left behind speaks of changes as if those since then had been recorded too.
   */
  private static void forget(Turn turn) throws LDAPException {
    if (Content.read(turn.session(), turn.realm()).vector().initialised()) {
      SearchResultEntry left = Content.vectorEntry(turn.session(), turn.realm());
      if (left != null) {
        turn.session().delete(left.getDN());
      }
    }
  }

  private static List<Attribute> settings(Turn turn, int id) {
    List<Attribute> all = new ArrayList<>();
    all.add(new Attribute(Words.CLASS, "top", Words.REPLICA));
    all.add(new Attribute(Words.NAME, "replica"));
    all.add(new Attribute(Words.ROOT, turn.realm().suffix()));
    all.add(new Attribute(Words.ID, Integer.toString(id)));
    all.add(new Attribute(Words.BIND_DN, turn.realm().spec().replication().bindDn()));
    turn.world()
        .facts()
        .wanted()
        .entries()
        .forEach((name, value) -> all.add(new Attribute(name, value)));
    return all;
  }

  private static void mend(Turn turn, SearchResultEntry replica) throws LDAPException {
    List<Modification> changes = new ArrayList<>();
    turn.world()
        .facts()
        .wanted()
        .entries()
        .forEach((name, value) -> {
          if (!Config.value(replica, name).equals(value)) {
            changes.add(new Modification(ModificationType.REPLACE, name, value));
          }
        });
    if (!turn.world().facts().admits(replica)) {
      changes.add(
          new Modification(
              ModificationType.ADD, Words.BIND_DN, turn.realm().spec().replication().bindDn()));
    }
    if (!changes.isEmpty()) {
      turn.session().modify(replica.getDN(), changes);
    }
  }

  @Override
  public Inspection inspect(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    Config config = Config.read(turn.session(), turn.realm());
    Replica replica = turn.world().facts().replica(config);
    if (replica == null) {
      return new Inspection.NotApplied("it has no settings of replication");
    }
    if (replica.id() != turn.id()) {
      return new Inspection.NotApplied("it has replica id " + replica.id());
    }
    if (!replica.settings().isEmpty()) {
      return new Inspection.NotApplied("not as configured: " + replica.settings());
    }
    if (!replica.account() || replica.credentials() != Credentials.CURRENT) {
      return new Inspection.NotApplied("the suppliers' account is not as configured");
    }
    Content content = Content.read(turn.session(), turn.realm());
    return new Inspection.Applied(
        Details.of(Acts.ID, replica.id()).with(Acts.GENERATION, content.vector().generation()));
  }
}
