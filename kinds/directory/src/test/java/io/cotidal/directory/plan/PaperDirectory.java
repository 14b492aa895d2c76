package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.graph.Proof;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.Agreement.Status;
import io.cotidal.directory.observe.Credentials;
import io.cotidal.directory.observe.Csn;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.observe.Replica;
import io.cotidal.directory.observe.Vector;
import io.cotidal.directory.plan.PaperServer.Order;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Directory servers on paper. They keep agreements, vectors, entries and generations, refuse as
 * real ones do, and note what may never happen.
 */
final class PaperDirectory {
  final SortedMap<MemberId, PaperServer> servers = new TreeMap<>();

  /** What happened and never may. */
  final List<String> wrong = new ArrayList<>();

  /** Writes on servers, in their order. */
  final List<String> writes = new ArrayList<>();

  /** Fillings, in their order. */
  final List<String> fillings = new ArrayList<>();

  /** Who is named now. */
  List<Server> named = List.of();

  /** The password that is configured now. */
  String password = "first";

  /** For how many seconds changes are kept; 0 for ever. */
  long changelog;

  private final Map<Integer, MemberId> idsEver = new TreeMap<>();
  private int generations;

  /**
   * Of the newest change: later than any clock of the tests, so that nothing is behind for long.
   */
  long seconds = 1_800_100_000L;

  PaperServer add(String name, int entries) {
    PaperServer server = new PaperServer(Paper.server(name));
    for (int i = 1; i < entries; i++) {
      server.entries.add(name + " entry " + i);
    }
    servers.put(server.name(), server);
    return server;
  }

  PaperServer get(String name) {
    PaperServer server = servers.get(new MemberId(name));
    if (server == null) {
      throw new AssertionError("no server " + name);
    }
    return server;
  }

  private @Nullable PaperServer at(String host) {
    return servers.values().stream()
        .filter(server -> server.where.host().equals(host))
        .findFirst()
        .orElse(null);
  }

  /** A client adds an entry. */
  void write(PaperServer server, String entry) {
    server.entries.add(entry);
    Integer id = server.id;
    if (id != null) {
      server.vector.put(id, new Csn(++seconds, 0, id, 0));
    }
  }

  /** Changes go as far as they go. */
  void replicate() {
    deadFillers();
    boolean moved = true;
    while (moved) {
      moved = false;
      for (PaperServer from : servers.values()) {
        for (Order order : from.orders) {
          moved |= from.up && send(from, order);
        }
      }
    }
  }

  /** A filling ends with its supplier. */
  private void deadFillers() {
    for (PaperServer server : servers.values()) {
      if (server.filler != null && !server.filler.up) {
        breakOff(server);
      }
    }
  }

  /** One server answers nobody any more; another takes what has come for the whole. */
  void breakOff(PaperServer server) {
    PaperServer filler = server.filler;
    server.filler = null;
    if (filler == null || server.toString().hashCode() % 2 == 0) {
      return;
    }
    server.filling = false;
    server.half = true;
    server.entries.addAll(new ArrayList<>(filler.entries).subList(0, filler.entries.size() / 2));
    server.vector.putAll(filler.vector);
    server.generation = filler.generation;
  }

  private boolean send(PaperServer from, Order order) {
    PaperServer to = order.to;
    if (!order.enabled || order.paused) {
      return false;
    }
    Status status =
        !to.up
            ? Status.UNREACHABLE
            : !to.account.equals(order.password)
                ? Status.CREDENTIALS
                : from.id != null && from.id.equals(to.id)
                    ? Status.SAME_ID
                    : from.purgedFor == to
                        ? Status.PURGED
                        : !from.generation.equals(to.generation) || to.filling
                            ? Status.OTHER_DATA
                            : from.reaches(to) ? Status.SUCCEEDED : Status.STALLED;
    boolean changed = order.status != status;
    order.status = status;
    // A supplier that got nowhere pauses, here until somebody tells it to go on.
    order.paused =
        status == Status.UNREACHABLE || status == Status.OTHER_DATA || status == Status.STALLED;
    if (status != Status.SUCCEEDED) {
      return changed;
    }
    changed |= to.entries.addAll(from.entries);
    for (Map.Entry<Integer, @Nullable Csn> one : from.vector.entrySet()) {
      Csn theirs = one.getValue();
      Csn ours = to.vector.get(one.getKey());
      if (!to.vector.containsKey(one.getKey())
          || (theirs != null && (ours == null || ours.compareTo(theirs) < 0))) {
        to.vector.put(one.getKey(), theirs);
        changed = true;
      }
    }
    return changed;
  }

  DirectoryFacts look(PaperServer server) {
    deadFillers();
    SortedMap<Integer, Vector.Element> elements = new TreeMap<>();
    server.vector.forEach((id, csn) -> {
      if (!server.quiet.contains(id)) {
        elements.put(id, new Vector.Element("", csn));
      }
    });
    Integer id = server.id;
    boolean others = server.vector.keySet().stream().anyMatch(one -> !one.equals(id));
    return new DirectoryFacts(
        "paper",
        true,
        server.filling,
        others || server.filling ? -1 : server.entries.size(),
        id == null
            ? null
            : new Replica(
                id,
                true,
                !server.account.isEmpty(),
                server.account.equals(password) ? Credentials.CURRENT : Credentials.OTHER,
                Details.NONE),
        new Vector(server.generation, elements),
        server.orders.stream().map(order -> agreement(server, order)).toList(),
        List.of(),
        server.machine,
        changelog,
        0);
  }

  private Agreement agreement(PaperServer from, Order order) {
    Server to = order.to.where;
    boolean member = named.stream().anyMatch(server -> server.id().equals(to.id()));
    return new Agreement(
        order.name,
        member ? to.id() : null,
        to.host(),
        to.port(),
        Security.PLAIN,
        order.bindDn,
        order.owned && order.password.equals(password)
            ? Credentials.CURRENT
            : order.owned ? Credentials.OTHER : Credentials.UNKNOWN,
        order.owned,
        order.enabled,
        order.to.filler == from,
        order.status,
        order.status.name());
  }

  /** Whether the server follows a newer epoch; if not, it follows this one from now on. */
  @Nullable Stamp newer(PaperServer server, Stamp stamp) {
    if (server.epoch > stamp.epoch()) {
      return new Stamp(server.epoch, 0);
    }
    server.epoch = stamp.epoch();
    return null;
  }

  /** The first half of a filling: the consumer is empty from here on. */
  @Nullable Outcome begin(Step step) {
    PaperServer server = servers.get(step.member());
    if (server == null || !server.up) {
      return new Outcome.Failed(step.member() + " does not answer");
    }
    if (!step.act().equals(Acts.INITIALISE)) {
      return null;
    }
    PaperServer to = get(step.arguments().need(Acts.TO));
    String expect = step.arguments().need(Acts.EXPECT);
    Order order = server.order(to);
    if (!to.up) {
      return new Outcome.Failed(to + " does not answer");
    }
    if (order == null || !order.password.equals(to.account)) {
      return new Outcome.Failed(to + " refuses " + server);
    }
    if (!server.generation.equals(step.arguments().need(Acts.GENERATION))) {
      return new Outcome.Failed(server + " holds " + server.generation);
    }
    deadFillers();
    if (to.filler != null) {
      return new Outcome.Failed(to + " is being filled by another");
    }
    boolean half = to.generation.equals(server.generation) && server.covers(to);
    if (expect.equals("empty") && !half && to.entries.size() > 1) {
      return new Outcome.Failed(to + " is not empty");
    }
    if (expect.equals("same") && !half) {
      return new Outcome.Failed(to + " holds other data, or more");
    }
    if (!expect.equals("any")
        && !withoutSuffix(server.entries).containsAll(withoutSuffix(to.entries))) {
      wrong.add(server + " was poured over " + to + ", which had more");
    }
    writes.add("fill " + to + " from " + server);
    fillings.add(server + ">" + to);
    to.empty();
    to.filling = true;
    to.filler = server;
    return null;
  }

  private static SortedSet<String> withoutSuffix(SortedSet<String> entries) {
    SortedSet<String> rest = new TreeSet<>(entries);
    rest.remove(PaperServer.SUFFIX);
    return rest;
  }

  /** The effect. */
  Outcome end(Step step) {
    PaperServer server = servers.get(step.member());
    if (server == null || !server.up) {
      return new Outcome.Unknown(step.member() + " went away");
    }
    if (!step.act().equals(Acts.DIGEST_OF) && !step.act().equals(Acts.INITIALISE)) {
      writes.add(step.key());
    }
    // What is made cannot part anybody; who is being taken in is not joined yet.
    boolean takes = step.act().equals(Acts.UNLINK) || step.act().equals(Acts.RETIRE);
    boolean before = takes && connected();
    Outcome outcome = done(server, step);
    if (before && !connected()) {
      wrong.add("not connected any more after: " + step.sentence() + ", " + proof().sentence());
    }
    replicate();
    return outcome;
  }

  private Outcome done(PaperServer server, Step step) {
    Details arguments = step.arguments();
    return switch (step.act()) {
      case Acts.PREPARE -> prepare(server, Integer.parseInt(arguments.need(Acts.ID)));
      case Acts.LINK -> link(server, arguments);
      case Acts.UNLINK -> unlink(server, arguments);
      case Acts.INITIALISE -> filled(server, get(arguments.need(Acts.TO)));
      case Acts.POKE -> {
        for (Order order : server.orders) {
          order.paused &=
              !List.of(arguments.need(Acts.TO).split(",")).contains(order.to.toString());
        }
        yield new Outcome.Done(Details.NONE);
      }
      case Acts.CLEAN -> clean(Integer.parseInt(arguments.need(Acts.ID)));
      case Acts.RETIRE -> {
        server.id = null;
        server.orders.removeIf(order -> order.owned);
        server.generation = "";
        server.vector.clear();
        yield new Outcome.Done(Details.NONE);
      }
      case Acts.ADOPT -> {
        Order order = server.order(get(arguments.need(Acts.TO)));
        if (order != null) {
          order.owned = true;
        }
        yield new Outcome.Done(Details.NONE);
      }
      case Acts.ROTATE -> {
        server.account = password;
        server.orders.stream()
            .filter(order -> order.owned)
            .forEach(order -> order.password = password);
        yield new Outcome.Done(Details.NONE);
      }
      case Acts.CANARY -> canary(server, arguments);
      case Acts.DIGEST_OF ->
          new Outcome.Done(
              Details.of(Acts.ENTRIES, server.entries.size())
                  .with(Acts.DIGEST, Integer.toHexString(server.entries.hashCode())));
      default -> throw new AssertionError(step.act());
    };
  }

  private Outcome prepare(PaperServer server, int id) {
    if (server.id == null) {
      MemberId owner = idsEver.putIfAbsent(id, server.name());
      if (owner != null && !owner.equals(server.name())) {
        wrong.add("id " + id + " of " + owner + " was given to " + server);
      }
      server.id = id;
    }
    if (server.generation.isEmpty()) {
      server.generation = "g" + ++generations;
    }
    if (!server.vector.containsKey(server.id)) {
      server.vector.put(server.id, null);
    }
    if (server.account.isEmpty()) {
      server.account = password;
    }
    return new Outcome.Done(
        Details.of(Acts.ID, server.id).with(Acts.GENERATION, server.generation));
  }

  private Outcome link(PaperServer server, Details arguments) {
    PaperServer to = at(arguments.need(Acts.HOST));
    if (to == null || server.id == null) {
      return new Outcome.Failed(server + " has no replica entry");
    }
    Order order = server.order(to);
    if (order == null) {
      order = new Order("cotidal-" + to, to, true);
      server.orders.add(order);
    } else if (!order.owned) {
      wrong.add("a foreign agreement of " + server + " was changed");
    }
    order.enabled = true;
    order.bindDn = Paper.ACCOUNT;
    order.password = password;
    order.paused = false;
    return new Outcome.Done(Details.NONE);
  }

  private Outcome unlink(PaperServer server, Details arguments) {
    PaperServer to = at(arguments.need(Acts.HOST));
    Order order = to == null ? null : server.order(to);
    if (order != null && !order.owned) {
      wrong.add("a foreign agreement of " + server + " was taken away");
    }
    server.orders.remove(order);
    return new Outcome.Done(Details.NONE);
  }

  Outcome filled(PaperServer from, PaperServer to) {
    if (to.filler != from) {
      return new Outcome.Failed("the filling of " + to + " was broken off");
    }
    to.filling = false;
    to.filler = null;
    to.half = false;
    to.entries.addAll(from.entries);
    to.vector.putAll(from.vector);
    from.vector.forEach((replica, csn) -> {
      if (csn != null) {
        to.begins.put(replica, csn);
      }
    });
    to.generation = from.generation;
    Integer id = to.id;
    if (id != null) {
      to.vector.putIfAbsent(id, null);
    }
    from.purgedFor = from.purgedFor == to ? null : from.purgedFor;
    Order order = from.order(to);
    if (order != null) {
      order.paused = false;
    }
    return new Outcome.Done(Details.of(Acts.GENERATION, to.generation));
  }

  private Outcome clean(int id) {
    for (Server one : named) {
      PaperServer server = servers.get(one.id());
      if (server != null && !server.up) {
        wrong.add("the clean-up of " + id + " began while " + server + " was away");
        return new Outcome.Unknown("it waits for " + server);
      }
    }
    servers.values().stream()
        .filter(server -> named.contains(server.where))
        .forEach(server -> server.vector.remove(id));
    return new Outcome.Done(Details.NONE);
  }

  private Outcome canary(PaperServer server, Details arguments) {
    String canary = "canary of " + server;
    write(server, canary);
    replicate();
    Details evidence = Details.NONE;
    for (String name : arguments.need(Acts.MEMBERS).split(",")) {
      if (!get(name).entries.contains(canary)) {
        return new Outcome.Failed("what was written at " + server + " is not seen at " + name);
      }
      evidence = evidence.with("millis." + name, 1);
    }
    servers.values().forEach(one -> one.entries.remove(canary));
    return new Outcome.Done(evidence);
  }

  Inspection inspect(Step step) {
    PaperServer server = servers.get(step.member());
    Details arguments = step.arguments();
    if (server == null || !server.up) {
      return new Inspection.Unknown(step.member() + " does not answer");
    }
    PaperServer to = arguments.has(Acts.TO) ? servers.get(maybe(arguments.need(Acts.TO))) : null;
    boolean applied =
        switch (step.act()) {
          case Acts.PREPARE -> server.id != null && !server.account.isEmpty();
          case Acts.LINK -> to != null && server.order(to) != null;
          case Acts.UNLINK -> to != null && server.order(to) == null;
          case Acts.INITIALISE ->
              to != null && !to.half && to.generation.equals(arguments.need(Acts.GENERATION));
          case Acts.CLEAN ->
              servers.values().stream()
                  .filter(one -> named.contains(one.where))
                  .noneMatch(
                      one -> one.vector.containsKey(Integer.parseInt(arguments.need(Acts.ID))));
          case Acts.RETIRE -> server.id == null;
          case Acts.ADOPT -> to != null && server.order(to) != null;
          default -> false;
        };
    Details evidence =
        server.id == null
            ? Details.NONE
            : Details.of(Acts.ID, server.id).with(Acts.GENERATION, server.generation);
    return applied
        ? new Inspection.Applied(evidence)
        : new Inspection.NotApplied("it is not there");
  }

  private static MemberId maybe(String names) {
    return new MemberId(names.split(",")[0]);
  }

  /** Whoever was filled when everybody died is filled all the same, or answers nobody since. */
  void brokenOff() {
    servers.values().forEach(this::breakOff);
  }

  boolean connected() {
    return proof().members() > 1 && proof().connected();
  }

  /** Of those who are named and hold what most hold. */
  Proof proof() {
    SortedSet<MemberId> members = new TreeSet<>();
    List<Edge> edges = new ArrayList<>();
    for (Server one : named) {
      PaperServer server = servers.get(one.id());
      if (server != null && !server.orders.isEmpty()) {
        members.add(one.id());
        server.orders.forEach(order -> edges.add(new Edge(server.name(), order.to.name())));
      }
    }
    return Proof.of(members, edges);
  }
}
