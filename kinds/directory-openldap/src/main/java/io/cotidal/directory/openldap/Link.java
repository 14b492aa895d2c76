package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.util.List;

/**
 * The order to fetch from one supplier. slapd begins at once, and takes away whatever the supplier
 * has not: so it is made only on a server that holds the same data set, or provably nothing.
 */
final class Link implements Act {

  @Override
  public String part(Servers.Order order) {
    return "from " + order.step().arguments().need(Acts.FROM);
  }

  @Override
  public String room(Servers.Order order) {
    return Act.CONFIGURATION;
  }

  @Override
  public Details act(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    Server from = turn.server(turn.argument(Acts.FROM));
    Slapd slapd = turn.slapd();
    if (!slapd.prepared()) {
      throw new ActFailed("it is not prepared: it has no server id, or no overlay that sends");
    }
    Links links = Links.from(from, slapd, turn);
    Sync own = links.own();
    if (own == null && !links.foreign().isEmpty()) {
      throw new ActFailed(
          "the order '%s' fetches from there and is not ours: adopt it or remove it"
              .formatted(links.foreign().getFirst()));
    }
    data(turn, from, slapd);
    int rid =
        own == null ? slapd.freeRid(Notes.of(slapd, turn.realm()), from.id().name()) : own.rid();
    Notes.put(turn.session(), turn.realm(), Notes.edge(rid, from.id().name()));
    Sync wanted = Sync.wanted(turn.realm(), from, rid);
    if (own == null || !own.words().equals(wanted.words())) {
      Links.exchange(turn, turn.slapd(), links.ours(), List.of(wanted));
    }
    return proven(turn);
  }

  /** Refuses to let one data set replace another. */
  private static void data(Turn turn, Server from, Slapd slapd)
      throws LDAPException, InterruptedException, ActFailed {
    Content theirs = Supplier.content(turn, from);
    Content own = turn.content();
    if (own.generation().equals(theirs.generation())) {
      return;
    }
    if (!slapd.syncs(turn.realm()).isEmpty() && !own.generation().isEmpty()) {
      throw new ActFailed(
          "it fetches the data set '%s' from others, and %s holds '%s'"
              .formatted(own.generation(), from.id(), theirs.generation()));
    }
    long entries = own.generation().isEmpty() ? 0 : Content.count(turn.session(), turn.realm());
    if (entries > 1) {
      throw new ActFailed(
          "it is not empty: it has %s%d entries of the data set '%s' that would be lost"
              .formatted(entries < Content.COUNTED ? "" : "at least ", entries, own.generation()));
    }
    Notes.put(turn.session(), turn.realm(), Notes.fill(from.id().name()));
    if (entries == 1) {
      // slapd takes no entry away that has others below it: so what is lost is the suffix alone.
      try {
        turn.session().delete(turn.realm().suffix());
      } catch (LDAPException e) {
        if (e.getResultCode().equals(ResultCode.NOT_ALLOWED_ON_NONLEAF)) {
          throw new ActFailed("it is not empty: entries below the suffix would be lost");
        }
        throw e;
      }
    }
  }

  @Override
  public Inspection inspect(Turn turn) throws LDAPException, ActFailed {
    Server from = turn.server(turn.argument(Acts.FROM));
    Sync own = Links.from(from, turn.slapd(), turn).own();
    if (own == null) {
      return new Inspection.NotApplied("no order of ours fetches from " + from.id());
    }
    Sync wanted = Sync.wanted(turn.realm(), from, own.rid());
    for (var each : wanted.words().entrySet()) {
      if (!each.getValue().equals(own.words().get(each.getKey()))) {
        return new Inspection.NotApplied("its " + each.getKey() + " is not as configured");
      }
    }
    return new Inspection.Applied(Details.of("agreement", "syncrepl " + own.rid()));
  }
}
