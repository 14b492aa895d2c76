package io.cotidal.postgres.proxies;

import io.cotidal.model.MemberId;
import io.cotidal.postgres.observe.ProxyFacts;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Proxy;
import io.cotidal.remote.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * An HAProxy by its runtime socket. Its backend has one server for each member, by the member's
 * name; the primary's is ready, the others are in maintenance.
 */
final class HaProxySocket implements ProxyControl {
  /**
   * Of the administrative state: maintenance by an administrator, by a tracked server or by a name
   * that does not resolve, and draining. That a server began disabled is another bit, and says
   * nothing of now.
   */
  private static final int KEPT_FROM_TRAFFIC = 0x3B;

  private final PostgresSpec spec;
  private final Proxy.HaProxy haproxy;
  private final RuntimeSocket socket;

  HaProxySocket(PostgresSpec spec, Proxy.HaProxy haproxy) {
    this.spec = spec;
    this.haproxy = haproxy;
    this.socket = new RuntimeSocket(haproxy.socket());
  }

  /**
   * A server of the backend.
   *
   * @param ready whether no administrator keeps traffic from it
   */
  private record Row(String name, boolean ready) {}

  private List<Row> rows(Deadline deadline) throws ProxyTrouble, InterruptedException {
    String answer = socket.ask("show servers state " + haproxy.backend(), deadline);
    List<Row> rows = new ArrayList<>();
    for (String line : answer.lines().toList()) {
      String[] fields = line.strip().split(" ");
      boolean header = line.startsWith("#") || fields.length == 1;
      if (header || line.isBlank()) {
        continue;
      }
      if (fields.length < 7 || !fields[1].equals(haproxy.backend())) {
        throw ProxyTrouble.unclear("not a server's state: " + line);
      }
      rows.add(new Row(fields[3], ready(line, fields[6])));
    }
    if (rows.isEmpty()) {
      throw ProxyTrouble.unclear(
          "the backend " + haproxy.backend() + " has no servers, or is not there");
    }
    return rows;
  }

  private static boolean ready(String line, String state) throws ProxyTrouble {
    try {
      return (Integer.parseInt(state) & KEPT_FROM_TRAFFIC) == 0;
    } catch (NumberFormatException e) {
      throw ProxyTrouble.unclear("not a server's state: " + line);
    }
  }

  private boolean member(String name) {
    return spec.servers().stream().anyMatch(server -> server.id().name().equals(name));
  }

  @Override
  public ProxyFacts look(Deadline deadline) throws ProxyTrouble, InterruptedException {
    TreeSet<MemberId> leadsTo = new TreeSet<>();
    List<String> strangers = new ArrayList<>();
    for (Row row : rows(deadline)) {
      if (row.ready() && member(row.name())) {
        leadsTo.add(new MemberId(row.name()));
      } else if (row.ready()) {
        strangers.add("leads to " + row.name() + ", which is no member");
      }
    }
    return new ProxyFacts(leadsTo, strangers, false);
  }

  @Override
  public void pause(Deadline deadline) throws ProxyTrouble {
    throw ProxyTrouble.rejected("HAProxy cannot hold transactions back");
  }

  @Override
  public boolean holds(Deadline deadline) {
    return false;
  }

  @Override
  public void resume(Deadline deadline) {
    // It never holds anybody back.
  }

  @Override
  public void cut(MemberId member, Deadline deadline) throws ProxyTrouble, InterruptedException {
    for (Row row : rows(deadline)) {
      if (row.name().equals(member.name())) {
        keepFrom(row, deadline);
      }
    }
  }

  private void keepFrom(Row row, Deadline deadline) throws ProxyTrouble, InterruptedException {
    String server = haproxy.backend() + "/" + row.name();
    socket.tell("set server " + server + " state maint", deadline);
    socket.tell("shutdown sessions server " + server, deadline);
  }

  @Override
  public void point(Aim aim, Deadline deadline) throws ProxyTrouble, InterruptedException {
    MemberId member = aim.primary();
    List<Row> rows = rows(deadline);
    if (rows.stream().noneMatch(row -> row.name().equals(member.name()))) {
      throw ProxyTrouble.rejected(
          "the backend " + haproxy.backend() + " has no server named " + member);
    }
    // Nobody is led to two members at any moment, so the new one comes last.
    for (Row row : rows) {
      if (!row.name().equals(member.name())) {
        keepFrom(row, deadline);
      }
    }
    socket.tell("set server " + haproxy.backend() + "/" + member + " state ready", deadline);
    ProxyFacts facts = look(deadline);
    if (!facts.leadsOnlyTo(member)) {
      throw ProxyTrouble.unclear(haproxy.id() + " " + facts.sentence() + " all the same");
    }
  }

  @Override
  public void close() {
    // Each question has a connection of its own.
  }
}
