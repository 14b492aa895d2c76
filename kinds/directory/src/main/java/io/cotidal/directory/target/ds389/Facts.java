package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.ldap.Printable;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.Cleaning;
import io.cotidal.directory.observe.Credentials;
import io.cotidal.directory.observe.Replica;
import io.cotidal.directory.spec.Replication;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts what the configuration says into words that hold for every vendor. */
final class Facts {
  private static final String SUPPLIER = "3";
  private static final String LOGS = "1";

  private final Realm realm;

  Facts(Realm realm) {
    this.realm = realm;
  }

  /** The settings; null if there are none. */
  @Nullable Replica replica(Config config) {
    SearchResultEntry entry = config.replica();
    if (entry == null) {
      return null;
    }
    boolean admitted = admits(entry);
    return new Replica(
        Config.number(entry, Words.ID),
        Config.value(entry, Words.TYPE).equals(SUPPLIER),
        admitted && account(config),
        password(config),
        differing(entry));
  }

  /** Whether the suppliers' account is among those that may send changes. */
  boolean admits(SearchResultEntry replica) {
    String[] all = replica.getAttributeValues(Words.BIND_DN);
    return all != null
        && Arrays.stream(all).anyMatch(dn -> Realm.same(dn, realm.spec().replication().bindDn()));
  }

  /** An account that lies among the data is known only from our own note. */
  private boolean account(Config config) {
    return config.account()
        || (!realm.accountInConfig() && password(config) != Credentials.UNKNOWN);
  }

  /** What our note says of the account's password. */
  Credentials password(Config config) {
    SearchResultEntry own = config.own();
    return own == null
        ? Credentials.UNKNOWN
        : realm.credentials(own.getAttributeValue(Words.DESCRIPTION));
  }

  private Details differing(SearchResultEntry entry) {
    Details details = Details.NONE;
    for (var wanted : wanted().entries().entrySet()) {
      String value = Config.value(entry, wanted.getKey());
      if (!value.equals(wanted.getValue())) {
        details = details.with(wanted.getKey(), value);
      }
    }
    return details;
  }

  /** The settings that Cotidal owns. */
  Details wanted() {
    Replication replication = realm.spec().replication();
    Details details = Details.of(Words.TYPE, SUPPLIER).with(Words.FLAGS, LOGS);
    details = seconds(details, Words.BACKOFF_MIN, replication.backoff());
    return seconds(details, Words.BACKOFF_MAX, replication.longestBackoff());
  }

  private static Details seconds(Details details, String name, Duration length) {
    return length.isZero() ? details : details.with(name, Math.max(1, length.toSeconds()));
  }

  /** All agreements. */
  List<Agreement> agreements(Config config, List<Server> known) {
    return config.agreements().stream().map(entry -> agreement(entry, known)).toList();
  }

  Agreement agreement(SearchResultEntry entry, List<Server> known) {
    String description = entry.getAttributeValue(Words.DESCRIPTION);
    boolean filling = Config.value(entry, Words.REFRESH).equalsIgnoreCase("start");
    String words = Config.value(entry, Words.UPDATE_STATUS);
    boolean sending = Config.value(entry, Words.UPDATING).equalsIgnoreCase("TRUE");
    Agreement.Status status = Status.of(words);
    return new Agreement(
        Config.value(entry, Words.NAME),
        leadsTo(entry, known),
        Config.value(entry, Words.HOST),
        Config.number(entry, Words.PORT),
        Realm.security(entry.getAttributeValue(Words.TRANSPORT)),
        Config.value(entry, Words.BIND_DN),
        realm.ours(description) ? realm.credentials(description) : Credentials.UNKNOWN,
        realm.ours(description),
        !Config.value(entry, Words.ENABLED).equalsIgnoreCase("off"),
        filling,
        sending && status == Agreement.Status.SUCCEEDED ? Agreement.Status.SENDING : status,
        Printable.of(words));
  }

  /**
   * The member at that address; else the only one on that host; but one that we made leads to the
   * member that it was made for, wherever that is now.
   */
  @Nullable MemberId leadsTo(SearchResultEntry entry, List<Server> known) {
    String host = host(Config.value(entry, Words.HOST));
    int port = Config.number(entry, Words.PORT);
    List<Server> there = known.stream().filter(one -> host(one.host()).equals(host)).toList();
    Optional<Server> exact =
        there.stream()
            .filter(one ->
                realm.port(one) == port || one.port(realm.spec().access().security()) == port)
            .findFirst();
    if (exact.isPresent()) {
      return exact.get().id();
    }
    String name = Config.value(entry, Words.NAME);
    boolean named = realm.ours(entry.getAttributeValue(Words.DESCRIPTION)) && Realm.named(name);
    if (there.size() == 1 && (!named || name.equals(Realm.agreement(there.getFirst().id())))) {
      return there.getFirst().id();
    }
    if (!named) {
      return null;
    }
    return known.stream()
        .map(Server::id)
        .filter(id -> Realm.agreement(id).equals(name))
        .findFirst()
        .orElse(null);
  }

  private static String host(String text) {
    String host = text.toLowerCase(Locale.ROOT);
    host = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  /** All tasks that take ids out of the vectors. */
  static List<Cleaning> cleanings(Config config) {
    return config.tasks().stream()
        .map(task ->
            new Cleaning(
                Config.number(task, Words.TASK_ID),
                Config.value(task, Words.TASK_EXIT).equals("0"),
                sentence(task)))
        .toList();
  }

  /** The last thing that a task said. */
  static String sentence(SearchResultEntry task) {
    return Printable.of(Config.value(task, Words.TASK_STATUS));
  }
}
