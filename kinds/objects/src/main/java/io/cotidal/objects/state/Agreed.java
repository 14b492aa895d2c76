package io.cotidal.objects.state;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.Timestamp;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What was last agreed of a container. Sites come to it one after the other; each has what it is
 * known to have had, so that what a client changes there later is told from what we have not
 * brought there yet.
 *
 * @param form what it is to be everywhere
 * @param key the mark of the sync key that it is to have; empty if it has none yet
 * @param bases what each site is known to have had; a site that is missing never had it
 */
public record Agreed(Form form, String key, SortedMap<MemberId, Base> bases) {
  /** Copies the map. */
  public Agreed {
    bases = Collections.unmodifiableSortedMap(new TreeMap<>(bases));
  }

  /** What it is to be. */
  public sealed interface Form {
    /** There, with that state. */
    record Live(Imprint state) implements Form {}

    /** Deleted, which was agreed at that time of ours. */
    record Tombstone(Timestamp at) implements Form {}
  }

  /** What a site is known to have had. */
  public sealed interface Base {
    /**
     * It had it, or we were about to make it.
     *
     * @param due what we were about to make of it, if nobody knows whether that was done
     * @param key the mark of its sync key; empty for none
     * @param policy its storage policy
     * @param written when it was last put or posted there; empty if that is not known, as after a
     *     write of ours
     * @param sure whether it is known to be there: if not, its absence is no deletion
     */
    record Held(
        Imprint state,
        Optional<Imprint> due,
        String key,
        String policy,
        String written,
        boolean sure)
        implements Base {
      /** The same, while we make something else of it. */
      Held becoming(Imprint next) {
        return new Held(state, Optional.of(next), key, policy, "", sure);
      }

      /** The same, where we may have deleted it or not. */
      Held unsure() {
        return new Held(state, due, key, policy, written, false);
      }
    }

    /** The deletion has come there. */
    record Gone() implements Base {}
  }

  /** The base of that site. */
  public Optional<Base> base(MemberId site) {
    return Optional.ofNullable(bases.get(site));
  }

  /** Whether that site is known to have had it: its absence is a deletion then. */
  public boolean had(MemberId site) {
    return held(site).filter(Base.Held::sure).isPresent();
  }

  /** What that site had, if it had it. */
  Optional<Base.Held> held(MemberId site) {
    return bases.get(site) instanceof Base.Held held ? Optional.of(held) : Optional.empty();
  }

  /** Whether somebody but us made of that site's container what it is now. */
  boolean changed(MemberId site, Imprint now) {
    return switch (bases.get(site)) {
      case Base.Held held -> !held.state().equals(now) && held.due().filter(now::equals).isEmpty();
      case Base.Gone _ -> true;
      case null -> true;
    };
  }

  /**
   * The same without a site: before its copy is withdrawn, or else its absence would read as a
   * deletion.
   */
  public Agreed without(MemberId site) {
    return only(each -> !each.equals(site));
  }

  Agreed only(Predicate<MemberId> sites) {
    TreeMap<MemberId, Base> left = new TreeMap<>(bases);
    left.keySet().removeIf(sites.negate());
    return new Agreed(form, key, left);
  }

  /** The same, where each copy may have been deleted by us without our knowing. */
  Agreed unsure() {
    TreeMap<MemberId, Base> all = new TreeMap<>();
    bases.forEach((site, base) -> {
      switch (base) {
        case Base.Held held -> all.put(site, held.unsure());
        case Base.Gone gone -> all.put(site, gone);
      }
    });
    return new Agreed(form, key, all);
  }

  Agreed with(MemberId site, Base base) {
    TreeMap<MemberId, Base> more = new TreeMap<>(bases);
    more.put(site, base);
    return new Agreed(form, key, more);
  }

  /**
   * The same after an act that the site has acknowledged. To be kept at once: until then a client's
   * change on top of the act reads as one beside it.
   */
  public Agreed after(Act done) {
    return switch (done) {
      case Act.Create act -> with(act.site(), act.becomes());
      case Act.Undelete act -> with(act.site(), act.becomes());
      case Act.Post act -> with(act.site(), act.becomes());
      case Act.Delete act -> with(act.site(), new Base.Gone());
      case Act.Drain _, Act.Hold _ -> this;
    };
  }
}
