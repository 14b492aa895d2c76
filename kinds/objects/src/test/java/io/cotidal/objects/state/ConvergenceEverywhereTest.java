package io.cotidal.objects.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every look by every memory, also those that no history leads to: a file may be an old one. */
@Timeout(120)
@DisplayName("every look at three sites by everything that may have been agreed before")
final class ConvergenceEverywhereTest {
  private static final List<String> LOOKS = List.of("absent", "unknown", "one", "two", "fresh");
  private static final List<String> BASES = List.of("never", "gone", "one", "two", "unsure");
  private static final List<String> FORMS = List.of("nothing", "one", "two", "tombstone");
  private static final int SITES = 3;

  private static Imprint imprint(String value) {
    return new Imprint(new TreeMap<>(Map.of("x-container-meta-a", value)));
  }

  private static World world(int looks, int bases, String form) {
    World world = new World(SITES);
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

  private static void base(TreeMap<MemberId, Agreed.Base> had, MemberId site, String base) {
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

  private static int power(int base) {
    int all = 1;
    for (int i = 0; i < SITES; i++) {
      all *= base;
    }
    return all;
  }

  @Test
  @DisplayName("comes to rest, the same at every site that answers, and loses no fresh object")
  void all() {
    for (int looks = 0; looks < power(LOOKS.size()); looks++) {
      for (int bases = 0; bases < power(BASES.size()); bases++) {
        for (String form : FORMS) {
          if (form.equals("nothing") && bases > 0) {
            continue;
          }
          check(looks, bases, form);
        }
      }
    }
  }

  private static void check(int looks, int bases, String form) {
    String what = "looks " + looks + ", bases " + bases + ", " + form;
    World world = world(looks, bases, form);
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
