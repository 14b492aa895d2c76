package io.cotidal.directory.ldap;

/** An act is known not to have taken effect, or to be impossible. */
public final class ActFailed extends Exception {
  private static final long serialVersionUID = 1;

  /** For one line. */
  public ActFailed(String reason) {
    super(reason);
  }
}
