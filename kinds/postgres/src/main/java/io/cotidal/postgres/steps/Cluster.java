package io.cotidal.postgres.steps;

import io.cotidal.model.MemberId;
import io.cotidal.pgclient.Conninfo;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.hooks.PluginHooks;
import io.cotidal.postgres.observe.Look;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.SlotNames;
import io.cotidal.postgres.reach.Machines;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ssh.SshHosts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The members within reach, and what acts share. Thread-safe. */
final class Cluster implements AutoCloseable {
  /** With a blank, which no member's name has. */
  private static final String COPY = "cotidal copy ";

  /** Under which name {@code target} is copied. */
  static String copyName(Node target) {
    return COPY + target.id().name();
  }

  private final PostgresSpec spec;
  private final Look look;
  private final ByPlugin plugins;
  private final Map<MemberId, Node> nodes = new LinkedHashMap<>();
  private final Map<MemberId, Long> heard = new ConcurrentHashMap<>();

  /** Members of this machine alone. */
  Cluster(PostgresSpec spec, LocalProcesses processes) {
    this(spec, new Machines(processes, new SshHosts()));
  }

  Cluster(PostgresSpec spec, Machines machines) {
    this.spec = spec;
    this.look = new Look(spec);
    this.plugins = new ByPlugin(new PluginHooks(spec, machines.processes()));
    spec.servers()
        .forEach(
            server -> nodes.put(server.id(), new Node(spec, server, machines.of(spec, server))));
  }

  PostgresSpec spec() {
    return spec;
  }

  Look look() {
    return look;
  }

  ByPlugin plugins() {
    return plugins;
  }

  /** The member of that name. */
  Node node(MemberId member) throws ActFailed {
    Node node = nodes.get(member);
    if (node == null) {
      throw new ActFailed(spec.id() + " has no member " + member + "; it has " + nodes.keySet());
    }
    return node;
  }

  /** What the server of {@code turn}'s member says. */
  PgFacts facts(Turn turn) throws PgException, InterruptedException {
    return turn.sql(look::facts);
  }

  /** Notes until when a standby that is cut off now can have had news of its upstream. */
  void heardUntil(MemberId standby, long nanos) {
    heard.put(standby, nanos);
  }

  /** Whatever was noted of a standby's last news is so no more. */
  void heardAgain(MemberId standby) {
    heard.remove(standby);
  }

  /**
   * Monotonic time after which a standby that is cut off had no news of its upstream; empty if it
   * was not this process that cut it off.
   */
  Optional<Long> heardUntil(MemberId standby) {
    return Optional.ofNullable(heard.get(standby));
  }

  /**
   * What a standby puts in {@code primary_conninfo} to follow {@code upstream}. Holds no password:
   * that is in a file of ours, or where there is none in that of the server's account.
   */
  String conninfo(Node standby, Node upstream) {
    return conninfo(standby, upstream, standby.id().name());
  }

  /**
   * What a copy of {@code source} is fetched by. Its name is no member's: a sender to {@code
   * pg_basebackup} reports what is on disk there, and under a member's name the primary would count
   * a half copy among those that hold a commit.
   */
  String copying(Node target, Node source) {
    return conninfo(target, source, copyName(target));
  }

  private String conninfo(Node standby, Node upstream, String name) {
    LinkedHashMap<String, String> parameters = new LinkedHashMap<>();
    parameters.put("host", upstream.server().addresses().replication());
    parameters.put("port", Integer.toString(upstream.server().port()));
    parameters.put("user", spec.access().replicationUser());
    if (spec.practice().care().slots().logical()) {
      // A standby's copies of logical slots are asked for in a session with a database.
      parameters.put("dbname", Node.DATABASE);
    }
    if (standby.server().gated()) {
      parameters.put("passfile", ServerFiles.passwords(standby).toString());
    }
    parameters.put("application_name", name);
    parameters.put("gssencmode", "disable");
    parameters.put("connect_timeout", "2");
    return Conninfo.format(parameters);
  }

  /** Makes the slot of {@code member} where {@code session} is, unless it is there. */
  static void makeSlot(PgSession session, Deadline deadline, MemberId member) throws PgException {
    String name = SlotNames.of(member);
    boolean there =
        session.one(
            "SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = ?)",
            deadline.left(),
            row -> row.getBoolean(1),
            name);
    if (there) {
      return;
    }
    try {
      session.run("SELECT pg_create_physical_replication_slot(?, true)", deadline.left(), name);
    } catch (PgException e) {
      if (!e.rejected("42710")) {
        throw e;
      }
      // Somebody else has just made it.
    }
  }

  @Override
  public void close() {
    nodes.values().forEach(Node::close);
  }
}
