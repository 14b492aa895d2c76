package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.ldap.Printable;
import io.cotidal.directory.observe.Credentials;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Replication;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The agreement with one consumer. It is never told to fill the consumer as it is made: the server
 * would remember that, and fill it again whenever the agreement is stopped and started.
 */
final class Link implements Act {
  private static final String SECONDS = "30";
  private static final String STOP_SECONDS = "5";

  @Override
  public String part(Servers.Order order) {
    return "to " + order.step().arguments().need(Acts.TO);
  }

  @Override
  public Details act(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    Server to = turn.server(turn.argument(Acts.TO));
    Config config = Config.read(turn.session(), turn.realm());
    SearchResultEntry replica = config.replica();
    if (replica == null) {
      throw new ActFailed("it is not prepared: it has no settings of replication");
    }
    Links links = Links.to(to, config, turn);
    SearchResultEntry own = links.own();
    if (own != null) {
      mend(turn, own, to);
    } else if (!links.foreign().isEmpty()) {
      throw new ActFailed(
          "the agreement '%s' leads there and is not ours: adopt it or remove it"
              .formatted(Config.value(links.foreign().getFirst(), Words.NAME)));
    } else {
      make(turn, replica, to);
    }
    return switch (inspect(turn)) {
      case Inspection.Applied applied -> applied.evidence();
      case Inspection.NotApplied missing -> throw new ActFailed(missing.reason());
      case Inspection.Unknown unknown -> throw new ActFailed(unknown.reason());
    };
  }

  private static void make(Turn turn, SearchResultEntry replica, Server to) throws LDAPException {
    String name = Realm.agreement(to.id());
    List<Attribute> all = new ArrayList<>();
    all.add(new Attribute(Words.CLASS, "top", Words.AGREEMENT));
    all.add(new Attribute(Words.NAME, name));
    all.add(new Attribute(Words.ROOT, turn.realm().suffix()));
    all.add(new Attribute(Words.DESCRIPTION, turn.realm().description()));
    all.add(
        new Attribute(Words.CREDENTIALS, turn.realm().spec().replication().password().reveal()));
    all.add(new Attribute(Words.TIMEOUT, SECONDS));
    all.add(new Attribute(Words.PROTOCOL_TIMEOUT, STOP_SECONDS));
    wanted(turn, to).forEach((attribute, value) -> all.add(new Attribute(attribute, value)));
    turn.session().add("cn=" + name + "," + replica.getDN(), all);
  }

  /** What is compared and mended. */
  private static SortedMap<String, String> wanted(Turn turn, Server to) {
    Replication replication = turn.realm().spec().replication();
    TreeMap<String, String> wanted = new TreeMap<>();
    wanted.put(Words.HOST, to.host());
    wanted.put(Words.PORT, Integer.toString(turn.realm().port(to)));
    wanted.put(Words.TRANSPORT, Realm.transport(replication.security()));
    wanted.put(Words.METHOD, "SIMPLE");
    wanted.put(Words.BIND_DN, replication.bindDn());
    return wanted;
  }

  private static void mend(Turn turn, SearchResultEntry own, Server to) throws LDAPException {
    List<Modification> changes = new ArrayList<>();
    wanted(turn, to)
        .forEach((attribute, value) -> {
          if (!Config.value(own, attribute).equals(value)) {
            changes.add(new Modification(ModificationType.REPLACE, attribute, value));
          }
        });
    Realm realm = turn.realm();
    if (realm.credentials(own.getAttributeValue(Words.DESCRIPTION)) != Credentials.CURRENT) {
      changes.addAll(password(realm));
    }
    if (!changes.isEmpty()) {
      turn.session().modify(own.getDN(), changes);
    }
    if (Config.value(own, Words.ENABLED).equalsIgnoreCase("off")) {
      turn.session().modify(own.getDN(), Links.set(Words.ENABLED, "on"));
    }
  }

  /** Password and fingerprint change together. */
  static List<Modification> password(Realm realm) {
    return List.of(
        new Modification(
            ModificationType.REPLACE,
            Words.CREDENTIALS,
            realm.spec().replication().password().reveal()),
        new Modification(ModificationType.REPLACE, Words.DESCRIPTION, realm.description()));
  }

  @Override
  public Inspection inspect(Turn turn) throws LDAPException, ActFailed {
    Server to = turn.server(turn.argument(Acts.TO));
    Config config = Config.read(turn.session(), turn.realm());
    SearchResultEntry own = Links.to(to, config, turn).own();
    if (own == null) {
      return new Inspection.NotApplied("no agreement of ours leads to " + to.id());
    }
    for (var each : wanted(turn, to).entrySet()) {
      if (!Config.value(own, each.getKey()).equals(each.getValue())) {
        return new Inspection.NotApplied(
            "its %s is '%s'"
                .formatted(each.getKey(), Printable.of(Config.value(own, each.getKey()))));
      }
    }
    if (turn.realm().credentials(own.getAttributeValue(Words.DESCRIPTION)) != Credentials.CURRENT) {
      return new Inspection.NotApplied("it has another password");
    }
    if (Config.value(own, Words.ENABLED).equalsIgnoreCase("off")) {
      return new Inspection.NotApplied("it is switched off");
    }
    return new Inspection.Applied(Details.of("agreement", Config.value(own, Words.NAME)));
  }
}
