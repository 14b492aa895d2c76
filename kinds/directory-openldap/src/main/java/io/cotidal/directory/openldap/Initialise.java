package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.ldap.Session;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Progress;
import java.time.Duration;

/**
 * Waits until a consumer holds everything. There is nothing to start: a consumer that fetches fills
 * itself, and its order was made only because there was nothing to lose. It is full when its
 * contextCSN covers what the supplier had, and it has as many entries: one that was killed
 * meanwhile takes itself for full with less.
 */
final class Initialise implements Act {
  /** The consumer must have no entry below the suffix. */
  static final String EMPTY = "empty";

  /** The consumer must hold the same data set. */
  static final String SAME = "same";

  /** A person agreed that it is overwritten. */
  static final String ANY = "any";

  private static final Duration LOOK = Duration.ofMillis(50);

  /** So long writes at the supplier may be under way to a consumer that is full. */
  private static final Duration COVERED = Duration.ofMinutes(1);

  @Override
  public String part(Servers.Order order) {
    return "to " + order.step().arguments().need(Acts.TO);
  }

  /**
   * What the consumer is found as.
   *
   * @param partly whether its content is only a part
   * @param fetches whether it fetches from this supplier over an order of ours
   */
  private record Consumer(Notes notes, Content content, boolean partly, boolean fetches) {
    static Consumer read(Turn turn, Session session) throws LDAPException {
      Slapd slapd = Slapd.read(session, turn.realm());
      Notes notes = Notes.of(slapd, turn.realm());
      Content content = Content.read(session, turn.realm());
      return new Consumer(
          notes,
          content,
          notes.partly(content, slapd.syncs(turn.realm())),
          Links.from(turn.server(), slapd, turn).own() != null);
    }

    boolean covers(Content source) {
      return content.generation().equals(source.generation())
          && content.csns().covers(source.csns());
    }
  }

  @Override
  public Details act(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    Server to = turn.server(turn.argument(Acts.TO));
    Content source = source(turn);
    check(turn, to, source);
    if (!Account.works(turn, turn.server())) {
      throw new ActFailed("the suppliers' account is refused here: prepare this member again");
    }
    Duration told = Duration.ZERO;
    long began = System.nanoTime();
    long covered = 0;
    while (true) {
      Consumer consumer = turn.elsewhere(to, session -> Consumer.read(turn, session));
      if (consumer.covers(source)) {
        if (!consumer.partly() || counted(turn, to)) {
          forget(turn, to, consumer.notes());
          return Details.of(Acts.GENERATION, source.generation());
        }
        source = source(turn);
        covered = covered == 0 ? System.nanoTime() : covered;
        if (consumer.covers(source) && System.nanoTime() - covered > COVERED.toNanos()) {
          throw new ActFailed(
              "the consumer %s takes itself for full and has other entries: stop it, move its database files away and start it"
                  .formatted(to.id()));
        }
      }
      if (!consumer.fetches()) {
        throw new ActFailed("its order to fetch was removed meanwhile");
      }
      if (turn.deadline().most().over()) {
        throw new LDAPException(ResultCode.TIMEOUT, "it is still being filled");
      }
      Duration passed = Duration.ofNanos(System.nanoTime() - began);
      if (passed.toSeconds() > told.toSeconds()) {
        told = passed;
        turn.order().progress().accept(new Progress(passed.toSeconds(), 0, "seconds"));
      }
      turn.deadline().pause(LOOK);
    }
  }

  private static Content source(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    String generation = turn.argument(Acts.GENERATION);
    if (generation.isEmpty()) {
      throw new ActFailed("it is not said which data set the consumer is to hold");
    }
    Content content = Supplier.content(turn, turn.server());
    if (!content.generation().equals(generation)) {
      throw new ActFailed(
          "it holds the data set '%s' and not '%s'".formatted(content.generation(), generation));
    }
    return content;
  }

  private static void check(Turn turn, Server to, Content source)
      throws LDAPException, InterruptedException, ActFailed {
    Consumer consumer = turn.elsewhere(to, session -> Consumer.read(turn, session));
    String theirs = consumer.content().generation();
    boolean same = theirs.equals(source.generation());
    switch (turn.argument(Acts.EXPECT)) {
      case EMPTY -> {
        if (!same && !theirs.isEmpty()) {
          throw new ActFailed(
              "the consumer %s is not empty: it holds the data set '%s', with %d entries that would be lost"
                  .formatted(
                      to.id(),
                      theirs,
                      turn.elsewhere(to, session -> Content.count(session, turn.realm()))));
        }
      }
      case SAME -> {
        if (!same) {
          throw new ActFailed(
              "the consumer %s holds the data set '%s' and not '%s'"
                  .formatted(to.id(), theirs, source.generation()));
        }
      }
      case ANY -> {
        if (!same && !theirs.isEmpty()) {
          throw new ActFailed(
              "slapd cannot be told to overwrite %s: stop it, move its database files away and start it; then it is filled"
                  .formatted(to.id()));
        }
      }
      default ->
          throw new ActFailed(
              "nobody knows a consumer that is '" + turn.argument(Acts.EXPECT) + "'");
    }
    if (!consumer.fetches() && (consumer.partly() || !consumer.covers(source))) {
      throw new ActFailed("no order of ours on " + to.id() + " fetches from here");
    }
  }

  /** Whether the consumer has as many entries as there are here, before or after it is asked. */
  private static boolean counted(Turn turn, Server to) throws LDAPException, InterruptedException {
    long before = Content.count(turn.session(), turn.realm(), 0);
    long theirs = turn.elsewhere(to, session -> Content.count(session, turn.realm(), 0));
    long after = Content.count(turn.session(), turn.realm(), 0);
    return theirs >= Math.min(before, after) && theirs <= Math.max(before, after);
  }

  private static void forget(Turn turn, Server to, Notes notes)
      throws LDAPException, InterruptedException {
    for (String text : notes.filling()) {
      turn.elsewhere(
          to,
          session -> {
            Notes.drop(session, turn.realm(), Notes.FILL + text);
            return text;
          });
    }
  }

  @Override
  public Inspection inspect(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    Server to = turn.server(turn.argument(Acts.TO));
    String generation = turn.argument(Acts.GENERATION);
    Consumer consumer = turn.elsewhere(to, session -> Consumer.read(turn, session));
    if (!consumer.content().generation().equals(generation)) {
      return new Inspection.NotApplied(
          "the consumer holds the data set '" + consumer.content().generation() + "'");
    }
    return consumer.partly()
        ? new Inspection.NotApplied("it is still being filled")
        : new Inspection.Applied(Details.of(Acts.GENERATION, generation));
  }
}
