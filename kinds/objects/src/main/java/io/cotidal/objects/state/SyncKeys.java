package io.cotidal.objects.state;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.state.Overruled.Sort;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which sync key a container has at every site. It is made once; one that somebody else put in its
 * place is taken everywhere.
 */
final class SyncKeys {
  private final Situation situation;
  private final Agreed agreed;
  private final Map<MemberId, Secret> keys = new LinkedHashMap<>();
  private final List<MemberId> present;

  SyncKeys(Situation situation, Agreed agreed, List<MemberId> present) {
    this.situation = situation;
    this.agreed = agreed;
    this.present = present;
    for (MemberId site : present) {
      Living.seen(situation, site).state().syncKey().ifPresent(key -> keys.put(site, key));
    }
  }

  /** The key; empty if only a site that cannot be read now may have it. */
  Optional<Secret> chosen(List<Overruled> overruled) {
    if (keys.isEmpty()) {
      boolean elsewhere =
          !agreed.key().isEmpty()
              && situation.placed().stream()
                  .anyMatch(site ->
                      !present.contains(site)
                          && agreed.held(site).filter(had -> !had.key().isEmpty()).isPresent());
      return elsewhere ? Optional.empty() : Optional.of(situation.terms().key());
    }
    List<MemberId> changed = keys.keySet().stream().filter(this::changed).toList();
    MemberId winner =
        changed.stream()
            .findFirst()
            .or(() -> keys.keySet().stream().filter(this::current).findFirst())
            .orElseGet(() -> keys.keySet().iterator().next());
    Secret key = key(winner);
    for (MemberId site : changed) {
      if (!key(site).equals(key)) {
        overruled.add(Overruled.of(Sort.KEY, winner, site));
      }
    }
    return Optional.of(key);
  }

  private Secret key(MemberId site) {
    return Optional.ofNullable(keys.get(site)).orElseThrow();
  }

  private String mark(MemberId site) {
    return Imprint.of(situation.name(), Headers.SYNC_KEY, key(site));
  }

  /** Whether somebody gave it another key than we know, and none that is meant for it. */
  private boolean changed(MemberId site) {
    return !current(site)
        && !agreed.held(site).map(Agreed.Base.Held::key).orElse("").equals(mark(site));
  }

  private boolean current(MemberId site) {
    return agreed.key().equals(mark(site));
  }
}
