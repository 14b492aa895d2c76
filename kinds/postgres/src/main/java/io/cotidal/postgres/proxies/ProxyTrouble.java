package io.cotidal.postgres.proxies;

import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.Trouble;

/** A proxy did not do what it was asked, or may have. Expected in normal work: no stack trace. */
final class ProxyTrouble extends Exception {
  private static final long serialVersionUID = 1;

  private final transient How how;

  /** What is known of it. */
  sealed interface How {
    /** Nothing listens. */
    record Refused() implements How {}

    /** No answer in time. Whether the request took effect is open. */
    record Silent(long waitedNanos) implements How {}

    /** Something answered, and not what it should. Whether the request took effect is open. */
    record Unclear() implements How {}

    /** It answered that it did not do it. */
    record Rejected() implements How {}
  }

  ProxyTrouble(How how, String reason) {
    super(reason, null, false, false);
    this.how = how;
  }

  static ProxyTrouble of(PgException problem) {
    Trouble trouble = problem.trouble();
    How how =
        switch (trouble) {
          case Trouble.Refused refused -> new How.Refused();
          case Trouble.Silent silent -> new How.Silent(silent.waitedNanos());
          case Trouble.CannotTell unclear -> new How.Unclear();
          case Trouble.Rejected rejected -> new How.Rejected();
        };
    return new ProxyTrouble(how, trouble.reason());
  }

  static ProxyTrouble rejected(String reason) {
    return new ProxyTrouble(new How.Rejected(), reason);
  }

  static ProxyTrouble unclear(String reason) {
    return new ProxyTrouble(new How.Unclear(), reason);
  }

  How how() {
    return how;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
