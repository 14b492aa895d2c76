package io.cotidal.feeds.filter;

import java.util.Optional;

/** Where Python would stop with an error. */
final class Fault extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Optional<Expr> where;
  private final String reason;

  Fault(String reason) {
    this(reason, Optional.empty());
  }

  private Fault(String reason, Optional<Expr> where) {
    super(reason, null, false, false);
    this.reason = reason;
    this.where = where;
  }

  /** The same, at {@code part}, if no smaller part is known. */
  Fault at(Expr part) {
    return where.isPresent() ? this : new Fault(reason, Optional.of(part));
  }

  Optional<Expr> where() {
    return where;
  }

  String reason() {
    return reason;
  }
}
