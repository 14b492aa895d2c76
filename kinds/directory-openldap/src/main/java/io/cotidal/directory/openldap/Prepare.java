package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.observe.Credentials;
import io.cotidal.directory.observe.Replica;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.util.ArrayList;
import java.util.List;

/** The server id, the overlay that sends, and the suppliers' account with its rights. */
final class Prepare implements Act {

  @Override
  public String part(Servers.Order order) {
    return "self";
  }

  @Override
  public String room(Servers.Order order) {
    return Act.CONFIGURATION;
  }

  @Override
  public Details act(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    int id = turn.id();
    Slapd slapd = turn.slapd();
    slapd.need();
    if (slapd.id() != 0 && slapd.id() != id) {
      throw new ActFailed(
          slapd.id() < 0
              ? "its olcServerID has several values or an address: leave one number"
              : "it has server id %d and not %d: an id is never changed".formatted(slapd.id(), id));
    }
    Account.make(turn);
    if (slapd.id() == 0) {
      turn.session()
          .modify(
              slapd.global().getDN(),
              List.of(
                  new Modification(ModificationType.ADD, Words.SERVER_ID, Integer.toString(id))));
    }
    send(turn);
    mend(turn);
    return proven(turn);
  }

  private static void send(Turn turn) throws LDAPException, ActFailed {
    Slapd slapd = turn.slapd();
    if (slapd.sender() != null) {
      return;
    }
    if (!slapd.loads(Words.SYNCPROV)) {
      Notes.load(turn.session(), slapd, Words.SYNCPROV);
    }
    turn.session()
        .add(
            Words.OVERLAY + "=" + Words.SYNCPROV + "," + slapd.need().getDN(),
            List.of(
                new Attribute(Words.CLASS, Words.OVERLAYS, "olcSyncProvConfig"),
                new Attribute(Words.OVERLAY, Words.SYNCPROV),
                new Attribute("olcSpCheckpoint", "100 1"),
                new Attribute("olcSpSessionlog", "10000")));
  }

  private static void mend(Turn turn) throws LDAPException, ActFailed {
    Slapd slapd = turn.slapd();
    List<Modification> changes = new ArrayList<>(Rights.missing(slapd, turn.realm()));
    if (slapd.need().hasAttribute(Words.SYNC)
        && !Words.value(slapd.need(), Words.MULTI).equalsIgnoreCase("TRUE")) {
      changes.add(new Modification(ModificationType.REPLACE, Words.MULTI, "TRUE"));
    }
    if (!changes.isEmpty()) {
      turn.session().modify(slapd.need().getDN(), changes);
    }
  }

  @Override
  public Inspection inspect(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    Slapd slapd = turn.slapd();
    Facts facts = new Facts(turn.realm(), slapd);
    Replica replica = facts.replica();
    if (replica == null) {
      return new Inspection.NotApplied("it has no server id, or no overlay that sends");
    }
    if (replica.id() != turn.id()) {
      return new Inspection.NotApplied("it has server id " + replica.id());
    }
    if (!replica.settings().isEmpty()) {
      return new Inspection.NotApplied("not as configured: " + replica.settings());
    }
    if (replica.credentials() != Credentials.CURRENT) {
      return new Inspection.NotApplied("the suppliers' account is not as configured");
    }
    Content content = turn.content();
    boolean partly = facts.notes().partly(content, slapd.syncs(turn.realm()));
    String generation = partly ? "" : content.generation();
    return new Inspection.Applied(
        Details.of(Acts.ID, replica.id()).with(Acts.GENERATION, generation));
  }
}
