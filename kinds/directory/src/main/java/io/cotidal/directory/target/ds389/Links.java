package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.ldap.Session;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The agreements of a supplier that lead to one consumer.
 *
 * @param ours those with our mark; the one that bears our name first
 * @param foreign the others
 */
record Links(List<SearchResultEntry> ours, List<SearchResultEntry> foreign) {
  /** Seconds that the server waits for a session's end before it stops an agreement. */
  private static final String IMPATIENT = "1";

  /** Finds them. */
  static Links to(Server consumer, Config config, Act.Turn turn) {
    List<Server> known = new ArrayList<>(turn.order().known());
    if (known.stream().noneMatch(one -> one.id().equals(consumer.id()))) {
      known.add(consumer);
    }
    String name = Realm.agreement(consumer.id());
    List<SearchResultEntry> ours = new ArrayList<>();
    List<SearchResultEntry> foreign = new ArrayList<>();
    for (SearchResultEntry each : config.agreements()) {
      if (!consumer.id().equals(turn.world().facts().leadsTo(each, known))) {
        continue;
      }
      if (!turn.realm().ours(each.getAttributeValue(Words.DESCRIPTION))) {
        foreign.add(each);
      } else if (Config.value(each, Words.NAME).equals(name)) {
        ours.addFirst(each);
      } else {
        ours.add(each);
      }
    }
    return new Links(ours, foreign);
  }

  /** The one of ours; null if there is none. */
  @Nullable SearchResultEntry own() {
    return ours.isEmpty() ? null : ours.getFirst();
  }

  /**
   * The one of ours to the consumer of a step.
   *
   * @throws ActFailed if there is none
   */
  static SearchResultEntry need(Act.Turn turn, Config config) throws ActFailed {
    String to = turn.argument(Acts.TO);
    return Optional.ofNullable(to(turn.server(to), config, turn).own())
        .orElseThrow(() -> new ActFailed("no agreement of ours leads to " + to));
  }

  /**
   * Takes an agreement away. By default the server waits two minutes for an agreement that fails:
   * so it is told first to be impatient, then to stop.
   */
  static void remove(Session session, SearchResultEntry agreement) throws LDAPException {
    String dn = agreement.getDN();
    session.modify(dn, set(Words.PROTOCOL_TIMEOUT, IMPATIENT));
    if (agreement.hasAttribute(Words.REFRESH)) {
      session.modify(dn, set(Words.REFRESH, "stop"));
    }
    if (!Config.value(agreement, Words.ENABLED).equalsIgnoreCase("off")) {
      session.modify(dn, set(Words.ENABLED, "off"));
    }
    session.delete(dn);
  }

  static List<Modification> set(String attribute, String value) {
    return List.of(new Modification(ModificationType.REPLACE, attribute, value));
  }
}
