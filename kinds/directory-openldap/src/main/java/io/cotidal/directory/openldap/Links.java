package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The orders of a consumer to fetch from one supplier.
 *
 * @param ours those of which a note of ours speaks
 * @param foreign the others
 */
record Links(List<Sync> ours, List<Sync> foreign) {
  /** Finds them. */
  static Links from(Server supplier, Slapd slapd, Act.Turn turn) {
    Facts facts = new Facts(turn.realm(), slapd);
    List<Server> known = turn.known(supplier);
    List<Sync> ours = new ArrayList<>();
    List<Sync> foreign = new ArrayList<>();
    for (Sync each : slapd.syncs(turn.realm())) {
      MemberId from = facts.from(each, known);
      if (supplier.id().equals(from)) {
        (facts.owned(each) ? ours : foreign).add(each);
      }
    }
    return new Links(ours, foreign);
  }

  /** The one of ours; null if there is none. */
  @Nullable Sync own() {
    return ours.isEmpty() ? null : ours.getFirst();
  }

  /**
   * Exchanges orders in one operation. slapd takes the wrong session down when it is told to take
   * one order of several away (seen in 2.5.13: its list runs the other way round), so then all are
   * written anew, and begin new sessions.
   *
   * <p>A database that fetches from nobody must not be said to have several providers: its slapd
   * would not start again. And one that fetches must be: it would take no writes.
   */
  static void exchange(Act.Turn turn, Slapd slapd, List<Sync> gone, List<Sync> come)
      throws LDAPException, ActFailed {
    SearchResultEntry database = slapd.need();
    List<Modification> changes = new ArrayList<>();
    boolean several = database.hasAttribute(Words.MULTI);
    List<String> added = come.stream().map(Sync::value).toList();
    if (gone.isEmpty()) {
      added.forEach(
          value -> changes.add(new Modification(ModificationType.ADD, Words.SYNC, value)));
      if (!several) {
        changes.add(new Modification(ModificationType.ADD, Words.MULTI, "TRUE"));
      }
      turn.session().modify(database.getDN(), changes);
      return;
    }
    List<String> left =
        new ArrayList<>(Words.values(database, Words.SYNC).stream().map(Words::plain).toList());
    left.removeAll(gone.stream().map(Sync::value).toList());
    left.addAll(added);
    if (several) {
      changes.add(new Modification(ModificationType.DELETE, Words.MULTI));
    }
    changes.add(
        new Modification(ModificationType.REPLACE, Words.SYNC, left.toArray(String[]::new)));
    if (!left.isEmpty()) {
      changes.add(new Modification(ModificationType.ADD, Words.MULTI, "TRUE"));
    }
    turn.session().modify(database.getDN(), changes);
  }
}
