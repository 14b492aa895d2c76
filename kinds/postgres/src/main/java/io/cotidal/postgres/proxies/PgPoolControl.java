package io.cotidal.postgres.proxies;

import io.cotidal.model.MemberId;
import io.cotidal.postgres.observe.ProxyFacts;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Proxy;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A Pgpool-II by its control port. It is led by detaching whom it takes for the primary: then it
 * asks the nodes that are left which of them is one, so that it finds the new primary by evidence
 * of its own. Only if it does not is it told. A primary is detached only once another one takes
 * writes.
 *
 * <p>No session is kept between two uses. Whenever Pgpool-II attaches or detaches a node, whoever
 * asked for it, its main process ends the one that serves the control port, and waits until that
 * one's last session has ended: a session that stays open holds all of Pgpool-II up.
 */
final class PgPoolControl implements ProxyControl {
  private static final Duration LAYOUT_LIFE = Duration.ofSeconds(10);
  private static final Duration CALM = Duration.ofMillis(50);

  /** For so long it may look for the primary itself. */
  private static final Duration SEARCH = Duration.ofSeconds(6);

  private static final int STATUS = 2;
  private static final int ROLE = 5;

  /** What stands among a node's texts from 4.3 on, before the weight: how the server is. */
  private static final int SERVER = 4;

  private static final String PRIMARY = "2";

  private final PostgresSpec spec;
  private final Proxy.PgPool pool;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Integer, Boolean> lastAttached = new HashMap<>();
  private @Nullable PcpSession opened;
  private @Nullable PgPoolLayout layout;
  private long layoutAt;

  PgPoolControl(PostgresSpec spec, Proxy.PgPool pool) {
    this.spec = spec;
    this.pool = pool;
  }

  /**
   * A node as Pgpool-II has it.
   *
   * @param member empty if its address is no member's
   * @param attached whether it is used; if it did not say in time, as it was last known
   * @param primary whether writers are led to it
   * @param told whether it said so in time: it asks the server first, which may hang
   */
  private record Node(
      int number, Optional<MemberId> member, boolean attached, boolean primary, boolean told) {}

  private interface Work<T> {
    T done() throws ProxyTrouble, InterruptedException;
  }

  private <T> T alone(Deadline deadline, Work<T> work) throws ProxyTrouble, InterruptedException {
    long began = System.nanoTime();
    if (!lock.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
      long waited = System.nanoTime() - began;
      throw new ProxyTrouble(new ProxyTrouble.How.Silent(waited), "its pcp is in use");
    }
    try {
      return work.done();
    } finally {
      leave();
      lock.unlock();
    }
  }

  private void leave() {
    PcpSession session = opened;
    opened = null;
    if (session != null) {
      session.close();
    }
  }

  private PcpSession session(Deadline deadline) throws ProxyTrouble {
    PcpSession session = opened;
    if (session == null || session.broken()) {
      session = PcpSession.open(pool.pcp(), deadline);
      opened = session;
    }
    return session;
  }

  private List<List<String>> question(char kind, byte[] body, Deadline deadline)
      throws ProxyTrouble {
    return session(deadline).ask(kind, Character.toLowerCase(kind), body, deadline);
  }

  private PgPoolLayout layout(Deadline deadline) throws ProxyTrouble {
    PgPoolLayout known = layout;
    if (known == null || System.nanoTime() - layoutAt > LAYOUT_LIFE.toNanos()) {
      Map<String, String> settings = new HashMap<>();
      for (List<String> row : question('B', new byte[0], deadline)) {
        if (row.size() > 1) {
          settings.put(row.getFirst(), row.get(1));
        }
      }
      known = PgPoolLayout.of(spec, settings);
      if (known.nodes().isEmpty()) {
        throw ProxyTrouble.unclear(pool.id() + " tells of no node");
      }
      layout = known;
      layoutAt = System.nanoTime();
    }
    return known;
  }

  private List<Node> nodes(Deadline deadline) throws ProxyTrouble {
    PgPoolLayout known = layout(deadline);
    List<Node> nodes = new ArrayList<>();
    int left = known.nodes().size();
    for (Map.Entry<Integer, Optional<MemberId>> entry : known.nodes().entrySet()) {
      Duration share = deadline.left().dividedBy(left--);
      nodes.add(node(entry.getKey(), entry.getValue(), deadline.atMost(share)));
    }
    return nodes;
  }

  private Node node(int number, Optional<MemberId> member, Deadline deadline) throws ProxyTrouble {
    try {
      List<List<String>> rows = question('I', PcpSession.number(number), deadline);
      List<String> row = rows.isEmpty() ? List.of() : rows.getFirst();
      if (row.size() <= ROLE + 1) {
        throw ProxyTrouble.unclear("its pcp tells nothing of node " + number);
      }
      boolean newer = row.get(SERVER).matches("[a-z]+");
      String role = row.get(newer ? ROLE + 1 : ROLE);
      // Waiting for its first connection, or connected.
      boolean attached = row.get(STATUS).equals("1") || row.get(STATUS).equals("2");
      boolean primary = role.equals(PRIMARY) || role.equals("primary");
      lastAttached.put(number, attached);
      return new Node(number, member, attached, primary, true);
    } catch (ProxyTrouble e) {
      if (!(e.how() instanceof ProxyTrouble.How.Silent)) {
        throw e;
      }
      return new Node(number, member, lastAttached.getOrDefault(number, true), false, false);
    }
  }

  @Override
  public ProxyFacts look(Deadline deadline) throws ProxyTrouble, InterruptedException {
    return alone(deadline, () -> facts(nodes(deadline), layout(deadline)));
  }

  private ProxyFacts facts(List<Node> nodes, PgPoolLayout known) throws ProxyTrouble {
    TreeSet<MemberId> leadsTo = new TreeSet<>();
    TreeSet<MemberId> attached = new TreeSet<>();
    List<String> strangers = new ArrayList<>();
    boolean somePrimary = false;
    boolean allTold = true;
    for (Node node : nodes) {
      somePrimary |= node.primary();
      allTold &= node.told();
      if (!node.attached()) {
        continue;
      }
      if (node.member().isEmpty()) {
        strangers.add("uses " + known.addresses().get(node.number()) + ", which is no member");
        continue;
      }
      attached.add(node.member().get());
      if (node.primary()) {
        leadsTo.add(node.member().get());
      }
    }
    if (!somePrimary && !allTold) {
      throw new ProxyTrouble(
          new ProxyTrouble.How.Silent(0), "its pcp does not say in time which node is the primary");
    }
    return new ProxyFacts(leadsTo, strangers, false, attached, known.cautions());
  }

  @Override
  public void pause(Deadline deadline) throws ProxyTrouble {
    throw ProxyTrouble.rejected("Pgpool-II cannot hold transactions back");
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
    alone(
        deadline,
        () -> {
          int number = number(member, deadline);
          if (node(number, Optional.of(member), deadline.most()).attached()) {
            detach(number, deadline);
          }
          return number;
        });
  }

  @Override
  public void point(Aim aim, Deadline deadline) throws ProxyTrouble, InterruptedException {
    Deadline until = deadline.most();
    boolean met =
        alone(
            until,
            () -> {
              lead(number(aim.primary(), until), until);
              readers(aim, until);
              return await(until, () -> aim.met(facts(nodes(until), layout(until))));
            });
    if (!met) {
      throw ProxyTrouble.unclear(pool.id() + " " + look(deadline).sentence() + " all the same");
    }
  }

  private int number(MemberId member, Deadline deadline) throws ProxyTrouble {
    return layout(deadline)
        .number(member)
        .orElseThrow(() -> ProxyTrouble.rejected(pool.id() + " has no node for " + member));
  }

  private void lead(int chosen, Deadline until) throws ProxyTrouble, InterruptedException {
    List<Node> nodes = nodes(until.atMost(SEARCH.dividedBy(3)));
    Node aim = nodes.stream().filter(node -> node.number() == chosen).findFirst().orElseThrow();
    if (!aim.told()) {
      throw ProxyTrouble.unclear("its pcp tells nothing of node " + chosen + " in time");
    }
    if (!aim.attached()) {
      order('C', 'c', PcpSession.number(chosen), until);
      lastAttached.put(chosen, true);
    }
    if (aim.primary()) {
      return;
    }
    for (Node node : nodes) {
      boolean taken = node.primary() || !node.told();
      if (node.number() != chosen && node.attached() && taken) {
        detach(node.number(), until);
      }
    }
    if (!awaitPrimary(chosen, until.atMost(SEARCH))) {
      tellPrimary(chosen, until);
      awaitPrimary(chosen, until);
    }
  }

  /** It takes our word for it, and detaches all the others. */
  private void tellPrimary(int chosen, Deadline until) throws ProxyTrouble {
    byte[] number = PcpSession.text(chosen + " ");
    byte[] body = Arrays.copyOf(number, number.length + 1);
    // Not to let it move the primary itself.
    body[number.length] = 'n';
    order('J', 'd', body, until);
  }

  private boolean awaitPrimary(int chosen, Deadline until)
      throws ProxyTrouble, InterruptedException {
    return await(
        until,
        () -> {
          Node node = node(chosen, Optional.empty(), until);
          return node.attached() && node.primary();
        });
  }

  /**
   * It makes its control port's processes anew after each change: what breaks then is no answer,
   * and nothing may be open while it is waited for.
   */
  private boolean await(Deadline until, Work<Boolean> work)
      throws ProxyTrouble, InterruptedException {
    while (!until.over()) {
      try {
        if (work.done()) {
          return true;
        }
      } catch (ProxyTrouble e) {
        if (e.how() instanceof ProxyTrouble.How.Rejected) {
          throw e;
        }
      } finally {
        leave();
      }
      until.pause(CALM);
    }
    return false;
  }

  private void detach(int number, Deadline until) throws ProxyTrouble {
    order('D', 'd', PcpSession.number(number), until);
    lastAttached.put(number, false);
  }

  private void readers(Aim aim, Deadline until) throws ProxyTrouble {
    List<Node> nodes = nodes(until);
    for (Node node : nodes) {
      if (node.member().filter(aim.attach()::contains).isPresent() && !node.attached()) {
        order('C', 'c', PcpSession.number(node.number()), until);
        lastAttached.put(node.number(), true);
      } else if (node.member().filter(aim.detach()::contains).isPresent() && node.attached()) {
        detach(node.number(), until);
      }
    }
  }

  private void order(char kind, char answer, byte[] body, Deadline deadline) throws ProxyTrouble {
    try {
      session(deadline).ask(kind, answer, body, deadline);
    } finally {
      leave();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      leave();
    } finally {
      lock.unlock();
    }
  }
}
