package io.cotidal.postgres.plan;

import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.guard.Guard;
import io.cotidal.postgres.losses.LossFacts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.SlotNames;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.SyncNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Three servers on paper: what each act does to them, and what a look then sees. */
final class PaperCluster {
  /** One server. Two timelines of one number are told apart by their branch. */
  static final class Node {
    boolean running;
    boolean recovering = true;
    boolean reachable = true;
    boolean promotable = true;
    boolean guardable = true;
    String data = "absent";
    String control = "shut down";
    String sync = "";
    String copied = "";
    long timeline;
    long branch;
    long baseBranch;
    long basePosition;
    long position;
    @Nullable MemberId upstream;
    final Set<String> slots = new TreeSet<>();
    final PaperSettings settings = new PaperSettings();
    final List<Guard> guards = new ArrayList<>();
    List<MemberId> guardians = List.of();

    boolean primary() {
      return running && !recovering;
    }
  }

  final Map<MemberId, Node> nodes = new TreeMap<>();

  /** Empty unless a test puts some there. */
  final PaperProxies proxies = new PaperProxies();

  final List<MemberId> promotions = new ArrayList<>();
  final List<String> wrong = new ArrayList<>();

  /** Base backups by name and repository; one that is taken twice is the same one. */
  final Set<String> taken = new TreeSet<>();

  /** Repositories that take nothing, by their numbers. */
  final Set<String> dead = new TreeSet<>();

  /** What was kept of logs, by its name. */
  final Set<String> folders = new TreeSet<>();

  /** Whether logs can be read. */
  boolean countable = true;

  private long branches = 1;

  /** Under which leadership acts come. */
  long epoch;

  PaperCluster() {
    List.of(Scene.A, Scene.B, Scene.C).forEach(id -> nodes.put(id, new Node()));
  }

  /** Member a is primary on timeline 3, the others follow. */
  PaperCluster whole() {
    nodes.forEach((id, node) -> {
      node.running = true;
      node.data = "present";
      node.timeline = 3;
      node.branch = 1;
      node.position = 1000;
      node.recovering = !id.equals(Scene.A);
      node.upstream = node.recovering ? Scene.A : null;
      slot(node.upstream, id);
    });
    return this;
  }

  /** Primaries write, and whoever streams receives it. */
  void write() {
    nodes.values().stream().filter(Node::primary).forEach(node -> node.position += 10);
    nodes.values().forEach(this::receive);
  }

  private void receive(Node node) {
    Node from = node.upstream == null ? null : nodes.get(node.upstream);
    if (from != null && streams(node)) {
      node.branch = from.branch;
      node.timeline = from.timeline;
      node.position = Math.max(node.position, from.position);
    }
  }

  boolean streams(Node node) {
    return streams(node, nodes.size());
  }

  private boolean streams(Node node, int most) {
    Node from = node.upstream == null ? null : nodes.get(node.upstream);
    return most > 0
        && from != null
        && from.reachable
        && node.reachable
        && node.running
        && node.recovering
        && (from.primary() || (from.running && streams(from, most - 1)))
        && (node.branch == from.branch
            || (node.branch == from.baseBranch && node.position <= from.basePosition));
  }

  boolean reachable(MemberId id) {
    return proxies.has(id) ? proxies.get(id).reachable : node(id).reachable;
  }

  Observation<PgFacts> look(MemberId id) {
    if (proxies.has(id)) {
      return proxies.look(id);
    }
    Node node = node(id);
    if (!node.reachable) {
      return new Observation.Silent<>(400 * Moment.MILLI, Host.UNKNOWN);
    }
    Details disk =
        Details.of(Acts.DATA, node.data)
            .with(Acts.CONTROL_STATE, node.control)
            .with(Acts.CAN_REWIND, "true");
    if (!node.running) {
      return new Observation.Refused<>(
          "connection refused", new Host(Host.Process.GONE, Stamp.NONE, disk));
    }
    PgFacts.Receiver receiver =
        streams(node) ? new PgFacts.Receiver("streaming", node.upstream, 5) : null;
    List<PgFacts.Sender> senders =
        nodes.entrySet().stream()
            .filter(one -> id.equals(one.getValue().upstream) && streams(one.getValue()))
            .map(one -> new PgFacts.Sender(one.getKey().name(), "streaming", node.position))
            .toList();
    return new Observation.Seen<>(
        new PgFacts(
                170000,
                7,
                node.recovering,
                node.timeline,
                node.position,
                node.position,
                node.upstream,
                receiver,
                senders,
                node.sync,
                List.copyOf(node.slots),
                !node.recovering)
            .set(node.settings.said())
            .guarded(node.guards),
        new Host(Host.Process.RUNNING, Stamp.NONE, disk));
  }

  private Node node(@Nullable MemberId id) {
    return Objects.requireNonNull(nodes.get(Objects.requireNonNull(id)));
  }

  private static Outcome failed(String why) {
    return new Outcome.Failed(why);
  }

  private static Details where(Node node) {
    return Details.of(Acts.TIMELINE, node.timeline).with(Acts.POSITION, node.position);
  }

  private static Details proof() {
    return Details.of(Acts.PROOF, "process gone");
  }

  private static @Nullable MemberId member(Step step, String name) {
    String value = step.arguments().get(name, "");
    return value.isEmpty() ? null : new MemberId(value);
  }

  private static String sync(Step step) {
    return SyncNames.text(
        Integer.parseInt(step.arguments().need(Acts.K)),
        Ledger.split(step.arguments().get(Acts.QUORUM, "")));
  }

  Outcome act(Step step) {
    if (proxies.has(step.member())) {
      return proxies.act(step);
    }
    Node node = node(step.member());
    if (!node.reachable) {
      return new Outcome.Unknown("no answer");
    }
    return switch (step.act()) {
      case Acts.INIT, Acts.CLONE, Acts.REWIND -> copy(step, node);
      case Acts.START -> start(step, node);
      case Acts.SETTINGS -> {
        node.settings.reload();
        yield new Outcome.Done(Details.NONE);
      }
      case Acts.STOP -> {
        if (!node.settings.declared.isEmpty()
            && nodes.values().stream().anyMatch(n -> !n.running)) {
          wrong.add(step.key() + " while another one is down");
        }
        if (node.primary()) {
          proxies.checkStop(Objects.requireNonNull(step.member()), wrong);
        }
        yield stop(node);
      }
      case Acts.FENCE -> {
        node.control = node.primary() ? "in production" : node.control;
        node.running = false;
        node.guards.clear();
        yield new Outcome.Done(proof());
      }
      case Acts.CUT_OFF -> {
        if (!node.running || !node.recovering) {
          yield failed("it is no running standby");
        }
        node.upstream = null;
        yield new Outcome.Done(where(node));
      }
      case Acts.PROMOTE -> promote(step, node);
      case Acts.FOLLOW -> {
        node.upstream = member(step, Acts.UPSTREAM);
        slot(node.upstream, step.member());
        receive(node);
        yield streams(node) ? new Outcome.Done(Details.NONE) : failed("it does not stream");
      }
      case Acts.SET_QUORUM -> {
        node.sync = sync(step);
        yield new Outcome.Done(where(node));
      }
      case Acts.SLOTS -> {
        Ledger.split(step.arguments().get(Acts.QUORUM, ""))
            .forEach(member -> slot(step.member(), member));
        Ledger.split(step.arguments().get(Acts.GONE, ""))
            .forEach(member -> node.slots.remove(SlotNames.of(member)));
        yield new Outcome.Done(Details.NONE);
      }
      case Acts.KEEP_TAIL -> keepTail(step, node);
      case Acts.AWAIT_FLUSH, Acts.CHECKPOINT, Acts.RESTORED, Acts.PRUNE ->
          new Outcome.Done(Details.NONE);
      case Acts.RESTORE_CHOOSE ->
          new Outcome.Done(
              Details.of(Acts.ID, "20260101T000000Z")
                  .with(Acts.TIMELINE, 1)
                  .with(Acts.POSITION, 90)
                  .with(Acts.BYTES, 1));
      case Acts.LAY -> copy(step, node);
      case Acts.RECOVER -> start(step, node);
      case Acts.PROVE -> {
        if (!node.running || !node.recovering) {
          wrong.add(step.key() + " of no standby");
        }
        yield new Outcome.Done(Details.NONE);
      }
      case Acts.BACKUP -> {
        if (dead.contains(step.arguments().need(Acts.REPOSITORY))) {
          yield failed("it is dead");
        }
        taken.add(step.arguments().need(Acts.ID) + " " + step.arguments().need(Acts.REPOSITORY));
        yield new Outcome.Done(Details.of(Acts.ENDED, 1_800_001_000_000_000L));
      }
      case Acts.ARCHIVE_LIST -> new Outcome.Done(Details.of(Acts.LIST, "end"));
      case Acts.GUARD -> {
        if (!node.guardable) {
          yield failed("it cannot be guarded");
        }
        node.guardians = Ledger.split(step.arguments().get(Acts.QUORUM, ""));
        node.guards.clear();
        node.guards.add(guard(step));
        yield new Outcome.Done(Details.NONE);
      }
      case Acts.UNGUARD -> {
        node.guards.clear();
        yield new Outcome.Done(Details.NONE);
      }
      case Acts.AWAIT_GUARD -> awaitGuard(step);
      default -> throw new IllegalArgumentException("no act " + step.act());
    };
  }

  private Guard guard(Step step) {
    Duration lease = Duration.ofMillis(Long.parseLong(step.arguments().need(Acts.LEASE)));
    return Guard.of(epoch, lease, Ledger.split(step.arguments().get(Acts.QUORUM, "")));
  }

  /** Time passes; a guard that is there, and that one of its own does not vouch to, has acted. */
  private Outcome awaitGuard(Step step) {
    Node old = node(member(step, Acts.FROM));
    MemberId here = Objects.requireNonNull(step.member());
    if (old.primary() && (old.guards.isEmpty() || !old.guardians.contains(here))) {
      wrong.add(step.key() + " though no guard counts on it");
    }
    if (old.primary() && !old.guards.isEmpty() && node(here).upstream == null) {
      old.running = false;
      old.control = "in production";
      old.guards.clear();
    }
    return new Outcome.Done(proof());
  }

  /** Counts as often as it is asked to, as long as the log is there. */
  private Outcome keepTail(Step step, Node node) {
    if (node.running) {
      wrong.add(step.key() + " of a running server");
    }
    if (!node.copied.isEmpty()) {
      wrong.add(step.key() + " after " + node.copied);
    }
    folders.add(step.arguments().need(Acts.ID));
    return countable
        ? new Outcome.Done(
            LossFacts.nothing(
                    new LossFacts.Origin(
                        step.arguments().need(Acts.ID),
                        Objects.requireNonNull(step.member()).name(),
                        step.arguments().need(Acts.FROM),
                        Long.parseLong(step.arguments().need(Acts.TIMELINE)),
                        "2026-01-01T00:00:00Z",
                        false))
                .with("transactions", 3))
        : failed("the disk cannot be read");
  }

  private void slot(@Nullable MemberId upstream, @Nullable MemberId member) {
    if (upstream != null && member != null && !upstream.equals(member)) {
      node(upstream).slots.add(SlotNames.of(member));
    }
  }

  private Outcome copy(Step step, Node node) {
    if (node.running) {
      wrong.add(step.key() + " on a running server");
    }
    MemberId from = member(step, Acts.FROM);
    node.branch = from == null ? 1 : node(from).branch;
    node.timeline = from == null ? 1 : node(from).timeline;
    node.position = from == null ? 100 : node(from).position;
    node.data = "present";
    node.control = "shut down in recovery";
    node.upstream = null;
    node.copied = step.key();
    return new Outcome.Done(Details.NONE);
  }

  private Outcome start(Step step, Node node) {
    if (!node.data.equals("present")) {
      wrong.add(step.key() + " with data " + node.data);
      return failed("no data");
    }
    node.running = true;
    node.recovering = true;
    node.sync = "";
    node.control = "in archive recovery";
    node.copied = "";
    node.upstream = member(step, Acts.UPSTREAM);
    Details kept =
        node.settings.start(
            fresh(step), node.upstream == null ? null : node(node.upstream).settings);
    node.slots.clear();
    slot(node.upstream, step.member());
    receive(node);
    boolean well = !step.arguments().get(Acts.STREAM, "").equals("true") || streams(node);
    return well ? new Outcome.Done(where(node).with(kept)) : failed("it does not stream");
  }

  private static boolean fresh(Step step) {
    return step.arguments().get(Acts.SETTINGS, "").equals(Acts.NEW);
  }

  private Outcome stop(Node node) {
    if (!node.running && node.control.equals("in production")) {
      return failed("it was not stopped in order");
    }
    if (node.primary()) {
      node.position += 8;
      nodes.values().forEach(this::receive);
      node.control = "shut down";
    } else {
      node.control = "shut down in recovery";
    }
    node.running = false;
    node.guards.clear();
    return new Outcome.Done(stopped(node));
  }

  private static Details stopped(Node node) {
    return where(node).with(Acts.POSITION, node.position - 8).with(proof());
  }

  private Outcome promote(Step step, Node node) {
    if (!node.running) {
      return failed("it does not run");
    }
    if (!node.promotable) {
      return failed("the disk is full");
    }
    if (!node.recovering) {
      wrong.add(step.key() + " a second time");
    }
    boolean waits = !step.arguments().get(Acts.K, "0").equals("0");
    if (!waits && nodes.values().stream().anyMatch(Node::primary)) {
      wrong.add(step.key() + " beside another that waits for nobody");
    }
    promotions.add(Objects.requireNonNull(step.member()));
    node.baseBranch = node.branch;
    node.basePosition = node.position;
    node.branch = ++branches;
    node.timeline++;
    node.position += 5;
    node.recovering = false;
    node.upstream = null;
    node.sync = sync(step);
    Ledger.split(step.arguments().get(Acts.QUORUM, ""))
        .forEach(member -> slot(step.member(), member));
    return new Outcome.Done(where(node));
  }

  Inspection inspect(Step step) {
    if (proxies.has(step.member())) {
      return proxies.inspect(step);
    }
    Node node = node(step.member());
    if (!node.reachable) {
      return new Inspection.Unknown("no answer");
    }
    boolean follows =
        node.running
            && node.recovering
            && Objects.equals(node.upstream, member(step, Acts.UPSTREAM))
            && (!step.arguments().get(Acts.STREAM, "").equals("true") || streams(node));
    return switch (step.act()) {
      case Acts.INIT, Acts.CLONE, Acts.REWIND, Acts.LAY ->
          answer(node.copied.equals(step.key()), node);
      case Acts.RECOVER -> answer(node.running && node.recovering && node.upstream == null, node);
      case Acts.START ->
          follows
              ? new Inspection.Applied(where(node).with(node.settings.waiting(fresh(step))))
              : answer(false, node);
      case Acts.FOLLOW -> answer(follows, node);
      case Acts.STOP -> node.running ? answer(false, node) : new Inspection.Applied(stopped(node));
      case Acts.FENCE -> node.running ? answer(false, node) : new Inspection.Applied(proof());
      case Acts.CUT_OFF -> answer(node.running && node.recovering && node.upstream == null, node);
      case Acts.PROMOTE ->
          node.running ? answer(!node.recovering, node) : new Inspection.Unknown("it does not run");
      case Acts.SET_QUORUM -> answer(node.sync.equals(sync(step)), node);
      case Acts.SETTINGS -> answer(node.settings.reloaded(), node);
      case Acts.GUARD -> answer(node.guards.equals(List.of(guard(step))), node);
      case Acts.UNGUARD -> answer(node.guards.isEmpty(), node);
      default -> answer(false, node);
    };
  }

  private static Inspection answer(boolean applied, Node node) {
    return applied
        ? new Inspection.Applied(where(node))
        : new Inspection.NotApplied("it is not so");
  }

  /** What would make an acknowledged commit unknown to a choice by {@code ledger}. */
  void checkQuorum(Ledger ledger) {
    Node primary = ledger.primary().map(nodes::get).orElse(null);
    if (primary == null || !primary.primary() || ledger.k() == 0 || primary.sync.isEmpty()) {
      if (primary != null && primary.primary() && ledger.k() > 0) {
        wrong.add("commits wait for nobody, the ledger says " + ledger);
      }
      return;
    }
    int k = Integer.parseInt(primary.sync.replaceAll("ANY (\\d+) .*", "$1"));
    List<MemberId> list =
        Ledger.split(primary.sync.replaceAll("^ANY \\d+ \\(|[\")]", "").replace(" ", ""));
    if (!ledger.quorum().containsAll(list) || k < ledger.k()) {
      wrong.add("commits wait for " + primary.sync + ", the ledger says " + ledger);
    }
  }
}
