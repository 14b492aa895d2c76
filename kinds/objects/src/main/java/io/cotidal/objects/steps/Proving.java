package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.model.Progress;
import io.cotidal.objects.listing.ListingTrouble;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.prove.Digest;
import io.cotidal.objects.state.Look;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares every listing of every site, and signs what was found: a file of JSON lines, first what
 * was asked, then a line for each container, last the sum of all.
 */
final class Proving {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int NAMED = 50;

  private final Bench bench;

  Proving(Bench bench) {
    this.bench = bench;
  }

  /**
   * What is to be proved.
   *
   * @param only one container; empty for everything
   */
  record Order(Optional<ContainerName> only, Consumer<Progress> progress, Deadline deadline) {}

  /**
   * What was proved.
   *
   * @param differing containers that are not the same everywhere
   */
  record Done(Path report, long containers, long differing, boolean equal) {}

  Done prove(Order order) throws IOException, InterruptedException {
    Path folder = Layout.made(Layout.proofs(bench.spec()));
    ProofKey key = ProofKey.open(folder);
    String name = "proof-" + STAMP.format(bench.clock().instant());
    Path fresh = folder.resolve(name + ".new");
    Sum sum = new Sum();
    try (BufferedWriter out = Files.newBufferedWriter(fresh)) {
      line(out, about(order));
      write(out, order, sum);
      line(out, sum.shown(bench));
    }
    Durable.sync(fresh);
    Path report = folder.resolve(name + ".jsonl");
    Durable.write(
        folder.resolve(name + ".jsonl" + Proofs.ENDING),
        key.sign(Proofs.message(fresh)) + "\n",
        null,
        "rw-r--r--");
    Files.move(fresh, report);
    Durable.sync(folder);
    return new Done(report, sum.containers, sum.differing, sum.equal());
  }

  private static final class Sum {
    private final Map<MemberId, String> unread = new TreeMap<>();
    private long containers;
    private long differing;
    private long unknown;
    private long objects;
    private long bytes;

    boolean equal() {
      return differing == 0 && unknown == 0 && unread.isEmpty();
    }

    ObjectNode shown(Bench bench) {
      ObjectNode node = JSON.createObjectNode();
      node.put("ended", bench.clock().instant().toString());
      node.put("containers", containers);
      node.put("differing", differing);
      node.put("unknown", unknown);
      node.put("objects", objects);
      node.put("bytes", bytes);
      ObjectNode silent = node.putObject("unread");
      unread.forEach((site, why) -> silent.put(site.name(), why));
      node.put("equal", equal());
      return node;
    }
  }

  private ObjectNode about(Order order) {
    ObjectNode node = JSON.createObjectNode();
    node.put("cotidal-proof", 1);
    node.put("namespace", bench.spec().id().name());
    node.put("started", bench.clock().instant().toString());
    var sites = node.putArray("sites");
    bench.sites().keySet().forEach(site -> sites.add(site.name()));
    var accounts = node.putArray("accounts");
    order
        .only()
        .ifPresentOrElse(
            one -> node.put("container", one.toString()),
            () -> bench.spec().accounts().forEach(accounts::add));
    return node;
  }

  private static void line(BufferedWriter out, ObjectNode node) throws IOException {
    out.write(JSON.writeValueAsString(node));
    out.write('\n');
  }

  private void write(BufferedWriter out, Order order, Sum sum)
      throws IOException, InterruptedException {
    if (order.only().isPresent()) {
      container(out, order, order.only().get(), sum);
      return;
    }
    for (String account : bench.spec().accounts()) {
      Names names = new Names(bench.sites(), account, sum.unread, order.deadline());
      for (Optional<ContainerName> one = names.next(); one.isPresent(); one = names.next()) {
        container(out, order, one.get(), sum);
      }
    }
  }

  private void container(BufferedWriter out, Order order, ContainerName name, Sum sum)
      throws IOException, InterruptedException {
    Standing standing = bench.heads().read(name, sum.unread, Set.of(), order.deadline());
    ObjectNode node = JSON.createObjectNode();
    node.put("account", name.account());
    node.put("container", name.container());
    boolean moving = bench.turns().taken(name);
    Map<MemberId, Digest> digests = sites(node.putObject("at"), standing, order);
    boolean known = digests.size() == standing.present().size() && standing.unread().isEmpty();
    boolean same = standing.absent().isEmpty() && same(digests) && sameState(standing);
    if (!same(digests)) {
      differs(node, new Digests(bench, standing, order.deadline()), digests);
    }
    node.put("state", sameState(standing));
    node.put("in-flight", moving || bench.turns().taken(name));
    node.put("known", known);
    node.put("equal", known && same);
    line(out, node);
    sum.containers++;
    sum.differing += same ? 0 : 1;
    sum.unknown += known ? 0 : 1;
    sum.objects += digests.values().stream().mapToLong(Digest::rows).max().orElse(0);
    sum.bytes += digests.values().stream().mapToLong(Digest::bytes).max().orElse(0);
    order.progress().accept(new Progress(sum.containers, 0, "containers"));
  }

  private Map<MemberId, Digest> sites(ObjectNode at, Standing standing, Order order)
      throws InterruptedException {
    Map<MemberId, Digest> all = new LinkedHashMap<>();
    Digests reader = new Digests(bench, standing, order.deadline());
    for (MemberId site : standing.sites()) {
      ObjectNode node = at.putObject(site.name());
      node.put("began", bench.clock().instant().toString());
      Look look = standing.looks().getOrDefault(site, new Look.Unknown("it was not asked"));
      switch (look) {
        case Look.Absent _ -> node.put("absent", true);
        case Look.Unknown unknown -> node.put("unread", unknown.reason());
        case Look.Seen _ -> {
          try {
            Digest digest = reader.digest(site);
            node.put("objects", digest.rows());
            node.put("bytes", digest.bytes());
            node.put("sum", digest.sum());
            node.put("tree", digest.root().hash());
            all.put(site, digest);
          } catch (ListingTrouble e) {
            node.put("unread", e.getMessage());
          }
        }
      }
      node.put("ended", bench.clock().instant().toString());
    }
    return all;
  }

  private boolean sameState(Standing standing) {
    List<Object> states =
        standing.looks().values().stream()
            .<Object>mapMulti((look, each) -> {
              if (look instanceof Look.Seen seen) {
                each.accept(seen.state().imprint(standing.name()));
              }
            })
            .distinct()
            .toList();
    return states.size() <= 1;
  }

  private static boolean same(Map<MemberId, Digest> digests) {
    Iterator<Digest> all = digests.values().iterator();
    if (!all.hasNext()) {
      return true;
    }
    Digest first = all.next();
    while (all.hasNext()) {
      if (!first.same(all.next())) {
        return false;
      }
    }
    return true;
  }

  private static void differs(ObjectNode node, Digests reader, Map<MemberId, Digest> digests)
      throws InterruptedException {
    List<Map.Entry<MemberId, Digest>> all = List.copyOf(digests.entrySet());
    ObjectNode names = node.putObject("differs");
    try {
      for (Map.Entry<MemberId, Digest> other : all.subList(1, all.size())) {
        SortedMap<String, Map<MemberId, String>> found = reader.names(all.getFirst(), other, NAMED);
        found.forEach((name, at) -> {
          ObjectNode one = names.putObject(name);
          at.forEach((site, what) -> one.put(site.name(), what));
        });
      }
    } catch (ListingTrouble e) {
      node.put("names", "not all could be read: " + e.getMessage());
    }
  }
}
