package io.cotidal.objects.world;

import io.cotidal.objects.agree.Book;
import io.cotidal.objects.agree.Departure;
import io.cotidal.objects.agree.Finding;
import io.cotidal.objects.agree.Tally;
import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.Parting;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Verdict;
import io.cotidal.objects.names.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A world whose rules change: sites are left, give their copies up, and are named again. */
final class LeavingWorld extends World {
  /** What we sent and what arrives later than we think. */
  private final List<Runnable> late = new ArrayList<>();

  private final Set<FakeSite> left = new HashSet<>();

  private final Map<Op, FakeSite> where = new HashMap<>();

  private List<String> why = List.of();
  int withdrawn;
  int asked;

  LeavingWorld(long seed, Books books) {
    super(seed, books);
    while (sites.size() < 3) {
      sites.add(new FakeSite());
    }
    placed = Set.copyOf(sites);
  }

  @Override
  void run() throws Exception {
    calm = true;
    pass();
    calm = false;
    int rounds = 3 + random.nextInt(8);
    for (int i = 0; i < rounds; i++) {
      happen(random.nextInt(8));
      sites.forEach(site -> site.reachable = random.nextInt(5) != 0);
      sites.forEach(site -> site.lagging = random.nextInt(4) == 0);
      if (random.nextInt(2) == 0) {
        placed = some();
      }
      arrange();
      if (random.nextInt(5) != 0) {
        pass();
      }
      if (random.nextInt(3) != 0) {
        withdraw();
      }
    }
    rest();
    for (int i = 0; at.size() > placed.size(); i++) {
      if (i == 12) {
        throw new AssertionError("nobody leaves: " + why);
      }
      withdraw();
      rest();
    }
  }

  /** Until nothing is left to do but to withdraw. */
  void rest() throws Exception {
    calm = true;
    late.forEach(Runnable::run);
    late.clear();
    for (FakeSite site : sites) {
      site.reachable = true;
      site.lagging = false;
      site.list();
    }
    arrange();
    Tally last = pass();
    for (int i = 0; last == null || !last.equalEverywhere(); i++) {
      if (i == 20) {
        throw new AssertionError("does not come to rest: " + last);
      }
      tick();
      last = pass();
    }
  }

  /** All are named again. */
  void back() throws Exception {
    placed = Set.copyOf(sites);
    rest();
  }

  private Set<FakeSite> some() {
    Set<FakeSite> chosen = new HashSet<>();
    chosen.add(sites.get(random.nextInt(sites.size())));
    sites.stream().filter(_ -> random.nextInt(3) != 0).forEach(chosen::add);
    return Set.copyOf(chosen);
  }

  /** The container is made where it is to be. */
  private void arrange() {
    for (FakeSite site : sites) {
      if (!placed.contains(site)) {
        left.add(site);
      } else if (site.reachable) {
        site.there = true;
      }
    }
    at = sites.stream().filter(site -> site.there || placed.contains(site)).toList();
  }

  @Override
  void done(int at, String name, String hash) {
    int before = ops(name);
    super.done(at, name, hash);
    if (ops(name) > before) {
      where.put(history.get(name).getLast(), sites.get(at));
    }
  }

  /**
   * Whether a deletion has to win: it was at a site that was always one of the rules', and knew of
   * all that had been written.
   */
  boolean sure(Op deletion) {
    return !left.contains(where.get(deletion))
        && history.get(deletion.name()).stream()
            .allMatch(op -> op.equals(deletion) || deletion.past().contains(op));
  }

  private int ops(String name) {
    return history.getOrDefault(name, List.of()).size();
  }

  @Override
  void disturb() {
    if (!calm && !late.isEmpty() && random.nextInt(20) == 0) {
      late.remove(random.nextInt(late.size())).run();
    }
    super.disturb();
  }

  /** One site gives its copy up, or a part of it. */
  void withdraw() throws Exception {
    List<FakeSite> leaving = at.stream().filter(site -> !placed.contains(site)).toList();
    if (leaving.isEmpty() || !placed.stream().allMatch(site -> site.there)) {
      return;
    }
    FakeSite site = leaving.get(random.nextInt(leaving.size()));
    int number = at.indexOf(site);
    try (Book book = books.open(called());
        Departure walk = new Departure(book, listings(), placed(), number)) {
      int most = 1 + random.nextInt(4);
      List<Parting.Goes> batch = new ArrayList<>();
      for (Parting.Goes one = walk.next(); one != null; one = walk.next()) {
        batch.add(one);
        if (batch.size() >= most) {
          leave(walk, batch, number);
          batch.clear();
        }
        disturb();
      }
      leave(walk, batch, number);
      why = walk.why();
      if (walk.whole()) {
        disturb();
        site.there = !(site.reachable && site.empty());
        arrange();
      }
    } catch (Killed _) {
      killed = true;
    }
  }

  private void leave(Departure walk, List<Parting.Goes> batch, int number) throws Exception {
    FakeSite site = at.get(number);
    List<Parting.Goes> sure = new ArrayList<>();
    for (Parting.Goes one : batch) {
      if (sure(one, site)) {
        told(one, number);
        sure.add(one);
      } else {
        walk.stays(one.row().name(), "it is another one");
      }
    }
    walk.turn(sure);
    disturb();
    for (Parting.Goes one : sure) {
      switch (delete(site, one)) {
        case DONE -> withdrawn++;
        case NEWER -> walk.back(one, "newer");
        case UNKNOWN -> walk.stays(one.row().name(), "unknown");
        case NOTHING -> {
          if (one.latest()) {
            probe(walk, one, number);
          }
        }
      }
      disturb();
    }
  }

  /** As the sites themselves say. */
  private boolean sure(Parting.Goes one, FakeSite site) {
    Agreed agreed = one.turned();
    boolean there = shows(site, one.row().name(), one.row().written(), one.row().hash());
    return there
        && placed.stream()
            .allMatch(other -> shows(other, one.row().name(), agreed.written(), agreed.hash()));
  }

  private static boolean shows(FakeSite site, String name, Timestamp written, String hash) {
    FakeSite.Cell cell = site.alive(name);
    return site.up() && cell != null && cell.written().equals(written) && hash.equals(cell.hash());
  }

  private void told(Parting.Goes one, int number) {
    if (!one.losers().isEmpty()) {
      Key key = new Key(one.row().name(), "");
      Verdict verdict =
          new Verdict.Delete(
              SiteSet.of(number), one.stamp(), SiteSet.NONE, one.losers(), List.of(), false);
      write(new Finding(1, key, verdict), SiteSet.NONE);
    }
  }

  private enum Answer {
    DONE,
    NEWER,
    NOTHING,
    UNKNOWN
  }

  private Answer delete(FakeSite site, Parting.Goes one) {
    String name = one.row().name();
    if (!site.up()) {
      return Answer.UNKNOWN;
    }
    if (!calm && random.nextInt(10) == 0) {
      late.add(() -> site.delete(name, one.stamp()));
      return Answer.UNKNOWN;
    }
    boolean alive = site.alive(name) != null;
    boolean deleted = site.delete(name, one.stamp());
    if (!calm && random.nextInt(10) == 0) {
      // Its copies do not agree, or an answer was lost.
      return random.nextBoolean() && alive == deleted ? Answer.NOTHING : Answer.UNKNOWN;
    }
    return !alive ? Answer.NOTHING : deleted ? Answer.DONE : Answer.NEWER;
  }

  private void probe(Departure walk, Parting.Goes one, int number) throws Exception {
    asked++;
    FakeSite site = at.get(number);
    String name = one.row().name();
    Parting.Goes next = one.again(number);
    walk.turn(List.of(next));
    disturb();
    @Nullable FakeSite other =
        placed.stream().filter(each -> each.alive(name) != null).findAny().orElse(null);
    if (other == null || !site.up() || !other.up()) {
      walk.stays(name, "it cannot be asked");
      return;
    }
    FakeSite.@Nullable Cell source = other.alive(name);
    if (source == null || !source.written().equals(next.turned().written())) {
      walk.stays(name, "it was written anew");
      return;
    }
    boolean put =
        site.alive(name) == null
            && site.copy(name, new FakeSite.Cell(one.probe(), source.hash(), source.op()));
    disturb();
    if (put) {
      if (delete(site, next) == Answer.NEWER) {
        walk.back(next, "newer");
      }
    } else {
      walk.back(next, "a client was first");
    }
  }
}
