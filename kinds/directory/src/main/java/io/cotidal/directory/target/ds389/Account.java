package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.spec.Replication;
import java.util.ArrayList;
import java.util.List;

/** The account as which suppliers log in, on one server. */
final class Account {
  /** As late as the server can say: a policy must not end replication. */
  private static final String NEVER = "20380119031407Z";

  private Account() {}

  /** Makes it, or gives it the configured password, and tries that. Notes the fingerprint. */
  static void make(Act.Turn turn, Config config)
      throws LDAPException, InterruptedException, ActFailed {
    Replication replication = turn.realm().spec().replication();
    boolean there =
        config.account() || turn.session().entry(replication.bindDn(), Words.NAME) != null;
    if (!there) {
      turn.session().add(replication.bindDn(), attributes(replication));
    } else if (!works(turn)) {
      turn.session()
          .modify(replication.bindDn(), Links.set(Words.PASSWORD, replication.password().reveal()));
    }
    if (!works(turn)) {
      throw new ActFailed(
          "the suppliers' account '%s' has the configured password and is refused all the same: it may be locked"
              .formatted(replication.bindDn()));
    }
    turn.session()
        .modify(turn.realm().own(), Links.set(Words.DESCRIPTION, turn.realm().description()));
  }

  private static List<Attribute> attributes(Replication replication) throws LDAPException {
    RDN name = new DN(replication.bindDn()).getRDN();
    List<Attribute> all = new ArrayList<>();
    all.add(new Attribute(Words.CLASS, "top", "extensibleObject"));
    for (int i = 0; i < name.getAttributeNames().length; i++) {
      all.add(new Attribute(name.getAttributeNames()[i], name.getAttributeValues()[i]));
    }
    all.add(new Attribute(Words.PASSWORD, replication.password().reveal()));
    all.add(new Attribute("passwordExpirationTime", NEVER));
    return all;
  }

  /** Whether one can log in with it. */
  static boolean works(Act.Turn turn) throws LDAPException {
    Replication replication = turn.realm().spec().replication();
    try {
      turn.world()
          .dial()
          .open(turn.server(), replication.bindDn(), replication.password(), turn.deadline())
          .close();
      return true;
    } catch (LDAPException e) {
      if (e.getResultCode().equals(ResultCode.INVALID_CREDENTIALS)
          || e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)
          || e.getResultCode().equals(ResultCode.INAPPROPRIATE_AUTHENTICATION)) {
        return false;
      }
      throw e;
    }
  }
}
