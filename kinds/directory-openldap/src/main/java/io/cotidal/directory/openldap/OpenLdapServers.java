package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.ldap.Dial;
import io.cotidal.directory.ldap.Lines;
import io.cotidal.directory.ldap.Session;
import io.cotidal.directory.ldap.Trouble;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.DirectorySpec;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The slapds of one directory. An order to fetch lies on the consumer. Thread-safe. */
final class OpenLdapServers implements Servers {
  private static final Map<String, Act> ACTS =
      Map.ofEntries(
          Map.entry(Acts.PREPARE, new Prepare()),
          Map.entry(Acts.LINK, new Link()),
          Map.entry(Acts.UNLINK, new Unlink()),
          Map.entry(Acts.INITIALISE, new Initialise()),
          Map.entry(Acts.POKE, new Poke()),
          Map.entry(Acts.CLEAN, new Clean()),
          Map.entry(Acts.RETIRE, new Retire()),
          Map.entry(Acts.ADOPT, new Adopt()),
          Map.entry(Acts.ROTATE, new Rotate()),
          Map.entry(Acts.CANARY, new Canary()),
          Map.entry(Acts.DIGEST_OF, new DigestOf()));

  private final Lines lines;
  private final Look look;
  private final Act.World world;

  OpenLdapServers(DirectorySpec spec, Dial dial) {
    Realm realm = new Realm(spec);
    this.lines = new Lines(dial);
    this.look = new Look(lines, realm);
    this.world = new Act.World(realm, lines, dial, new Rooms());
  }

  @Override
  public MemberId holder(Edge edge) {
    return edge.to();
  }

  @Override
  public Observation<DirectoryFacts> look(Server server, List<Server> known, Deadline deadline) {
    return look.at(server, known, deadline);
  }

  @Override
  public Outcome stamp(Server server, Stamp stamp, Deadline deadline) {
    try {
      return lines.with(
          server,
          deadline,
          true,
          session -> {
            Stamp before = Seal.leader(Slapd.read(session, world.realm()), world.realm());
            Stamp newer = new Seal(session, world.realm()).enter(Seal.LEADER, stamp);
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

  /** What is done at a part of a server, alone. */
  private interface Deed<T> {
    T in(Session session, Act act) throws LDAPException, InterruptedException, Act.ActFailed;
  }

  @Override
  public Outcome act(Server server, Order order) {
    try {
      return alone(
          server,
          order,
          (session, act) -> {
            Stamp newer = enter(session, act, order);
            return newer == null
                ? new Outcome.Done(act.act(new Act.Turn(server, order, session, world)))
                : new Outcome.Refused(newer);
          });
    } catch (Act.ActFailed e) {
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
          (session, act) -> {
            Stamp newer = enter(session, act, order);
            return newer == null
                ? act.inspect(new Act.Turn(server, order, session, world))
                : new Inspection.Unknown("the server follows a newer stamp: " + newer);
          });
    } catch (Act.ActFailed e) {
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

  private @Nullable Stamp enter(Session session, Act act, Order order) throws LDAPException {
    String part = act.part(order);
    return part.isEmpty() ? null : new Seal(session, world.realm()).enter(part, order.stamp());
  }

  private <T> T alone(Server server, Order order, Deed<T> deed)
      throws LDAPException, InterruptedException, Act.ActFailed {
    Act act = ACTS.get(order.step().act());
    if (act == null) {
      throw new Act.ActFailed("OpenLDAP has no act '" + order.step().act() + "'");
    }
    Deadline deadline = Deadline.in(order.step().deadline());
    // Held so that an inspection waits for the act.
    try (Rooms.Held _ = world.rooms().enter(server, act.room(order), deadline)) {
      return failing(server, deadline, act, deed);
    }
  }

  /** The library's door lets only its own exceptions through. */
  private <T> T failing(Server server, Deadline deadline, Act act, Deed<T> deed)
      throws LDAPException, InterruptedException, Act.ActFailed {
    record Came<T>(@Nullable T result, Act.@Nullable ActFailed failure) {}
    Came<T> came =
        lines.with(
            server,
            deadline,
            false,
            session -> {
              try {
                return new Came<>(deed.in(session, act), null);
              } catch (Act.ActFailed e) {
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
    return new Preflight(lines, world.realm()).of(server, look, deadline);
  }

  @Override
  public void close() {
    lines.close();
  }
}
