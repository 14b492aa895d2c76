package io.cotidal.directory.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.remote.Deadline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The servers of one directory, whoever made them: a stamp first, then the deed. Thread-safe. */
public final class LdapServers implements Servers {
  private final Lines lines;
  private final Dialect dialect;
  private final Rooms rooms;
  private final Preflight preflight;

  /**
   * Servers over {@code lines}, which are closed with them.
   *
   * @param rooms where acts of this process keep one another out
   * @param suffix the directory's, for people
   */
  public LdapServers(Lines lines, Dialect dialect, Rooms rooms, String suffix) {
    this.lines = lines;
    this.dialect = dialect;
    this.rooms = rooms;
    this.preflight = new Preflight(lines, dialect, suffix);
  }

  @Override
  public MemberId holder(Edge edge) {
    return dialect.holder(edge);
  }

  @Override
  public Observation<DirectoryFacts> look(Server server, List<Server> known, Deadline deadline) {
    return dialect.look(server, known, deadline);
  }

  @Override
  public Outcome stamp(Server server, Stamp stamp, Deadline deadline) {
    try {
      return lines.with(
          server,
          deadline,
          true,
          session -> {
            Stamp before = dialect.leader(session);
            Stamp newer = dialect.lead(session, stamp);
            return newer == null
                ? new Outcome.Done(Details.of("before", before))
                : new Outcome.Refused(newer);
          });
    } catch (LDAPException e) {
      return new Outcome.Unknown(Trouble.of(e).reason());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Unknown("interrupted");
    }
  }

  /** What is done in a room of a server, alone. */
  private interface Visit<T> {
    T in(Session session, Deed deed) throws LDAPException, InterruptedException, ActFailed;
  }

  @Override
  public Outcome act(Server server, Order order) {
    try {
      return alone(
          server,
          order,
          (session, deed) -> {
            Stamp newer = enter(session, deed, order);
            return newer == null
                ? new Outcome.Done(deed.act(server, session))
                : new Outcome.Refused(newer);
          });
    } catch (ActFailed e) {
      return new Outcome.Failed(Trouble.line(e));
    } catch (LDAPException e) {
      Trouble trouble = Trouble.of(e);
      return trouble.kind() == Trouble.Kind.REJECTED
          ? new Outcome.Failed(trouble.reason())
          : new Outcome.Unknown(trouble.reason());
    } catch (IllegalArgumentException e) {
      return new Outcome.Failed("step '" + order.step().key() + "': " + Trouble.line(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Unknown("interrupted");
    }
  }

  @Override
  public Inspection inspect(Server server, Order order) {
    try {
      return alone(
          server,
          order,
          (session, deed) -> {
            Stamp newer = enter(session, deed, order);
            return newer == null
                ? deed.inspect(server, session)
                : new Inspection.Unknown("the server follows a newer stamp: " + newer);
          });
    } catch (ActFailed e) {
      return new Inspection.NotApplied(Trouble.line(e));
    } catch (LDAPException e) {
      return new Inspection.Unknown(Trouble.of(e).reason());
    } catch (IllegalArgumentException e) {
      return new Inspection.Unknown("step '" + order.step().key() + "': " + Trouble.line(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Inspection.Unknown("interrupted");
    }
  }

  private @Nullable Stamp enter(Session session, Deed deed, Order order) throws LDAPException {
    return deed.part().isEmpty() ? null : dialect.enter(session, deed.part(), order.stamp());
  }

  private <T> T alone(Server server, Order order, Visit<T> visit)
      throws LDAPException, InterruptedException, ActFailed {
    Deed deed =
        dialect
            .deed(order)
            .orElseThrow(
                () -> new ActFailed(dialect.name() + " has no act '" + order.step().act() + "'"));
    Deadline deadline = Deadline.in(order.step().deadline());
    // Held so that an inspection waits for the act.
    try (Rooms.Held _ = rooms.enter(server, deed.room(), deadline)) {
      return failing(server, deadline, deed, visit);
    }
  }

  /** The library's door lets only its own exceptions through. */
  private <T> T failing(Server server, Deadline deadline, Deed deed, Visit<T> visit)
      throws LDAPException, InterruptedException, ActFailed {
    record Came<T>(@Nullable T result, @Nullable ActFailed failure) {}
    Came<T> came =
        lines.with(
            server,
            deadline,
            false,
            session -> {
              try {
                return new Came<>(visit.in(session, deed), null);
              } catch (ActFailed e) {
                return new Came<>(null, e);
              }
            });
    if (came.failure() != null) {
      throw came.failure();
    }
    T result = came.result();
    if (result == null) {
      throw new IllegalStateException("an act came to nothing");
    }
    return result;
  }

  @Override
  public Details preflight(Server server, Deadline deadline) {
    return preflight.of(server, deadline);
  }

  @Override
  public void close() {
    lines.close();
  }
}
