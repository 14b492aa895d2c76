package io.cotidal.objects.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every look by every memory, also those that no history leads to: a file may be an old one. */
@Timeout(120)
@DisplayName(
    "every look at two sites by everything that may have been agreed before, and many at three")
final class ConvergenceEverywhereTest {
  private static final List<String> LOOKS = List.of("absent", "unknown", "one", "two", "fresh");
  private static final List<String> BASES = List.of("never", "gone", "one", "two", "unsure");
  private static final List<String> FORMS = List.of("nothing", "one", "two", "tombstone");

  /** Of three sites; all 46,900 take minutes. */
  private static final int DRAWN = 5_000;

  private static Imprint imprint(String value) {
    return new Imprint(new TreeMap<>(Map.of("x-container-meta-a", value)));
  }

  private static World world(int sites, int looks, int bases, String form) {
    World world = new World(sites);
    TreeMap<MemberId, Agreed.Base> had = new TreeMap<>();
    int look = looks;
    int base = bases;
    for (MemberId site : world.sites) {
      look(world, site, LOOKS.get(look % LOOKS.size()));
      base(had, site, BASES.get(base % BASES.size()));
      look /= LOOKS.size();
      base /= BASES.size();
    }
    if (!form.equals("nothing")) {
      Agreed.Form agreed =
          form.equals("tombstone")
              ? new Agreed.Form.Tombstone(new Timestamp(world.now))
              : new Agreed.Form.Live(imprint(form));
      world.agreed = Optional.of(new Agreed(agreed, "", had));
    }
    return world;
  }

  private static void look(World world, MemberId site, String look) {
    switch (look) {
      case "absent" -> {
        // Nothing is there.
      }
      case "unknown" -> {
        world.create(site, "one");
        world.cut.add(site);
      }
      case "fresh" -> {
        world.create(site, "one");
        world.copies.get(site).objects.add("fresh-" + site);
      }
      default -> world.create(site, look);
    }
  }

  private static void base(SortedMap<MemberId, Agreed.Base> had, MemberId site, String base) {
    switch (base) {
      case "never" -> {
        // It never had it.
      }
      case "gone" -> had.put(site, new Agreed.Base.Gone());
      default ->
          had.put(
              site,
              new Agreed.Base.Held(
                  imprint(base.equals("unsure") ? "one" : base),
                  Optional.empty(),
                  "",
                  "gold",
                  "",
                  !base.equals("unsure")));
    }
  }

  private static int power(int base, int sites) {
    int all = 1;
    for (int i = 0; i < sites; i++) {
      all *= base;
    }
    return all;
  }

  @Test
  @DisplayName("comes to rest, the same at every site that answers, and loses no fresh object")
  void all() {
    for (int looks = 0; looks < power(LOOKS.size(), 2); looks++) {
      for (int bases = 0; bases < power(BASES.size(), 2); bases++) {
        for (String form : FORMS) {
          check(2, looks, bases, form);
        }
      }
    }
  }

  @Test
  @DisplayName("so do three")
  void three() {
    long seed = System.nanoTime();
    System.out.println("three sites by seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < DRAWN; i++) {
      check(
          3,
          random.nextInt(power(LOOKS.size(), 3)),
          random.nextInt(power(BASES.size(), 3)),
          FORMS.get(random.nextInt(FORMS.size())));
    }
  }

  private static void check(int sites, int looks, int bases, String form) {
    String what = "looks " + looks + ", bases " + bases + ", " + form + " at " + sites;
    World world = world(sites, looks, bases, form);
    List<String> fresh = new ArrayList<>();
    world.copies.forEach((site, copy) -> {
      if (!world.cut.contains(site)) {
        fresh.addAll(copy.objects);
      }
    });
    world.settle(what);
    List<String> answering =
        world.sites.stream().filter(site -> !world.cut.contains(site)).map(world::shown).toList();
    boolean waits =
        world.pass(-1).acts().stream()
            .anyMatch(act -> act instanceof Act.Hold && !world.cut.contains(act.site()));
    if (!waits) {
      assertThat(answering.stream().distinct().toList()).as(what).hasSizeLessThanOrEqualTo(1);
    }
    world.cut.clear();
    world.settle(what);
    assertThat(world.shown()).as(what).hasSize(1);
    assertThat(world.pass(-1).settled()).as(what).isTrue();
    String shown = world.shown().iterator().next();
    fresh.forEach(object -> assertThat(shown).as(what).contains(object));
  }
}
