package io.cotidal.copies.plan;

import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.copies.spec.Schedule;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.Wanted;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What should be done without anybody's asking. */
final class Planner {
  private final CopiesSpec spec;
  private final State<CopiesFacts> state;
  private final Doctor doctor;
  private final Shelf shelf;
  private final Refill refill;
  private final long now;
  private final List<Wanted> wanted = new ArrayList<>();

  Planner(CopiesSpec spec, State<CopiesFacts> state) {
    this.spec = spec;
    this.state = state;
    this.doctor = new Doctor(spec, state);
    this.shelf = new Shelf(state);
    this.refill = new Refill(spec, state);
    this.now = state.now().micros();
  }

  List<Wanted> plan() {
    CopiesFacts facts = doctor.facts();
    if (facts == null || !facts.writable()) {
      return List.of();
    }
    shelf.copies().stream()
        .filter(copy -> shelf.worker(copy).isEmpty())
        .forEach(copy -> keep(copy, facts));
    shelf.spares().stream()
        .filter(spare -> shelf.worker(spare).isEmpty())
        .forEach(spare -> keepSpare(spare, facts));
    generations();
    leftovers(facts);
    wanted.addAll(refill.wanted(facts));
    imports(facts);
    return wanted;
  }

  private void keep(Item copy, CopiesFacts facts) {
    if (copy.expiresMicros() != 0 && copy.expiresMicros() <= now) {
      want(Remove.DELETE, named(copy), "it has expired");
    } else if (copy.is(Shelf.CREATING) || copy.is(Shelf.DELETING)) {
      want(Remove.DELETE, named(copy), "what made it, or removed it, has ended half-way");
    } else if (copy.is(Shelf.READY) && doctor.gone(facts, copy)) {
      want(Start.START, named(copy), "its server does not run, and nobody stopped it");
    } else if (copy.is(Shelf.READY) && idle(copy, facts)) {
      want(Start.STOP, named(copy), "nobody has used it for " + spec.allowance().idle());
    }
  }

  private boolean idle(Item copy, CopiesFacts facts) {
    CopiesFacts.Server server = facts.servers().get(Shelf.id(copy));
    long limit = spec.allowance().idle().toNanos() / 1_000;
    return limit > 0
        && server != null
        && server.idleSinceMicros() > 0
        && now - server.idleSinceMicros() >= limit;
  }

  private void keepSpare(Item spare, CopiesFacts facts) {
    String current = shelf.current().map(Item::name).orElse("");
    if (!Shelf.generation(spare).equals(current)) {
      collect(spare, "it was made of an older generation");
    } else if (!spare.is(Shelf.READY)) {
      collect(spare, "what made it has ended half-way");
    } else if (doctor.gone(facts, spare)) {
      collect(spare, "its server does not run");
    }
  }

  /** A generation lives as long as it is the current one, or anything made of it lives. */
  private void generations() {
    Set<String> used = shelf.uses().keySet();
    String current = shelf.current().map(Item::name).orElse("");
    for (Item generation : shelf.generations()) {
      boolean idle = !used.contains(generation.name()) && !generation.name().equals(current);
      if (idle && shelf.worker(generation).isEmpty() && !doctor.importing()) {
        collect(generation, "nothing is made of it any more");
      }
    }
  }

  private void leftovers(CopiesFacts facts) {
    Set<String> known = state.items().values().stream().map(Shelf::id).collect(Collectors.toSet());
    for (String id : facts.leftovers()) {
      boolean used = state.holding().anyMatch(open -> Shelf.speaksOf(open, id));
      if (known.contains(id) || used) {
        continue;
      }
      // A store that is not the one it was before would know none of them: a person looks first.
      boolean ours = state.recent().anyMatch(past -> Shelf.speaksOf(past, id));
      wanted.add(
          new Wanted(
              Remove.COLLECT,
              Details.of(Acts.NAME, id),
              ours
                  ? "the operation that made the folder has left it"
                  : "the folder belongs to nothing that the store knows",
              ours));
    }
  }

  private void imports(CopiesFacts facts) {
    if (facts.dump().isEmpty() || doctor.full(facts)) {
      return;
    }
    CopiesFacts.DumpSeen dump = facts.dump().get();
    boolean known =
        shelf.generations().stream()
            .anyMatch(item ->
                item.facts().get(Acts.FINGERPRINT, "").equals(dump.fingerprint())
                    && item.facts().get(Acts.DUMP, "").equals(dump.path()));
    if (known) {
      return;
    }
    boolean taken = spec.template().from().isPresent();
    // Which position of a cluster it will be, the act itself tells.
    Details input =
        taken
            ? Details.of(Acts.FROM, dump.path())
            : Details.of(Acts.DUMP, dump.path()).with(Acts.FINGERPRINT, dump.fingerprint());
    if (shelf.current().isEmpty()) {
      want(
          Import.NAME,
          input,
          taken ? "there is no generation yet" : "there is a dump and no generation");
      return;
    }
    long due = scheduled();
    if (due <= now) {
      want(
          Import.NAME,
          input.with(Import.SCHEDULED, due),
          "the schedule " + spec.template().schedule().orElseThrow() + " is due");
    }
  }

  /** Wall time at which the schedule wants the next import; far away if there is none. */
  private long scheduled() {
    Optional<Schedule> schedule = spec.template().schedule();
    long begun = shelf.current().map(Item::createdMicros).orElse(now);
    long last = Math.max(begun, Long.parseLong(state.ledger().get(Shelf.SCHEDULED, "0")));
    ZonedDateTime after =
        Instant.EPOCH.plus(last, ChronoUnit.MICROS).atZone(ZoneId.systemDefault());
    return schedule
        .flatMap(each -> each.next(after))
        .map(at -> ChronoUnit.MICROS.between(Instant.EPOCH, at.toInstant()))
        .orElse(Long.MAX_VALUE);
  }

  /** When time alone will next make something wanted. */
  long due() {
    // What the schedule wanted before now waits for another dump, which a look shows.
    long due = scheduled() > now ? scheduled() : Long.MAX_VALUE;
    for (Item copy : shelf.copies()) {
      if (copy.expiresMicros() > now) {
        due = Math.min(due, copy.expiresMicros());
      }
    }
    due = Math.min(due, refill.due());
    CopiesFacts facts = doctor.facts();
    long limit = spec.allowance().idle().toNanos() / 1_000;
    if (facts != null && limit > 0) {
      for (CopiesFacts.Server server : facts.servers().values()) {
        if (server.idleSinceMicros() + limit > now && server.idleSinceMicros() > 0) {
          due = Math.min(due, server.idleSinceMicros() + limit);
        }
      }
    }
    return due;
  }

  private static Details named(Item copy) {
    return Details.of(Acts.NAME, copy.name());
  }

  private void collect(Item item, String reason) {
    want(Remove.COLLECT, Details.of(Acts.NAME, item.name()).with(Remove.SORT, item.sort()), reason);
  }

  private void want(String type, Details input, String reason) {
    wanted.add(new Wanted(type, input, reason, true));
  }
}
