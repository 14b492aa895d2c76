package io.cotidal.server.access;

import io.cotidal.model.Permission;
import io.cotidal.model.Secret;
import java.util.List;
import java.util.Optional;

/** People whom somebody else knows by a name and a password. Thread-safe. */
public interface SignIn {
  /** Nobody. */
  SignIn NONE = (_, _) -> Optional.empty();

  /**
   * What that person may do; empty if it is nobody, has another password or may do nothing.
   *
   * @param user by a strict grammar: letters, digits and {@code . _ @ -}
   * @param password not empty
   * @throws Unavailable if nobody can tell at present: then nobody is let in
   */
  Optional<Grant> check(String user, Secret password) throws Unavailable, InterruptedException;

  /**
   * What somebody may do.
   *
   * @param scope {@code *}, {@code kind/*} or {@code kind/name}
   */
  record Grant(Permission permission, String scope) {}

  /** Whoever knows the people does not answer, or not what it should. */
  final class Unavailable extends Exception {
    private static final long serialVersionUID = 1;

    /** For the log: one line without a password. */
    public Unavailable(String reason) {
      super(reason, null, false, false);
    }
  }

  /**
   * The first that knows the person, in their order. One that cannot tell hides those behind it.
   */
  static SignIn anyOf(List<SignIn> all) {
    return (user, password) -> {
      for (SignIn each : all) {
        Optional<Grant> grant = each.check(user, password);
        if (grant.isPresent()) {
          return grant;
        }
      }
      return Optional.empty();
    };
  }
}
