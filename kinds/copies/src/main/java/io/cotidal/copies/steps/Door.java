package io.cotidal.copies.steps;

import io.cotidal.copies.database.Administration;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.UserSession;
import io.cotidal.copies.steps.Sessions.Kept;
import java.io.IOException;
import java.time.Duration;

/** Lets the users of places in, and proves that they get in. */
final class Door {
  private static final Duration ADMIT = Duration.ofSeconds(20);
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final Bench bench;

  Door(Bench bench) {
    this.bench = bench;
  }

  /** Lets the user of the place in, and logs in as that user. */
  void open(String id, Administration session) throws EngineException, IOException {
    session.admit(bench.user(id), ADMIT);
    login(id).close();
  }

  private UserSession login(String id) throws EngineException, IOException {
    UserSession session = bench.tools().engine().login(bench.place(id), bench.user(id), ADMIT);
    try {
      session.confirm(ANSWER);
      return session;
    } catch (EngineException e) {
      session.close();
      throw e;
    }
  }

  /**
   * Does beforehand what can be done before a spare has an owner, and ends the session or keeps it.
   * A password of its own is set and logged in with: nobody knows it yet. One that all copies share
   * lets nobody in before the copy has an owner, so the account gets one that is forgotten.
   */
  Kept prepare(String id, Administration session) throws EngineException, IOException {
    if (bench.spec().database().password().isPresent()) {
      session.admit(bench.stranger(id), ADMIT);
      return new Kept.OfAdministrator(session);
    }
    try (session) {
      session.admit(bench.user(id), ADMIT);
      return new Kept.OfUser(login(id));
    }
  }

  /** Proves, over the session that was kept, that the user is in; false if it is of no more use. */
  boolean opened(String id, Kept kept) throws IOException {
    try {
      switch (kept) {
        case Kept.OfUser user -> user.session().confirm(ANSWER);
        case Kept.OfAdministrator administrator -> open(id, administrator.session());
      }
      return true;
    } catch (EngineException e) {
      return false;
    } finally {
      kept.end();
    }
  }
}
