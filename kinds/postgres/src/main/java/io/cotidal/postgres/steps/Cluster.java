package io.cotidal.postgres.steps;

import io.cotidal.model.MemberId;
import io.cotidal.pgclient.Conninfo;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.observe.Look;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.SlotNames;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.util.LinkedHashMap;
import java.util.Map;

/** The members within reach, and what acts share. Thread-safe. */
final class Cluster implements AutoCloseable {
  private final PostgresSpec spec;
  private final Look look;
  private final Map<MemberId, Node> nodes = new LinkedHashMap<>();

  Cluster(PostgresSpec spec, LocalProcesses processes) {
    this.spec = spec;
    this.look = new Look(spec);
    spec.servers().forEach(server -> nodes.put(server.id(), new Node(spec, server, processes)));
  }

  PostgresSpec spec() {
    return spec;
  }

  Look look() {
    return look;
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

  /**
   * What a standby puts in {@code primary_conninfo} to follow {@code upstream}. Holds no password.
   */
  String conninfo(Node standby, Node upstream) {
    LinkedHashMap<String, String> parameters = new LinkedHashMap<>();
    parameters.put("host", upstream.server().host());
    parameters.put("port", Integer.toString(upstream.server().port()));
    parameters.put("user", spec.access().replicationUser());
    parameters.put("passfile", ServerFiles.passwords(standby).toString());
    parameters.put("application_name", standby.id().name());
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
