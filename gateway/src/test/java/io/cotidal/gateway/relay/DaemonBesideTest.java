package io.cotidal.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Seeded histories of gateways with a daemon beside them, in whatever order they act. */
@Timeout(60)
@DisplayName("gateways and the daemon on paper")
final class DaemonBesideTest {
  private static final int HISTORIES = 400;
  private static final List<MemberId> THREE =
      List.of(new MemberId("east"), new MemberId("west"), new MemberId("north"));

  /** Longer than a change is its gateway's business. */
  private static final long LATER = 6_100_000;

  /** One history. The daemon's clock may be ahead, so that it does not wait for gateways. */
  private static final class Story {
    private final long seed;
    private final Random chance;
    private final PaperSites sites;
    private final List<PaperGateway> gateways;
    private final PaperDaemon daemon;
    private final long ahead;
    private long now = 170_000_000_000_000L;
    private int writes;

    Story(long seed) {
      this.seed = seed;
      this.chance = new Random(seed);
      this.sites = new PaperSites(THREE.subList(0, 2 + chance.nextInt(2)));
      this.gateways =
          sites.names.stream()
              .map(site -> new PaperGateway(site, sites, chance.nextInt(200_000)))
              .toList();
      this.daemon = new PaperDaemon(sites.names.get(chance.nextInt(sites.names.size())), sites);
      this.ahead = chance.nextBoolean() ? 0 : LATER;
    }

    PaperGateway any() {
      return gateways.get(chance.nextInt(gateways.size()));
    }

    void daemon() {
      daemon.step(now + ahead);
    }

    /** Somebody acts. */
    void step() {
      now++;
      if (chance.nextInt(3) == 0) {
        daemon();
      } else {
        any().step(now);
      }
    }

    void change(PaperGateway gateway) {
      now += 1 + chance.nextInt(1_000);
      gateway.client(now, chance, ++writes);
    }

    private boolean open() {
      return gateways.stream().anyMatch(PaperGateway::open);
    }

    void settle() {
      sites.cut = false;
      for (int i = 0; i < 4_000 && open(); i++) {
        step();
      }
      assertThat(open()).as("seed %d: all is carried", seed).isFalse();
      // It has compared what gateways have carried: else a deletion beside that is overruled.
      int looks = 0;
      do {
        now += LATER;
        daemon();
      } while (++looks < 200 && !(daemon.settled() && sites.same()));
      assertThat(sites.same())
          .as(() -> "seed " + seed + ": " + sites.names.stream().map(sites::container).toList())
          .isTrue();
      assertThat(daemon.settled()).as("seed %d: nothing is left", seed).isTrue();
    }

    /** Without the key, which nobody changed who is a client. */
    Optional<Map<String, String>> own(MemberId site) {
      return sites
          .container(site)
          .map(all -> {
            Map<String, String> less = new TreeMap<>(all);
            less.remove("x-container-sync-key");
            return less;
          });
    }
  }

  @Test
  @DisplayName("whatever happens meanwhile, in the end all sites are the same")
  void converge() {
    long first = System.nanoTime();
    for (int history = 0; history < HISTORIES; history++) {
      Story story = new Story(first + history);
      for (int i = 0; i < 160; i++) {
        switch (story.chance.nextInt(14)) {
          case 0, 1 -> story.change(story.any());
          case 2 -> story.sites.cut = story.chance.nextInt(3) > 0;
          case 3 -> story.any().crash();
          case 4 -> story.daemon.crash();
          case 5 -> story.now += story.chance.nextInt(3) == 0 ? LATER : 0;
          default -> story.step();
        }
      }
      story.settle();
    }
  }

  @Test
  @DisplayName("one change after the other: each holds everywhere, whoever carries it")
  void sequence() {
    long first = System.nanoTime();
    for (int history = 0; history < HISTORIES; history++) {
      Story story = new Story(first + history);
      for (int i = 0; i < 12; i++) {
        PaperGateway gateway = story.any();
        int many = 1 + story.chance.nextInt(3);
        for (int j = 0; j < many; j++) {
          // Swift knows no condition on a change: what was decided before it is done before it.
          story.daemon.finish();
          story.change(gateway);
        }
        Optional<Map<String, String>> wanted = story.own(gateway.here);
        for (int j = story.chance.nextInt(6); j > 0; j--) {
          story.step();
        }
        if (story.chance.nextInt(3) == 0) {
          gateway.crash();
        }
        if (story.chance.nextInt(3) == 0) {
          story.daemon.crash();
        }
        story.settle();
        assertThat(story.own(gateway.here)).as("seed %d", story.seed).isEqualTo(wanted);
      }
    }
  }

  @Test
  @DisplayName(
      "objects/S9: two changes while cut off: the one with the later stamp holds, whoever decides")
  void later() {
    long first = System.nanoTime();
    for (int history = 0; history < HISTORIES; history++) {
      Story story = new Story(first + history);
      story.sites.put(THREE.getFirst(), Map.of());
      story.gateways.getFirst().client(story.now, () -> {});
      story.settle();
      story.sites.cut = true;
      for (int i = 0; i < 2; i++) {
        PaperGateway gateway = story.gateways.get(i);
        String value = "from " + i;
        story.now += 1_000;
        gateway.client(
            story.now, () -> story.sites.put(gateway.here, Map.of("x-container-meta-a", value)));
        // It has left its stamp at its own site, and reaches no other.
        for (int step = 0; step < 4; step++) {
          gateway.step(++story.now);
        }
      }
      boolean eastLater =
          story.sites.shelves.get(THREE.get(0)).after(story.sites.shelves.get(THREE.get(1)));
      story.settle();
      assertThat(story.own(THREE.getFirst()).orElseThrow())
          .as("seed %d", story.seed)
          .containsEntry("x-container-meta-a", eastLater ? "from 0" : "from 1");
      assertThat(
              Stream.concat(
                  story.daemon.overruled.stream(),
                  story.gateways.stream().flatMap(each -> each.overruled.stream())))
          .as("seed %d", story.seed)
          .isNotEmpty()
          .allMatch(each -> each.winner().equals(THREE.get(eastLater ? 0 : 1)));
    }
  }
}
