package io.cotidal.remote.ssh;

/** Why no answer came over SSH. None of them says that the machine, or what runs on it, is down. */
public sealed interface SshTrouble {
  /** One line for people. */
  String reason();

  /** Nobody listens where the SSH server should. */
  record Refused(String reason) implements SshTrouble {}

  /** No answer in time. */
  record Silent(String reason) implements SshTrouble {}

  /**
   * Something answered, but not what was asked: another host key, a key that is not let in, a gate
   * that is not installed.
   */
  record CannotTell(String reason) implements SshTrouble {}
}
