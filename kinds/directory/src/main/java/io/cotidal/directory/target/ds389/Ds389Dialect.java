package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.ldap.Deed;
import io.cotidal.directory.ldap.Dial;
import io.cotidal.directory.ldap.Dialect;
import io.cotidal.directory.ldap.LdapServers;
import io.cotidal.directory.ldap.Lines;
import io.cotidal.directory.ldap.Rooms;
import io.cotidal.directory.ldap.Session;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Stamp;
import io.cotidal.remote.Deadline;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The 389 servers of one directory. An agreement lies on the supplier. Thread-safe. */
final class Ds389Dialect implements Dialect {
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

  private final Look look;
  private final Act.World world;

  private Ds389Dialect(Look look, Act.World world) {
    this.look = look;
    this.world = world;
  }

  /** The servers that {@code spec} names, each over lines of its own. */
  static Servers servers(DirectorySpec spec, Dial dial) {
    Realm realm = new Realm(spec);
    Lines lines = new Lines(dial);
    Rooms rooms = new Rooms();
    Dialect dialect =
        new Ds389Dialect(
            new Look(lines, realm, InstantSource.system()),
            new Act.World(realm, lines, dial, new Facts(realm), rooms));
    return new LdapServers(lines, dialect, rooms, spec.suffix());
  }

  @Override
  public String name() {
    return "389 DS";
  }

  @Override
  public MemberId holder(Edge edge) {
    return edge.from();
  }

  @Override
  public Observation<DirectoryFacts> look(Server server, List<Server> known, Deadline deadline) {
    return look.at(server, known, deadline);
  }

  @Override
  public Stamp leader(Session session) throws LDAPException {
    return new Seal(session, world.realm()).leader();
  }

  @Override
  public @Nullable Stamp lead(Session session, Stamp stamp) throws LDAPException {
    return enter(session, Seal.LEADER, stamp);
  }

  @Override
  public @Nullable Stamp enter(Session session, String part, Stamp stamp) throws LDAPException {
    return new Seal(session, world.realm()).enter(part, stamp);
  }

  @Override
  public Optional<Deed> deed(Servers.Order order) {
    return Optional.ofNullable(ACTS.get(order.step().act()))
        .map(act -> new Bound(act, order, world));
  }

  private record Bound(Act doing, Servers.Order order, Act.World world) implements Deed {
    @Override
    public String part() {
      return doing.part(order);
    }

    @Override
    public String room() {
      return doing.part(order);
    }

    @Override
    public Details act(Server server, Session session)
        throws LDAPException, InterruptedException, ActFailed {
      Act.Turn turn = new Act.Turn(server, order, session, world);
      if (!doing.alone()) {
        return doing.act(turn);
      }
      try (Rooms.Held _ = turn.agreements()) {
        return doing.act(turn);
      }
    }

    @Override
    public Inspection inspect(Server server, Session session)
        throws LDAPException, InterruptedException, ActFailed {
      return doing.inspect(new Act.Turn(server, order, session, world));
    }
  }

  @Override
  public Details preflight(Server server, DirectoryFacts facts) {
    Details details = Details.of("changelog-seconds", facts.changelogSeconds());
    Long skew = look.skew(server);
    return skew == null ? details : details.with("clock-ahead-millis", skew);
  }
}
