package io.cotidal.bench.rivals;

import io.cotidal.lab.Login;
import io.cotidal.lab.Target;
import io.cotidal.lab.rivals.Health;
import java.io.IOException;
import java.util.List;

/** A cluster of three with whoever looks after it. Closing it ends both. */
sealed interface Contestant extends AutoCloseable permits CotidalContestant, RivalContestant {
  /** Where the prober reaches the members, past every cut. */
  List<Target> members();

  /** As whom. */
  Login login();

  /** How the members are, as they say. */
  default Health health() {
    return Health.of(members(), login());
  }

  /** Whether nothing is left to be done. */
  boolean whole();

  /** What must be set before that fault; the members run on. */
  void prepare(Fault fault) throws IOException;

  /** Does it to the primary. A switchover returns when it is done, all else at once. */
  void strike(Fault fault, String primary) throws IOException;

  /** Takes away what stands in the way of repair: thaws, mends, starts the machine again. */
  void relieve(Fault fault, String primary) throws IOException;

  /** Whether it becomes whole again by itself after any fault. */
  boolean heals();

  /** What it said last, for people. */
  String story() throws IOException;

  @Override
  void close() throws IOException;
}
