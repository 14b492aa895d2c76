package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.Credentials;
import io.cotidal.directory.observe.Replica;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts what the configuration says into words that hold for every vendor. */
final class Facts {
  private static final String MUTE = "slapd does not tell how its last session ended";

  private final Realm realm;
  private final Slapd slapd;
  private final Notes notes;

  Facts(Realm realm, Slapd slapd) {
    this.realm = realm;
    this.slapd = slapd;
    this.notes = Notes.of(slapd, realm);
  }

  Notes notes() {
    return notes;
  }

  /** The settings; null if there are none. */
  @Nullable Replica replica() {
    if (!slapd.prepared()) {
      return null;
    }
    Credentials credentials = account();
    return new Replica(
        slapd.id(), true, credentials != Credentials.UNKNOWN, credentials, differing());
  }

  /** Whether the suppliers' account is there, and has the configured password. */
  Credentials account() {
    SearchResultEntry home = slapd.home();
    if (home == null || !Realm.same(Words.value(home, Words.ROOT), realm.account())) {
      return Credentials.UNKNOWN;
    }
    return Secrets.matches(Words.value(home, Words.ROOT_PASSWORD), realm.password())
        ? Credentials.CURRENT
        : Credentials.OTHER;
  }

  /** What of our settings is missing. */
  private Details differing() {
    SearchResultEntry database = slapd.database();
    Details details = Details.NONE;
    if (database == null) {
      return details;
    }
    if (!Rights.read(database, realm)) {
      details = details.with(Words.ACCESS, "the suppliers' account may not read everything");
    }
    if (!Rights.unlimited(database, realm)) {
      details = details.with(Words.LIMITS, "the suppliers' account is limited");
    }
    boolean fetches = database.hasAttribute(Words.SYNC);
    boolean multi = Words.value(database, Words.MULTI).equalsIgnoreCase("TRUE");
    return fetches && !multi
        ? details.with(Words.MULTI, Words.value(database, Words.MULTI))
        : details;
  }

  /** All orders to fetch the suffix. */
  List<Agreement> agreements(List<Server> known, boolean filling) {
    return slapd.syncs(realm).stream().map(sync -> agreement(sync, known, filling)).toList();
  }

  private Agreement agreement(Sync sync, List<Server> known, boolean filling) {
    boolean owned = owned(sync);
    Credentials current =
        sync.credentials().equals(realm.password()) ? Credentials.CURRENT : Credentials.OTHER;
    return new Agreement(
        "syncrepl " + sync.rid(),
        from(sync, known),
        sync.host(),
        sync.port(),
        sync.security(),
        sync.bindDn(),
        owned ? current : Credentials.UNKNOWN,
        owned,
        true,
        filling,
        Agreement.Status.NONE_YET,
        MUTE,
        Agreement.End.CONSUMER);
  }

  /** Whether our note says so. */
  boolean owned(Sync sync) {
    return notes.edges().containsKey(sync.rid());
  }

  /** The member at that address, or the one for which we made it. */
  @Nullable MemberId from(Sync sync, List<Server> known) {
    String host = host(sync.host());
    Optional<Server> there =
        known.stream()
            .filter(one -> host(one.host()).equals(host))
            .filter(
                one -> one.port(Security.PLAIN) == sync.port() || realm.port(one) == sync.port())
            .findFirst();
    String noted = notes.edges().getOrDefault(sync.rid(), "");
    return there
        .map(Server::id)
        .or(() -> known.stream().map(Server::id).filter(id -> id.name().equals(noted)).findFirst())
        .orElse(null);
  }

  private static String host(String text) {
    String host = text.toLowerCase(Locale.ROOT);
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }
}
