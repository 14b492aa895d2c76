package io.cotidal.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Seeded histories of gateways that carry beside each other, are cut off and are killed. */
@Timeout(60)
@DisplayName("gateways on paper")
final class RelayHistoriesTest {
  private static final int HISTORIES = 400;
  private static final List<MemberId> THREE =
      List.of(new MemberId("east"), new MemberId("west"), new MemberId("north"));

  /** One history. */
  private static final class Story {
    private final long seed;
    private final Random chance;
    private final PaperSites sites;
    private final List<PaperGateway> gateways;
    private long now = 170_000_000_000_000L;
    private int writes;

    Story(long seed) {
      this(seed, 0);
    }

    /**
     * A story.
     *
     * @param twins how many more gateways stand before the first site
     */
    Story(long seed, int twins) {
      this.seed = seed;
      this.chance = new Random(seed);
      this.sites = new PaperSites(THREE.subList(0, 2 + chance.nextInt(2)));
      this.gateways =
          Stream.concat(sites.names.stream(), Stream.generate(sites.names::getFirst).limit(twins))
              .map(site -> new PaperGateway(site, sites, chance.nextInt(200_000)))
              .toList();
    }

    private PaperGateway any() {
      return gateways.get(chance.nextInt(gateways.size()));
    }

    /** A client's request at that site. */
    void change(PaperGateway gateway) {
      now += 1 + chance.nextInt(1_000);
      gateway.client(now, chance, ++writes);
    }

    /** Changes, cuts, kills and steps, as chance has it. */
    void happen() {
      for (int i = 0; i < 120; i++) {
        switch (chance.nextInt(12)) {
          case 0, 1 -> change(any());
          case 2 -> sites.cut = chance.nextInt(3) > 0;
          case 3 -> any().crash();
          default -> any().step(++now);
        }
      }
    }

    void settle() {
      sites.cut = false;
      for (int i = 0; i < 2_000 && gateways.stream().anyMatch(PaperGateway::open); i++) {
        now++;
        any().step(now);
      }
      assertThat(gateways).as("seed %d: all is over", seed).noneMatch(PaperGateway::open);
    }

    void same() {
      assertThat(sites.same())
          .as(() -> "seed " + seed + ": " + sites.names.stream().map(sites::container).toList())
          .isTrue();
    }
  }

  @Test
  @DisplayName("objects/S9: whatever happens meanwhile, in the end all sites are the same")
  void converge() {
    long first = System.nanoTime();
    for (int history = 0; history < HISTORIES; history++) {
      Story story = new Story(first + history);
      story.happen();
      story.settle();
      story.same();
    }
  }

  @Test
  @DisplayName("two gateways before one site: in the end all sites are the same")
  void twins() {
    long first = System.nanoTime();
    for (int history = 0; history < HISTORIES; history++) {
      Story story = new Story(first + history, 1);
      story.happen();
      story.settle();
      story.same();
    }
  }

  @Test
  @DisplayName("one change after the other: each holds everywhere, and nobody is overruled")
  void sequence() {
    long first = System.nanoTime();
    for (int history = 0; history < HISTORIES; history++) {
      Story story = new Story(first + history);
      for (int i = 0; i < 12; i++) {
        PaperGateway gateway = story.any();
        int many = 1 + story.chance.nextInt(3);
        for (int j = 0; j < many; j++) {
          story.change(gateway);
        }
        Optional<Map<String, String>> wanted = own(story, gateway);
        if (story.chance.nextInt(3) == 0) {
          gateway.step(++story.now);
          gateway.crash();
        }
        story.settle();
        story.same();
        assertThat(own(story, gateway)).as("seed %d", story.seed).isEqualTo(wanted);
        assertThat(gateway.overruled).as("seed %d", story.seed).isEmpty();
      }
    }
  }

  @Test
  @DisplayName(
      "objects/S9: two changes while cut off: the one with the later stamp holds, and is told")
  void later() {
    long first = System.nanoTime();
    for (int history = 0; history < HISTORIES; history++) {
      Story story = new Story(first + history);
      story.sites.put(story.sites.names.getFirst(), Map.of());
      story.gateways.getFirst().client(story.now, () -> {});
      story.settle();
      story.sites.cut = true;
      for (int i = 0; i < 2; i++) {
        PaperGateway gateway = story.gateways.get(i);
        String value = "from " + i;
        story.now += 1_000;
        gateway.client(
            story.now, () -> story.sites.put(gateway.here, Map.of("x-container-meta-a", value)));
      }
      // Each has left its stamp at its own site.
      for (PaperGateway gateway : story.gateways) {
        for (int i = 0; i < 4; i++) {
          gateway.step(++story.now);
        }
      }
      Timestamp east = story.sites.shelves.get(THREE.get(0));
      Timestamp west = story.sites.shelves.get(THREE.get(1));
      boolean eastLater = east.after(west);
      story.settle();
      story.same();
      if (east.equals(west)) {
        // Neither is later, so either may hold: the same everywhere, and told.
        assertThat(story.gateways.stream().flatMap(each -> each.overruled.stream()))
            .as("seed %d", story.seed)
            .isNotEmpty();
        continue;
      }
      assertThat(own(story, story.gateways.getFirst()).orElseThrow())
          .as("seed %d", story.seed)
          .containsEntry("x-container-meta-a", eastLater ? "from 0" : "from 1");
      assertThat(story.gateways.stream().flatMap(each -> each.overruled.stream()))
          .as("seed %d", story.seed)
          .isNotEmpty()
          .allMatch(each -> each.winner().equals(THREE.get(eastLater ? 0 : 1)));
    }
  }

  @Test
  @DisplayName("what clients of one site set while its gateway is at work there is never lost")
  void beside() {
    long first = System.nanoTime();
    for (int history = 0; history < HISTORIES; history++) {
      Story story = new Story(first + history);
      PaperGateway gateway = story.gateways.getFirst();
      Map<String, String> wanted = new TreeMap<>();
      for (int i = 0; i < 60; i++) {
        switch (story.chance.nextInt(8)) {
          case 0 -> {
            String name =
                "x-container-" + List.of("sync-key", "meta-a").get(story.chance.nextInt(2));
            wanted.put(name, "client's " + i);
            Map<String, String> set = Map.of(name, "client's " + i);
            gateway.client(++story.now, () -> story.sites.put(gateway.here, set));
          }
          case 1 -> story.sites.cut = story.chance.nextInt(3) > 0;
          case 2 -> story.any().crash();
          default -> story.any().step(++story.now);
        }
      }
      story.settle();
      story.same();
      assertThat(story.sites.container(gateway.here).orElse(Map.of()))
          .as("seed %d", story.seed)
          .containsAllEntriesOf(wanted);
    }
  }

  /** Without the key, which nobody changed who is a client. */
  private static Optional<Map<String, String>> own(Story story, PaperGateway gateway) {
    return story
        .sites
        .container(gateway.here)
        .map(all -> {
          Map<String, String> less = new TreeMap<>(all);
          less.remove("x-container-sync-key");
          return less;
        });
  }
}
