package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.spec.Server;

/** What another member holds, as one who wants to fetch it needs to know. */
final class Supplier {
  private Supplier() {}

  /**
   * Reads it.
   *
   * @throws ActFailed if it holds nothing that is worth fetching
   */
  static Content content(Act.Turn turn, Server from)
      throws LDAPException, InterruptedException, ActFailed {
    record Found(Slapd slapd, Content content) {}
    Found found =
        turn.elsewhere(
            from,
            session ->
                new Found(Slapd.read(session, turn.realm()), Content.read(session, turn.realm())));
    Content content = found.content();
    if (!found.slapd().prepared()) {
      throw new ActFailed("the supplier " + from.id() + " is not prepared");
    }
    if (content.generation().isEmpty()) {
      throw new ActFailed(
          "the supplier %s has no entry '%s': there is nothing to fetch"
              .formatted(from.id(), turn.realm().suffix()));
    }
    if (Notes.of(found.slapd(), turn.realm()).partly(content, found.slapd().syncs(turn.realm()))) {
      throw new ActFailed("the supplier " + from.id() + " is being filled itself");
    }
    if (content.csns().latest().isEmpty()) {
      throw new ActFailed("the supplier " + from.id() + " tells no contextCSN");
    }
    return content;
  }
}
