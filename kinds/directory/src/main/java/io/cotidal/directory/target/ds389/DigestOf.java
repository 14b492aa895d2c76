package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.ldap.Digest;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;

/** What a server holds, as one number. */
final class DigestOf implements Act {

  @Override
  public boolean alone() {
    return false;
  }

  @Override
  public String part(Servers.Order order) {
    return "";
  }

  @Override
  public Details act(Turn turn) throws LDAPException {
    return Digest.of(
        turn.session(),
        new Digest.Part(turn.realm().suffix(), Content.ENTRIES, Words.UNIQUE_ID),
        turn.order().progress());
  }

  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("a proof holds for its moment: it is made anew");
  }
}
