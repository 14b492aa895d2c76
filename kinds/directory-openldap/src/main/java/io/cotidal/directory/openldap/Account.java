package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.spec.Server;
import java.util.List;

/** The account as which consumers log in, on one server. */
final class Account {
  private Account() {}

  /** Makes it, or gives it the configured password, and tries that. */
  static void make(Act.Turn turn) throws LDAPException, InterruptedException, ActFailed {
    Realm realm = turn.realm();
    SearchResultEntry home = Notes.home(turn.session(), realm);
    String root = Words.value(home, Words.ROOT);
    if (!root.isEmpty() && !Realm.same(root, realm.account())) {
      throw new ActFailed(
          "the account below '%s' is '%s' and not '%s': configure one of them everywhere"
              .formatted(realm.home(), root, realm.account()));
    }
    String hashed = Secrets.hashed(realm.password());
    if (root.isEmpty()) {
      turn.session()
          .modify(
              home.getDN(),
              List.of(
                  new Modification(ModificationType.ADD, Words.ROOT, realm.account()),
                  new Modification(ModificationType.ADD, Words.ROOT_PASSWORD, hashed)));
    } else if (!Secrets.matches(Words.value(home, Words.ROOT_PASSWORD), realm.password())) {
      turn.session()
          .modify(
              home.getDN(),
              List.of(new Modification(ModificationType.REPLACE, Words.ROOT_PASSWORD, hashed)));
    }
    if (!works(turn, turn.server())) {
      throw new ActFailed(
          "the suppliers' account '%s' has the configured password and is refused all the same"
              .formatted(realm.account()));
    }
  }

  /** Whether one can log in with it. */
  static boolean works(Act.Turn turn, Server server) throws LDAPException {
    try {
      turn.world()
          .dial()
          .open(
              server,
              turn.realm().account(),
              turn.realm().spec().replication().password(),
              turn.deadline())
          .close();
      return true;
    } catch (LDAPException e) {
      if (e.getResultCode().equals(ResultCode.INVALID_CREDENTIALS)
          || e.getResultCode().equals(ResultCode.INAPPROPRIATE_AUTHENTICATION)) {
        return false;
      }
      throw e;
    }
  }
}
