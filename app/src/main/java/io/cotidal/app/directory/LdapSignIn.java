package io.cotidal.app.directory;

import io.cotidal.app.config.Authentication;
import io.cotidal.directory.people.People;
import io.cotidal.model.Secret;
import io.cotidal.server.access.SignIn;
import java.util.Optional;

/** People whom a directory knows; what somebody may do comes from the first group that fits. */
public final class LdapSignIn implements SignIn {
  private final Authentication.Ldap ldap;
  private final People people;

  /**
   * Asks nobody yet.
   *
   * @throws IllegalArgumentException if the authorities are no certificates
   */
  public LdapSignIn(Authentication.Ldap ldap) {
    this.ldap = ldap;
    this.people = new People(ldap.place());
  }

  @Override
  public Optional<Grant> check(String user, Secret password) throws Unavailable {
    try {
      return people.group(user, password).map(ldap.grants()::get);
    } catch (People.Unavailable e) {
      throw new Unavailable(String.valueOf(e.getMessage()));
    }
  }
}
