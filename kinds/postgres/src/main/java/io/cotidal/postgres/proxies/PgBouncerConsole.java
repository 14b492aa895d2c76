package io.cotidal.postgres.proxies;

import io.cotidal.model.MemberId;
import io.cotidal.pgclient.ConsoleSession;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.Trouble;
import io.cotidal.postgres.observe.ProxyFacts;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Proxy;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A pgbouncer by its console and by a file of database lines. The console cannot say where a
 * database leads, so the file does: it is written whole, and then pgbouncer reads it. One that is
 * down reads it as it starts.
 */
final class PgBouncerConsole implements ProxyControl {
  private static final String DATABASE = "pgbouncer";
  private static final Duration QUICK = Duration.ofMillis(5);

  /** Kept back from a pause, so that there is time to take it back. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final PostgresSpec spec;
  private final Proxy.PgBouncer bouncer;
  private final Login login;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable ConsoleSession kept;

  PgBouncerConsole(PostgresSpec spec, Proxy.PgBouncer bouncer) {
    this.spec = spec;
    this.bouncer = bouncer;
    Proxy.Console console = bouncer.console();
    this.login =
        new Login(
            console.host(),
            console.port(),
            DATABASE,
            console.user(),
            console.password(),
            "cotidal");
  }

  /**
   * One of our databases, as pgbouncer has it in force.
   *
   * @param servers its connections to servers
   */
  private record Line(String name, String host, int port, boolean paused, int servers) {}

  @Override
  public ProxyFacts look(Deadline deadline) throws ProxyTrouble, InterruptedException {
    List<Line> lines = lines(deadline);
    TreeSet<MemberId> leadsTo = new TreeSet<>();
    List<String> strangers = new ArrayList<>();
    boolean paused = false;
    for (String name : bouncer.lines().keySet()) {
      Optional<Line> line = lines.stream().filter(each -> each.name().equals(name)).findFirst();
      if (line.isEmpty()) {
        strangers.add("does not know the database " + name);
        continue;
      }
      paused |= line.get().paused();
      member(line.get())
          .ifPresentOrElse(
              leadsTo::add,
              () ->
                  strangers.add(name + " leads to " + line.get().host() + ":" + line.get().port()));
    }
    return new ProxyFacts(leadsTo, strangers, paused);
  }

  private Optional<MemberId> member(Line line) {
    return spec.servers().stream()
        .filter(server -> server.host().equals(line.host()) && server.port() == line.port())
        .map(Server::id)
        .findFirst();
  }

  private List<Line> lines(Deadline deadline) throws ProxyTrouble, InterruptedException {
    List<Line> lines = new ArrayList<>();
    for (Map<String, String> row : run("SHOW DATABASES", deadline)) {
      String name = row.getOrDefault("name", "");
      if (bouncer.lines().containsKey(name)) {
        lines.add(
            new Line(
                name,
                row.getOrDefault("host", ""),
                number(row, "port"),
                number(row, "paused") != 0,
                number(row, "current_connections")));
      }
    }
    return lines;
  }

  private static int number(Map<String, String> row, String column) throws ProxyTrouble {
    try {
      return Integer.parseInt(row.getOrDefault(column, ""));
    } catch (NumberFormatException e) {
      throw ProxyTrouble.unclear("its console shows no number as " + column);
    }
  }

  @Override
  public void pause(Deadline deadline) throws ProxyTrouble, InterruptedException {
    try {
      hold(Deadline.in(deadline.left().minus(GRACE)));
    } catch (ProxyTrouble e) {
      if (e.how() instanceof ProxyTrouble.How.Refused) {
        throw e;
      }
      resume(deadline);
      throw ProxyTrouble.rejected(
          e.reason() + "; look for a long transaction in it, or for pool_mode = session");
    }
  }

  private void hold(Deadline until) throws ProxyTrouble, InterruptedException {
    // A pause that waits holds its session up: it has one of its own.
    try (ConsoleSession session = ConsoleSession.open(login, until.left())) {
      for (Line line : lines(until)) {
        if (!line.paused()) {
          session.run("PAUSE " + quoted(line.name()), until.left());
        }
      }
    } catch (PgException e) {
      throw ProxyTrouble.of(e);
    }
    while (!holds(until)) {
      until.pause(QUICK);
    }
  }

  @Override
  public boolean holds(Deadline deadline) throws ProxyTrouble, InterruptedException {
    List<Line> lines = lines(deadline);
    return lines.size() == bouncer.lines().size()
        && lines.stream().allMatch(line -> line.paused() && line.servers() == 0);
  }

  @Override
  public void resume(Deadline deadline) throws ProxyTrouble, InterruptedException {
    for (Line line : lines(deadline)) {
      if (line.paused()) {
        run("RESUME " + quoted(line.name()), deadline);
      }
    }
  }

  /** A database that was killed is paused too. */
  @Override
  public void cut(MemberId member, Deadline deadline) throws ProxyTrouble, InterruptedException {
    for (Line line : lines(deadline)) {
      if (member(line).equals(Optional.of(member))) {
        run("KILL " + quoted(line.name()), deadline);
      }
    }
  }

  @Override
  public void point(Aim aim, Deadline deadline)
      throws ProxyTrouble, IOException, InterruptedException {
    MemberId member = aim.primary();
    Server server =
        spec.server(member)
            .orElseThrow(() -> ProxyTrouble.rejected(member + " is no server of this cluster"));
    Durable.write(
        bouncer.databases(), PgBouncerFile.text(bouncer.lines(), server), null, "rw-r--r--");
    run("RELOAD", deadline);
    while (!look(deadline).leadsOnlyTo(member)) {
      if (deadline.over()) {
        throw ProxyTrouble.rejected(
            bouncer.id()
                + " "
                + look(deadline.atMost(GRACE)).sentence()
                + " after a reload: does its configuration include "
                + bouncer.databases()
                + "?");
      }
      deadline.pause(QUICK);
    }
    resume(deadline);
  }

  /** Once more in a new session if the kept one turns out to be closed. */
  private List<Map<String, String>> run(String command, Deadline deadline)
      throws ProxyTrouble, InterruptedException {
    long began = System.nanoTime();
    if (!lock.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
      long waited = System.nanoTime() - began;
      throw new ProxyTrouble(new ProxyTrouble.How.Silent(waited), "its console is in use");
    }
    try {
      ConsoleSession session = kept;
      if (session != null && !session.broken()) {
        try {
          return session.run(command, deadline.left());
        } catch (PgException e) {
          if (!(e.trouble() instanceof Trouble.Refused)) {
            throw e;
          }
        }
      }
      session = ConsoleSession.open(login, deadline.left());
      kept = session;
      return session.run(command, deadline.left());
    } catch (PgException e) {
      throw ProxyTrouble.of(e);
    } finally {
      lock.unlock();
    }
  }

  /** Names are checked by the configuration; the console folds those without quotes. */
  private static String quoted(String name) {
    return name.matches("[a-z_][a-z0-9_]*") ? name : '"' + name + '"';
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (kept != null) {
        kept.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
