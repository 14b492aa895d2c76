package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.ldap.Printable;
import io.cotidal.directory.ldap.Rooms;
import io.cotidal.directory.ldap.Session;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Progress;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Fills a consumer over an agreement that is there. The agreement says that it has ended before the
 * consumer has, which is told by the consumer's generation. That alone is no proof: when the
 * connection breaks, the server takes what has come for the whole, vector and all. So only a
 * filling of which the agreement says that it succeeded counts; it forgets that when its server
 * starts anew, and then the consumer is filled again.
 */
final class Initialise implements Act {
  /** The consumer must have no entry below the suffix. */
  static final String EMPTY = "empty";

  /** The consumer must hold the same data set, and nothing that its supplier lacks. */
  static final String SAME = "same";

  /** A person agreed that it is overwritten. */
  static final String ANY = "any";

  private static final Duration LOOK = Duration.ofMillis(100);

  /** A status that is older than that speaks of an earlier session. */
  private static final Duration STALE = Duration.ofSeconds(3);

  /** A filling whose supplier is gone is known by a suffix that answers nobody for so long. */
  private static final Duration BROKEN_OFF = Duration.ofSeconds(20);

  /** These do not pass by themselves: the server would try for ever. */
  private static final Set<Agreement.Status> HOPELESS =
      Set.of(Agreement.Status.CREDENTIALS, Agreement.Status.TLS, Agreement.Status.SAME_ID);

  @Override
  public boolean alone() {
    return false;
  }

  @Override
  public String part(Servers.Order order) {
    return "to " + order.step().arguments().need(Acts.TO);
  }

  @Override
  public Details act(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    Server to = turn.server(turn.argument(Acts.TO));
    String generation = turn.argument(Acts.GENERATION);
    if (generation.isEmpty()) {
      throw new ActFailed("it is not said which data set the consumer is to hold");
    }
    Config config = Config.read(turn.session(), turn.realm());
    SearchResultEntry agreement = Links.need(turn, config);
    mayFill(turn, to, source(turn, generation));
    try (Rooms.Held _ = turn.agreements()) {
      turn.session()
          .modify(
              agreement.getDN(),
              List.of(
                  new Modification(
                      ModificationType.REPLACE, Words.DESCRIPTION, marked(turn, agreement)),
                  new Modification(ModificationType.REPLACE, Words.REFRESH, "start")));
    }
    await(turn, to, agreement.getDN());
    return full(turn, to, generation);
  }

  /** The mark says that this operation began, and keeps what it says of the password. */
  private static String marked(Turn turn, SearchResultEntry agreement) {
    String before = Config.value(agreement, Words.DESCRIPTION);
    int fill = before.indexOf(" fill=");
    return (fill < 0 ? before : before.substring(0, fill))
        + " fill="
        + turn.order().stamp().number();
  }

  private static Content source(Turn turn, String generation) throws LDAPException, ActFailed {
    Content content = Content.read(turn.session(), turn.realm());
    if (content.filling()) {
      throw new ActFailed("it is being filled itself");
    }
    String own = content.vector().generation();
    if (!own.equals(generation)) {
      throw new ActFailed("it holds the data set '%s' and not '%s'".formatted(own, generation));
    }
    return content;
  }

  /**
   * What a consumer is like before it is filled.
   *
   * @param entries as far as they are counted; -1 while it is being filled
   */
  private record Found(Config config, Content content, long entries) {
    static Found read(Session session, Realm realm) throws LDAPException {
      Config config = Config.read(session, realm);
      Content content = Content.read(session, realm);
      return new Found(config, content, content.filling() ? -1 : Content.count(session, realm));
    }
  }

  /**
   * Waits until a filling that somebody else began has ended; if it does not, nobody fills any
   * more. The first thing that a filling does is to remove all entries, so there are none that
   * could be lost; and a server lets no second filling in beside one that goes on.
   */
  private static Found stillFilling(Turn turn, Server to)
      throws LDAPException, InterruptedException, ActFailed {
    long began = System.nanoTime();
    while (true) {
      Found found = turn.elsewhere(to, session -> Found.read(session, turn.realm()));
      if (!found.content().filling() || System.nanoTime() - began > BROKEN_OFF.toNanos()) {
        return found;
      }
      if (turn.deadline().over()) {
        throw new ActFailed("the consumer " + to.id() + " is being filled already");
      }
      turn.deadline().pause(LOOK);
    }
  }

  private static Content content(Turn turn, Server to) throws LDAPException, InterruptedException {
    return turn.elsewhere(to, session -> Content.read(session, turn.realm()));
  }

  /** Fails if the consumer has anything that would be lost. */
  private static void mayFill(Turn turn, Server to, Content source)
      throws LDAPException, InterruptedException, ActFailed {
    String generation = source.vector().generation();
    String expect = turn.argument(Acts.EXPECT);
    Found found = turn.elsewhere(to, session -> Found.read(session, turn.realm()));
    if (found.config().replica() == null) {
      throw new ActFailed("the consumer " + to.id() + " is not prepared");
    }
    if (found.content().filling()) {
      if (!expect.equals(EMPTY)) {
        throw new ActFailed("the consumer " + to.id() + " is being filled already");
      }
      found = stillFilling(turn, to);
      if (found.content().filling()) {
        return;
      }
    }
    String theirs = found.content().vector().generation();
    switch (expect) {
      case EMPTY -> {
        boolean half = theirs.equals(generation);
        if (half && !source.vector().covers(found.content().vector())) {
          throw new ActFailed("the consumer %s has changes that would be lost".formatted(to.id()));
        }
        if (!half && found.entries() > 1) {
          throw new ActFailed(
              "the consumer %s is not empty: it has %s%d entries that would be lost"
                  .formatted(
                      to.id(),
                      found.entries() < Content.COUNTED ? "" : "at least ",
                      found.entries()));
        }
      }
      case SAME -> {
        if (!theirs.equals(generation)) {
          throw new ActFailed(
              "the consumer %s holds the data set '%s' and not '%s'"
                  .formatted(to.id(), theirs, generation));
        }
        // It was so when the filling was decided; it may have taken a write since.
        if (!source.vector().covers(found.content().vector())) {
          throw new ActFailed("the consumer %s has changes that would be lost".formatted(to.id()));
        }
      }
      case ANY -> {}
      default -> throw new ActFailed("nobody knows a consumer that is '" + expect + "'");
    }
  }

  /** Waits until the server no longer fills. */
  private static void await(Turn turn, Server to, String dn)
      throws LDAPException, InterruptedException, ActFailed {
    long began = System.nanoTime();
    Deadline deadline = turn.deadline().most();
    long told = 0;
    while (true) {
      SearchResultEntry now =
          turn.session().entry(dn, Words.REFRESH, Words.INIT_STATUS, Words.UPDATE_STATUS);
      if (now == null) {
        throw new ActFailed("its agreement was removed meanwhile");
      }
      String words = Config.value(now, Words.INIT_STATUS);
      if (!now.hasAttribute(Words.REFRESH)) {
        if (!words.contains("succeeded")) {
          throw new ActFailed(
              words.isEmpty()
                  ? "the server does not say how its filling ended: it may have started anew"
                  : "the server could not fill it: " + Printable.of(words));
        }
        return;
      }
      Duration passed = Duration.ofNanos(System.nanoTime() - began);
      String last = Config.value(now, Words.UPDATE_STATUS);
      if (passed.compareTo(STALE) > 0
          && !words.contains("in progress")
          && HOPELESS.contains(Status.of(last))
          && !content(turn, to).filling()) {
        cancel(turn, dn);
        throw new ActFailed("the server cannot fill it: " + Printable.of(last));
      }
      if (deadline.over()) {
        throw new LDAPException(
            com.unboundid.ldap.sdk.ResultCode.TIMEOUT, "it is still being filled");
      }
      if (passed.toSeconds() > told) {
        told = passed.toSeconds();
        turn.order().progress().accept(new Progress(told, 0, "seconds"));
      }
      deadline.pause(LOOK);
    }
  }

  /** Otherwise it would begin whenever the hindrance has gone, whatever the consumer holds then. */
  private static void cancel(Turn turn, String dn) throws LDAPException, InterruptedException {
    try (Rooms.Held _ = turn.agreements()) {
      turn.session().modify(dn, Links.set(Words.PROTOCOL_TIMEOUT, "1"));
      turn.session().modify(dn, Links.set(Words.REFRESH, "stop"));
      SearchResultEntry agreement = turn.session().entry(dn, Words.ENABLED, Words.REFRESH);
      if (agreement != null) {
        Links.remove(turn.session(), agreement);
      }
    }
  }

  private static Details full(Turn turn, Server to, String generation)
      throws LDAPException, InterruptedException, ActFailed {
    while (true) {
      Content content = content(turn, to);
      String theirs = content.vector().generation();
      if (theirs.equals(generation)) {
        return Details.of(Acts.GENERATION, theirs);
      }
      if (turn.deadline().over()) {
        throw new ActFailed(
            "the server says that it has filled it, and it holds the data set '" + theirs + "'");
      }
      turn.deadline().pause(LOOK);
    }
  }

  /** An attempt that is still under way is waited for. */
  @Override
  public Inspection inspect(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    Server to = turn.server(turn.argument(Acts.TO));
    String generation = turn.argument(Acts.GENERATION);
    Config config = Config.read(turn.session(), turn.realm());
    SearchResultEntry agreement = Links.to(to, config, turn).own();
    boolean begun =
        agreement != null
            && turn.realm()
                .filledBy(
                    agreement.getAttributeValue(Words.DESCRIPTION), turn.order().stamp().number());
    if (agreement != null && Config.value(agreement, Words.REFRESH).equalsIgnoreCase("start")) {
      await(turn, to, agreement.getDN());
      agreement = turn.session().entry(agreement.getDN());
    }
    Content content = content(turn, to);
    if (content.filling()) {
      return new Inspection.NotApplied("a filling was broken off, and answers nobody since");
    }
    if (!content.vector().generation().equals(generation)) {
      return new Inspection.NotApplied(
          "the consumer holds the data set '" + content.vector().generation() + "'");
    }
    boolean well =
        agreement != null && Config.value(agreement, Words.INIT_STATUS).contains("succeeded");
    return begun && well
        ? new Inspection.Applied(Details.of(Acts.GENERATION, generation))
        : new Inspection.NotApplied("this operation has not filled it to the end");
  }
}
