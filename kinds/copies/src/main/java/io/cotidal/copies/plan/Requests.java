package io.cotidal.copies.plan;

import io.cotidal.copies.capacity.MemoryGuard;
import io.cotidal.copies.capacity.Verdict;
import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.Command;
import io.cotidal.engine.Declined;
import io.cotidal.engine.Declined.Why;
import io.cotidal.engine.State;
import io.cotidal.engine.snapshot.ArchiveSource;
import io.cotidal.engine.snapshot.RecoveryTarget;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.Names;
import io.cotidal.model.Permission;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What people ask for, checked and completed before it becomes an operation. */
final class Requests {
  private final CopiesSpec spec;
  private final Doctor doctor;
  private final Shelf shelf;
  private final long now;

  Requests(CopiesSpec spec, State<CopiesFacts> state) {
    this.spec = spec;
    this.doctor = new Doctor(spec, state);
    this.shelf = new Shelf(state);
    this.now = state.now().micros();
  }

  Details prepare(Command.Begin asked) {
    return switch (asked.type()) {
      case Create.NAME -> create(asked);
      case Import.NAME -> imports(asked);
      case Renew.NAME -> named(owned(asked)).with(Create.TTL, ttl(asked.input()));
      case Reset.NAME -> reset(asked);
      case Start.START, Remove.DELETE -> named(owned(asked));
      case Start.STOP -> running(asked);
      case Compare.NAME -> {
        Item copy = running(owned(asked));
        yield named(copy)
            .with(Acts.GENERATION, Shelf.generation(copy))
            .with(Compare.BESIDE, shelf.beside(copy));
      }
      default ->
          throw new IllegalArgumentException(
              asked.type() + " is not asked for: Cotidal plans it itself");
    };
  }

  private Details create(Command.Begin asked) {
    String name = Names.check("copy", asked.input().need(Acts.NAME));
    if (shelf.copy(name).isPresent()) {
      throw new Declined(Why.EXISTS, "copy " + name + " of " + spec.id() + " exists already");
    }
    if (shelf.current().isEmpty()) {
      String sentence = spec.id() + ": " + doctor.diagnose().sentence();
      throw new Declined(doctor.importing() ? Why.NOT_YET : Why.NOT_FOUND, sentence);
    }
    CopiesSpec.Allowance allowance = spec.allowance();
    if (shelf.copies().size() >= allowance.copies()) {
      throw new Declined(
          Why.TOO_MANY,
          spec.id() + " has " + allowance.copies() + " copies, as many as it may: delete one");
    }
    String owner = asked.actor().name();
    long own = shelf.copies().stream().filter(copy -> copy.owner().equals(owner)).count();
    if (own >= allowance.perOwner()) {
      throw new Declined(
          Why.TOO_MANY,
          owner + " has " + own + " copies of " + spec.id() + ", as many as one may: delete one");
    }
    CopiesFacts facts = room();
    long need = spec.memoryEachBytes();
    long starting = shelf.copies().stream().filter(copy -> copy.is(Shelf.CREATING)).count();
    free(facts, spec.id().name() + "-" + name);
    Verdict verdict = new MemoryGuard(0).judge(facts.spareMemoryBytes(), starting * need, need);
    if (verdict instanceof Verdict.Refused refused) {
      throw new Declined(Why.NO_ROOM, refused.reason());
    }
    return Details.of(Acts.NAME, name)
        .with(Create.OWNER, owner)
        .with(Create.TTL, ttl(asked.input()));
  }

  /** Template a-b and copy b of template a would have one link: who comes second is refused. */
  private static void free(CopiesFacts facts, String link) {
    if (facts.taken().contains(link)) {
      throw new Declined(
          Why.EXISTS, "data/" + link + " leads to something else already: use another name");
    }
  }

  private Details imports(Command.Begin asked) {
    Details input = asked.input();
    if (input.has(Acts.FROM)) {
      throw new IllegalArgumentException(
          "import: which cluster data is taken of, the configuration says");
    }
    Optional<CopiesSpec.From> from = spec.template().from();
    if (from.isPresent()) {
      return of(Details.of(Acts.FROM, from.get().resource()), input);
    }
    if (!spec.template().archive().isEmpty()) {
      return of(Details.of(Acts.ARCHIVE, spec.template().archive().getFirst()), input);
    }
    if (Import.WISH.stream().anyMatch(input::has)) {
      throw new IllegalArgumentException(
          "import: "
              + spec.id()
              + " is made from dumps, which are what they are: a template with from-archive, or"
              + " from, can be what its cluster was then");
    }
    if (input.has(Acts.UPLOAD)) {
      return uploaded(asked);
    }
    String dump =
        input
            .find(Acts.DUMP)
            .or(() -> spec.template().dump().map(Path::toString))
            .orElseThrow(
                () -> new IllegalArgumentException("import: name a dump, or configure 'dump'"));
    Path path = Path.of(dump).normalize();
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("dump '" + dump + "': write its absolute path");
    }
    if (spec.template().dumps().filter(folder -> !path.startsWith(folder)).isPresent()) {
      throw new IllegalArgumentException(
          "dump '" + dump + "': lies outside " + spec.template().dumps().get());
    }
    CopiesFacts facts = room();
    free(facts, spec.id().name());
    Details prepared = Details.of(Acts.DUMP, path);
    return facts.dump().filter(seen -> seen.path().equals(path.toString())).isPresent()
        ? prepared.with(Acts.FINGERPRINT, facts.dump().get().fingerprint())
        : prepared;
  }

  /** Data of a cluster: of a replica as it is or, where somebody says up to when, as it was. */
  private Details of(Details source, Details input) {
    if (input.has(Acts.DUMP) || input.has(Acts.UPLOAD)) {
      throw new IllegalArgumentException(
          "import: "
              + spec.id()
              + " takes its data from "
              + source.find(Acts.FROM).orElseGet(() -> source.need(Acts.ARCHIVE))
              + ", no dump");
    }
    Details prepared = source;
    for (String word : Import.WISH) {
      if (input.has(word) && !input.need(word).isBlank()) {
        prepared = prepared.with(word, input.need(word).strip());
      }
    }
    try {
      RecoveryTarget.of(prepared).requirePast(Instant.EPOCH.plus(now, ChronoUnit.MICROS));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("import: " + e.getMessage(), e);
    }
    if (!prepared.get(ArchiveSource.TIMELINE, "1").matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException("import: timeline is a number");
    }
    free(room(), spec.id().name());
    return prepared;
  }

  /** A dump that a client sent: its name on the volume is the daemon's own. */
  private Details uploaded(Command.Begin asked) {
    String id = asked.input().need(Acts.UPLOAD);
    if (!Acts.isUpload(id)) {
      throw new IllegalArgumentException("'" + id + "' is no name of an upload");
    }
    free(room(), spec.id().name());
    String file = Acts.fileName(asked.input().get(Acts.FILE, ""));
    return asked
        .input()
        .with(Acts.DUMP, file)
        .with(Acts.FILE, file)
        .with(Acts.SENDER, asked.actor().name());
  }

  /** What the latest look told of a host that takes more. */
  private CopiesFacts room() {
    CopiesFacts facts = doctor.facts();
    if (facts == null || !facts.writable() || doctor.full(facts)) {
      throw new Declined(Why.NO_ROOM, doctor.diagnose().sentence());
    }
    return facts;
  }

  private Details reset(Command.Begin asked) {
    Item copy = owned(asked);
    boolean refresh = Boolean.parseBoolean(asked.input().get("refresh", "false"));
    String generation =
        refresh ? shelf.current().map(Item::name).orElse("") : Shelf.generation(copy);
    if (generation.isEmpty()) {
      throw new Declined(Why.NOT_FOUND, spec.id() + " has no generation to take");
    }
    return named(copy).with(Acts.GENERATION, generation);
  }

  private Details running(Command.Begin asked) {
    return named(running(owned(asked)));
  }

  private static Item running(Item copy) {
    if (!copy.is(Shelf.READY)) {
      throw new IllegalArgumentException(
          "copy " + copy.name() + " is " + copy.state() + ": it must be ready for that");
    }
    return copy;
  }

  /** The copy, if the caller may do as they like with it. */
  private Item owned(Command.Begin asked) {
    String name = asked.input().need(Acts.NAME);
    boolean mayAll = asked.role().allows(Permission.OPERATOR);
    return shelf
        .copy(name)
        // Others' copies are not even there, as far as the caller can tell.
        .filter(copy -> mayAll || copy.owner().equals(asked.actor().name()))
        .orElseThrow(() ->
            new Declined(
                Why.NOT_FOUND, spec.id() + " has no copy '" + name + "' of yours: see copy list"));
  }

  private static Details named(Item copy) {
    return Details.of(Acts.NAME, copy.name());
  }

  /** In microseconds; 0 for ever. */
  private long ttl(Details input) {
    Duration standard = spec.allowance().ttl();
    Duration longest = spec.allowance().longest();
    Duration asked = input.find(Create.TTL).map(Lifetimes::parse).orElse(standard);
    boolean tooLong = asked.isZero() || asked.compareTo(longest) > 0;
    if (!longest.isZero() && tooLong) {
      throw new IllegalArgumentException(
          "ttl: " + spec.id() + " lets a copy live for at most " + Lifetimes.text(longest));
    }
    return asked.toNanos() / 1_000;
  }
}
