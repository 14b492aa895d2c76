package io.cotidal.objects.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Sites as Swift behaves, with one container, and the mover's part of the work. */
final class World {
  static final ContainerName NAME = new ContainerName("AUTH_test", "c");
  static final Duration TOMBSTONES = Duration.ofDays(14);

  /** A site's copy. */
  static final class Copy {
    Map<String, String> headers = new TreeMap<>();
    int written;
    Set<String> objects = new TreeSet<>();
  }

  final List<MemberId> sites;
  final Map<MemberId, Copy> copies = new HashMap<>();
  final Set<MemberId> cut = new HashSet<>();
  final Map<String, Set<MemberId>> agreedObjects = new HashMap<>();
  final Set<String> deletedObjects = new HashSet<>();
  final List<Overruled> ledger = new ArrayList<>();
  Optional<Agreed> agreed = Optional.empty();
  long now = 100_000L * 1_700_000_000L;
  int writes;
  int keys;

  World(int sites) {
    this.sites = List.of("a", "b", "c", "d").subList(0, sites).stream().map(MemberId::new).toList();
  }

  Look look(MemberId site) {
    if (cut.contains(site)) {
      return new Look.Unknown("it does not answer");
    }
    Copy copy = copies.get(site);
    if (copy == null) {
      return new Look.Absent();
    }
    return new Look.Seen(
        ContainerState.of(copy.headers),
        "written " + copy.written,
        copy.objects.size(),
        copy.objects.size() * 10L);
  }

  Situation situation() {
    Map<MemberId, Look> looks = new HashMap<>();
    sites.forEach(site -> looks.put(site, look(site)));
    return new Situation(
        NAME,
        sites,
        looks,
        agreed,
        new Situation.Hints(Map.of(), contents()),
        new Situation.Terms(
            new Timestamp(now),
            TOMBSTONES,
            new Secret("fresh" + keys++),
            new Policies(new TreeMap<>())));
  }

  /** As the comparison of listings tells it, of sites that can be read. */
  private Map<MemberId, Contents> contents() {
    Set<MemberId> without = new HashSet<>();
    for (MemberId site : sites) {
      boolean gone =
          agreed.flatMap(each -> each.base(site)).orElse(null) instanceof Agreed.Base.Gone;
      if (gone || (!cut.contains(site) && !copies.containsKey(site))) {
        without.add(site);
      }
    }
    Map<MemberId, Contents> contents = new HashMap<>();
    copies.forEach((site, copy) -> {
      if (!cut.contains(site)) {
        long stale = copy.objects.stream().filter(each -> stale(each, without)).count();
        contents.put(site, new Contents(stale, copy.objects.size() - stale));
      }
    });
    return contents;
  }

  private boolean stale(String object, Set<MemberId> without) {
    return deletedObjects.contains(object)
        || agreedObjects.getOrDefault(object, Set.of()).stream().anyMatch(without::contains);
  }

  /** One pass; {@code crash} acts are done, the last of them not noted; below 0 for all. */
  Decision pass(int crash) {
    now += 100_000;
    Situation situation = situation();
    Decision decision = Convergence.decide(situation);
    assertThat(Convergence.decide(situation)).isEqualTo(decision);
    ledger.addAll(decision.overruled());
    agreed = decision.agreed().map(each -> AgreedText.read(NAME, AgreedText.write(NAME, each)));
    assertThat(agreed).isEqualTo(decision.agreed());
    int done = 0;
    for (Act act : decision.acts()) {
      if (crash == 0) {
        return decision;
      }
      if (!(act instanceof Act.Hold)) {
        assertThat(cut).as("nothing is done where nobody can look").doesNotContain(act.site());
      }
      boolean acknowledged = apply(act, situation);
      if (acknowledged && !(act instanceof Act.Drain)) {
        assertThat(state(act.outcome(situation.look(act.site()))))
            .as("what comes of: %s", act.sentence())
            .isEqualTo(state(look(act.site())));
      }
      done++;
      if (done == crash) {
        return decision;
      }
      if (acknowledged) {
        agreed = agreed.map(each -> each.after(act));
      }
    }
    if (agreed.filter(each -> each.form() instanceof Agreed.Form.Live).isPresent()) {
      moveObjects();
    }
    return decision;
  }

  private static Optional<ContainerState> state(Look look) {
    return look instanceof Look.Seen seen ? Optional.of(seen.state()) : Optional.empty();
  }

  private boolean apply(Act act, Situation situation) {
    MemberId site = act.site();
    switch (act) {
      case Act.Create create -> put(site, create.policy(), create.change());
      case Act.Undelete create -> put(site, create.policy(), create.change());
      case Act.Post post -> {
        for (Change change : post.requests()) {
          request(site, change);
        }
      }
      case Act.Delete _ -> {
        if (!copies.get(site).objects.isEmpty()) {
          return false;
        }
        copies.remove(site);
      }
      case Act.Drain _ -> {
        Set<MemberId> without = new HashSet<>(sites);
        without.removeIf(each ->
            !(situation.look(each) instanceof Look.Absent)
                && !(agreed.flatMap(one -> one.base(each)).orElse(null)
                    instanceof Agreed.Base.Gone));
        Set<String> objects = copies.get(site).objects;
        objects.removeIf(each -> {
          boolean stale = stale(each, without);
          if (stale) {
            deletedObjects.add(each);
          }
          return stale;
        });
        return true;
      }
      case Act.Hold _ -> {
        return false;
      }
    }
    return true;
  }

  private void put(MemberId site, String policy, Change change) {
    // A policy that is asked for must be the one that is there, or Swift refuses.
    Copy copy = copies.computeIfAbsent(site, each -> new Copy());
    copy.headers.putIfAbsent("x-storage-policy", policy);
    request(site, change);
  }

  private void request(MemberId site, Change change) {
    Copy copy = copies.get(site);
    copy.written = ++writes;
    change
        .headers()
        .forEach((name, value) -> {
          if (name.startsWith("x-remove-")) {
            copy.headers.remove("x-" + name.substring("x-remove-".length()));
          } else {
            copy.headers.put(name, value.reveal());
          }
        });
  }

  /** What the mover does between sites that have it. */
  private void moveObjects() {
    List<MemberId> open =
        sites.stream().filter(site -> !cut.contains(site) && copies.containsKey(site)).toList();
    Set<String> all = new TreeSet<>();
    open.forEach(site -> all.addAll(copies.get(site).objects));
    for (String object : all) {
      Set<MemberId> had = agreedObjects.computeIfAbsent(object, each -> new HashSet<>());
      boolean deleted =
          deletedObjects.contains(object)
              || open.stream()
                  .anyMatch(
                      site -> had.contains(site) && !copies.get(site).objects.contains(object));
      if (deleted) {
        deletedObjects.add(object);
        open.forEach(site -> copies.get(site).objects.remove(object));
      } else {
        open.forEach(site -> copies.get(site).objects.add(object));
        had.addAll(open);
      }
    }
  }

  /** Passes until nothing is left to do. */
  void settle(String what) {
    for (int i = 0; i < 12; i++) {
      Decision decision = pass(-1);
      boolean quiet = decision.acts().stream().allMatch(act -> act instanceof Act.Hold);
      if (quiet && pass(-1).acts().stream().allMatch(act -> act instanceof Act.Hold)) {
        return;
      }
    }
    assertThat(pass(-1).acts()).as(what + ": it comes to rest").isEmpty();
  }

  /** What a client does at a site. */
  void create(MemberId site, String meta) {
    Copy copy = copies.computeIfAbsent(site, each -> new Copy());
    copy.written = ++writes;
    copy.headers.put("x-container-meta-a", meta);
    copy.headers.put("x-storage-policy", "gold");
  }

  void edit(MemberId site, String header, String value) {
    Copy copy = copies.get(site);
    copy.written = ++writes;
    if (value.isEmpty()) {
      copy.headers.remove(header);
    } else {
      copy.headers.put(header, value);
    }
  }

  void delete(MemberId site) {
    copies.remove(site);
  }

  /** What everybody can see of a site: nothing, or headers without keys and objects. */
  String shown(MemberId site) {
    Copy copy = copies.get(site);
    if (copy == null) {
      return "absent";
    }
    return ContainerState.of(copy.headers).imprint(NAME).shown()
        + " "
        + copy.headers.get("x-container-sync-key")
        + " "
        + copy.objects;
  }

  Set<String> shown() {
    Set<String> shown = new TreeSet<>();
    sites.forEach(site -> shown.add(shown(site)));
    return shown;
  }
}
