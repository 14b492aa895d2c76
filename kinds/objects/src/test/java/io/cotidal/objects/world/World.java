package io.cotidal.objects.world;

import io.cotidal.objects.agree.Book;
import io.cotidal.objects.agree.Finding;
import io.cotidal.objects.agree.Pass;
import io.cotidal.objects.agree.Tally;
import io.cotidal.objects.agree.Terms;
import io.cotidal.objects.compare.Brake;
import io.cotidal.objects.compare.RowSource;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.ledger.Entry;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sites, clients and a pass, all from one seed. */
class World {
  /** Where a book comes from after a kill. */
  interface Books {
    Book open(List<String> sites) throws IOException;
  }

  private static final ContainerName CONTAINER = new ContainerName("AUTH_test", "c");

  final Random random;
  final List<FakeSite> sites = new ArrayList<>();
  final Map<String, List<Op>> history = new HashMap<>();
  final Set<String> ledger = new HashSet<>();

  /** What the listing of its site did not show at once. */
  final Set<Op> hidden = new HashSet<>();

  boolean killed;
  final Books books;

  /** Those that the pass is over. */
  List<FakeSite> at;

  /** Those of them that are to have the container. */
  Set<FakeSite> placed;

  private final List<String> names = new ArrayList<>();
  private long now = 170_000_000_000_000L;
  private int ids;
  boolean calm;

  World(long seed, Books books) {
    this.random = new Random(seed);
    this.books = books;
    int count = 2 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      sites.add(new FakeSite());
    }
    this.at = sites;
    this.placed = Set.copyOf(sites);
    int objects = 1 + random.nextInt(8);
    for (int i = 0; i < objects; i++) {
      names.add("o" + i);
    }
  }

  Timestamp now() {
    return new Timestamp(now);
  }

  void tick() {
    now += 1000;
  }

  /** Everything, until all is quiet. */
  void run() throws Exception {
    calm = true;
    pass();
    calm = false;
    int rounds = 2 + random.nextInt(6);
    for (int i = 0; i < rounds; i++) {
      happen(random.nextInt(10));
      sites.forEach(site -> site.reachable = random.nextInt(4) != 0);
      sites.forEach(site -> site.lagging = random.nextInt(5) == 0);
      pass();
    }
    calm = true;
    for (FakeSite site : sites) {
      site.reachable = true;
      site.lagging = false;
      site.list();
    }
    Tally last = pass();
    for (int i = 0; last == null || !last.equalEverywhere(); i++) {
      if (i == 12) {
        throw new AssertionError("does not come to rest: " + last);
      }
      last = pass();
    }
  }

  void happen(int times) {
    for (int i = 0; i < times; i++) {
      client();
    }
  }

  /** A client writes, posts or deletes at some site, sometimes two at the same moment. */
  void client() {
    now += 3 + random.nextInt(1000);
    String name = names.get(random.nextInt(names.size()));
    int at = random.nextInt(sites.size());
    FakeSite.Cell cell = sites.get(at).alive(name);
    int what = random.nextInt(10);
    if (what < 3 && cell != null) {
      done(at, name, "");
    } else if (what == 3 && cell != null && cell.hash() != null) {
      done(at, name, cell.hash());
    } else {
      done(at, name, fresh());
      if (random.nextInt(8) == 0) {
        done((at + 1) % sites.size(), name, fresh());
      }
    }
  }

  private String fresh() {
    return String.format("%032x", random.nextInt(1 << 20) * 100_000L + ids);
  }

  void done(int at, String name, String hash) {
    FakeSite site = sites.get(at);
    FakeSite.Cell cell = site.cells.get(name);
    Set<Op> past = new HashSet<>();
    if (cell != null && cell.op() != null) {
      past.add(cell.op());
      past.addAll(cell.op().past());
    }
    Op op = site.client(new Op(++ids, name, now(), hash, past));
    if (op != null) {
      history.computeIfAbsent(name, _ -> new ArrayList<>()).add(op);
      if (site.lagging) {
        hidden.add(op);
      }
    }
  }

  /** One pass, or a part of one. Null if it was killed. */
  @Nullable Tally pass() throws Exception {
    Book book = books.open(called());
    List<RowSource> listings = listings();
    Terms terms =
        new Terms(placed(), Duration.ofSeconds(2), Duration.ofDays(14), new Brake(0, 1, 0));
    Mover mover = new Mover(this);
    try (book;
        Pass pass = new Pass(book, listings, terms)) {
      List<Finding> open = new ArrayList<>();
      int most = 1 + random.nextInt(5);
      while (true) {
        disturb();
        Finding finding = pass.next(now());
        if (finding != null) {
          open.add(finding);
        } else if (open.isEmpty()) {
          break;
        }
        if (finding == null || open.size() >= most) {
          Finding one = open.remove(random.nextInt(open.size()));
          var outcome = mover.act(one);
          disturb();
          pass.settle(one, outcome, now());
        }
        if (!calm && random.nextInt(30) == 0) {
          pass.pause();
        }
      }
      return pass.finish();
    } catch (Killed _) {
      killed = true;
      return null;
    }
  }

  List<RowSource> listings() {
    List<RowSource> listings = new ArrayList<>();
    Random breaks = calm ? new NoBreaks() : random;
    at.forEach(site -> listings.add(site.listing(breaks)));
    return listings;
  }

  List<String> called() {
    return at.stream().map(site -> "s" + sites.indexOf(site)).toList();
  }

  SiteSet placed() {
    SiteSet set = SiteSet.NONE;
    for (int i = 0; i < at.size(); i++) {
      set = placed.contains(at.get(i)) ? set.with(i) : set;
    }
    return set;
  }

  /** Between any two things something else may happen. */
  void disturb() {
    if (calm) {
      return;
    }
    if (random.nextInt(25) == 0) {
      throw new Killed();
    }
    if (random.nextInt(15) == 0) {
      client();
    }
    if (random.nextInt(25) == 0) {
      FakeSite site = sites.get(random.nextInt(sites.size()));
      site.reachable = !site.reachable;
    }
    if (random.nextInt(25) == 0) {
      sites.get(random.nextInt(sites.size())).list();
    }
  }

  void write(Finding finding, SiteSet deleted) {
    var about = new Entry.About(CONTAINER, called(), finding.key(), now().instant());
    for (Entry entry : Entry.of(about, finding.verdict(), deleted)) {
      entry.lost().ifPresent(lost -> ledger.add(entry.name() + lost.written() + lost.hash()));
    }
  }

  /** The process is gone. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("killed", null, false, false);
    }
  }

  /** A source of chance that breaks nothing. */
  private static final class NoBreaks extends Random {
    private static final long serialVersionUID = 1L;

    @Override
    public int nextInt(int bound) {
      return bound - 1;
    }
  }
}
