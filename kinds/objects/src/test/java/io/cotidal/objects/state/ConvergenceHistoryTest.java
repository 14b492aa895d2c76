package io.cotidal.objects.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@DisplayName("histories of a container at two to four sites, with cuts and kills")
final class ConvergenceHistoryTest {
  private static final int HISTORIES = 500;

  /** One history, and what its clients were told. */
  private static final class History {
    private final Random random;
    private final String name;
    private final World world;
    private final Set<String> put = new HashSet<>();
    private final Set<String> deleted = new HashSet<>();
    private boolean created;
    private boolean containerDeleted;
    private int count;

    History(long seed) {
      random = new Random(seed);
      name = "seed " + seed;
      world = new World(2 + random.nextInt(3));
    }

    private MemberId any() {
      return world.sites.get(random.nextInt(world.sites.size()));
    }

    private void pass() {
      world.pass(random.nextInt(4) == 0 ? random.nextInt(4) : -1);
    }

    private void cuts() {
      if (random.nextInt(3) == 0) {
        MemberId site = any();
        if (!world.cut.remove(site)) {
          world.cut.add(site);
        }
      }
    }

    private void heal() {
      world.cut.clear();
      world.settle(name);
    }

    private void anything() {
      MemberId site = any();
      World.Copy copy = world.copies.get(site);
      switch (random.nextInt(7)) {
        case 0 -> {
          world.create(site, "v" + count++);
          created = true;
        }
        case 1, 2 -> {
          if (copy != null) {
            world.edit(site, "x-container-meta-b", random.nextBoolean() ? "v" + count++ : "");
          }
        }
        case 3, 4 -> {
          if (copy != null) {
            String object = "o" + count++;
            copy.objects.add(object);
            put.add(object);
          }
        }
        case 5 -> {
          if (copy != null && !copy.objects.isEmpty()) {
            String object = copy.objects.iterator().next();
            copy.objects.remove(object);
            deleted.add(object);
          }
        }
        default -> {
          if (copy != null && copy.objects.isEmpty()) {
            world.delete(site);
            containerDeleted = true;
          }
        }
      }
    }

    /** Everybody does what he likes. */
    void turmoil() {
      for (int i = random.nextInt(30); i >= 0; i--) {
        cuts();
        if (random.nextBoolean()) {
          anything();
        }
        if (random.nextBoolean()) {
          pass();
        }
      }
      heal();
      assertThat(world.shown()).as(name + ": all sites are the same").hasSize(1);
      String shown = world.shown().iterator().next();
      for (String object : put) {
        assertThat(shown.contains(object + ",") || shown.contains(object + "]"))
            .as("%s: object %s, deleted: %s, in %s", name, object, deleted.contains(object), shown)
            .isEqualTo(!deleted.contains(object));
      }
      if (created && !containerDeleted) {
        assertThat(shown).as(name + ": nobody deleted it").isNotEqualTo("absent");
      }
    }

    /** Only one site is written to: whatever happens to the others, its last word holds. */
    void oneWriter() {
      MemberId site = any();
      world.create(site, "v" + count++);
      created = true;
      world.settle(name);
      int before = world.ledger.size();
      String said = said(site);
      for (int i = random.nextInt(12); i >= 0; i--) {
        cuts();
        if (random.nextBoolean()) {
          String value = random.nextInt(3) == 0 ? "" : "w" + count++;
          world.edit(site, "x-container-meta-b", value);
          said = said(site);
        }
        pass();
      }
      heal();
      for (MemberId each : world.sites) {
        assertThat(said(each)).as(name + ": at " + each).isEqualTo(said);
      }
      assertThat(world.ledger.subList(before, world.ledger.size()))
          .as(name + ": nobody contradicted")
          .isEmpty();
    }

    private String said(MemberId site) {
      World.Copy copy = world.copies.get(site);
      return copy == null
          ? "absent"
          : ContainerState.of(copy.headers).imprint(World.NAME).toString();
    }

    /** Deleted when all were the same: it goes everywhere and stays away, until it is made anew. */
    void deletedAndMadeAnew() {
      MemberId site = any();
      world.create(site, "v" + count++);
      world.edit(site, "x-container-meta-old", "old");
      heal();
      World.Copy copy = world.copies.get(site);
      deleted.addAll(copy.objects);
      copy.objects.clear();
      world.delete(site);
      containerDeleted = true;
      for (int i = random.nextInt(8); i >= 0; i--) {
        cuts();
        pass();
      }
      if (random.nextBoolean()) {
        heal();
        assertThat(world.shown()).as(name + ": it is gone, and stays so").containsExactly("absent");
        if (random.nextBoolean()) {
          world.now += World.TOMBSTONES.toSeconds() * 100_000;
          world.settle(name);
          assertThat(world.agreed).as(name + ": the tombstone is forgotten in the end").isEmpty();
        }
      }
      world.cut.remove(site);
      pass();
      world.create(site, "new");
      for (int i = random.nextInt(8); i >= 0; i--) {
        cuts();
        pass();
      }
      heal();
      assertThat(world.shown()).as(name).hasSize(1);
      assertThat(world.shown().iterator().next())
          .as(name + ": nothing of the old one is in the new one")
          .startsWith("{x-container-meta-a=new}")
          .endsWith("[]");
    }
  }

  @Test
  @DisplayName("they become the same; no container, change or object is lost; nothing comes back")
  void histories() {
    long first = System.nanoTime();
    System.out.println("histories from seed " + first);
    for (long seed = first; seed < first + HISTORIES; seed++) {
      run(seed);
    }
  }

  private static void run(long seed) {
    History history = new History(seed);
    for (int i = 0; i < 3; i++) {
      switch (history.random.nextInt(3)) {
        case 0 -> history.turmoil();
        case 1 -> history.oneWriter();
        default -> history.deletedAndMadeAnew();
      }
    }
  }
}
