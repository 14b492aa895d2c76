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
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.SlotNames;
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

    boolean primary() {
      return running && !recovering;
    }
  }

  final Map<MemberId, Node> nodes = new TreeMap<>();

  /** Empty unless a test puts some there. */
  final PaperProxies proxies = new PaperProxies();

  final List<MemberId> promotions = new ArrayList<>();
  final List<String> wrong = new ArrayList<>();
  private long branches = 1;

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
    Node from = node.upstream == null ? null : nodes.get(node.upstream);
    return from != null
        && from.reachable
        && node.reachable
        && node.running
        && node.recovering
        && from.primary()
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
            !node.recovering),
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
      case Acts.STOP -> {
        if (node.primary()) {
          proxies.checkStop(Objects.requireNonNull(step.member()), wrong);
        }
        yield stop(node);
      }
      case Acts.FENCE -> {
        node.control = node.primary() ? "in production" : node.control;
        node.running = false;
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
      case Acts.AWAIT_FLUSH, Acts.CHECKPOINT -> new Outcome.Done(Details.NONE);
      default -> throw new IllegalArgumentException("no act " + step.act());
    };
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
    node.slots.clear();
    slot(node.upstream, step.member());
    receive(node);
    boolean well = !step.arguments().get(Acts.STREAM, "").equals("true") || streams(node);
    return well ? new Outcome.Done(where(node)) : failed("it does not stream");
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
      case Acts.INIT, Acts.CLONE, Acts.REWIND -> answer(node.copied.equals(step.key()), node);
      case Acts.START, Acts.FOLLOW -> answer(follows, node);
      case Acts.STOP -> node.running ? answer(false, node) : new Inspection.Applied(stopped(node));
      case Acts.FENCE -> node.running ? answer(false, node) : new Inspection.Applied(proof());
      case Acts.CUT_OFF -> answer(node.running && node.recovering && node.upstream == null, node);
      case Acts.PROMOTE ->
          node.running ? answer(!node.recovering, node) : new Inspection.Unknown("it does not run");
      case Acts.SET_QUORUM -> answer(node.sync.equals(sync(step)), node);
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
