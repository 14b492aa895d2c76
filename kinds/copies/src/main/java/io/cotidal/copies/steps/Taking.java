package io.cotidal.copies.steps;

import io.cotidal.copies.capacity.DiskGuard;
import io.cotidal.copies.capacity.Verdict;
import io.cotidal.copies.database.DatabaseEngine;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.Place;
import io.cotidal.copies.database.User;
import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.snapshot.SnapshotSource;
import io.cotidal.engine.snapshot.SnapshotSource.Offer;
import io.cotidal.engine.snapshot.SnapshotSource.Order;
import io.cotidal.engine.snapshot.SnapshotSource.Provenance;
import io.cotidal.engine.snapshot.SnapshotSource.Result;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Takes the data of a cluster's replica into a new generation, aside: snapshot, a cluster of its
 * own, masks, freeze. As with a dump, only the record written last makes it count.
 */
final class Taking implements Act {
  /** How long a cluster may take to be known, or an operation on it to end. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Duration LOOK = Duration.ofMillis(200);

  private final Bench bench;
  private final Places places;
  private final NewPlace fresh;

  Taking(Bench bench) {
    this.bench = bench;
    this.places = new Places(bench);
    this.fresh = new NewPlace(bench);
  }

  @Override
  public Details act(Turn turn) throws EngineException, IOException, InterruptedException {
    long begun = System.nanoTime();
    String id = turn.id();
    CopiesSpec.From from = from(turn);
    SnapshotSource source =
        bench
            .source()
            .orElseThrow(
                () -> new EngineException(from.resource() + " is not managed by this daemon"));
    Offer.Ready ready = awaited(source, from.member(), turn.deadline());
    bench.tools().engine().adoptable(bench.tools().installation(), ready.version());
    places.requireTemplateLink();
    fresh.clear(id, turn.deadline());
    guard();
    Place place = fresh.empty(id, turn.deadline());
    Secret administrator = bench.random();
    bench.tools().secrets().put(bench.spec().id(), id + "/administrator", administrator);
    Provenance taken = take(turn, source, from, place);
    User owner =
        new User(bench.spec().database().user(), bench.random(), bench.spec().database().name());
    adopt(turn, taken, place, owner);
    Details proven = fresh.proven(place, turn.deadline());
    SortedMap<String, Long> rows = fresh.finish(place, owner, administrator, turn.deadline());
    Details facts =
        provenance(taken)
            .with(proven)
            .with(Acts.ROWS, rows.values().stream().mapToLong(Long::longValue).sum())
            .with(Acts.TABLES, rows.size())
            .with(Acts.VERSION, bench.tools().installation().version())
            .with(Acts.METHOD, bench.tools().volume().method().words())
            .with(Acts.MILLIS, Making.millis(begun, System.nanoTime()));
    fresh.whole(id, facts, turn.deadline());
    return facts;
  }

  /** A daemon that has just begun may lead the copies before it knows anything of the cluster. */
  private static Offer.Ready awaited(
      SnapshotSource source, Optional<MemberId> member, Deadline deadline)
      throws EngineException, InterruptedException {
    Deadline patience = deadline.left().compareTo(PATIENCE) < 0 ? deadline : Deadline.in(PATIENCE);
    while (true) {
      switch (source.offer(member)) {
        case Offer.Ready ready -> {
          return ready;
        }
        case Offer.Refused refused -> throw new EngineException(refused.reason());
        case Offer.Later later -> {
          if (patience.left().compareTo(LOOK) < 0) {
            throw new EngineException(later.reason());
          }
        }
      }
      patience.pause(LOOK);
    }
  }

  private CopiesSpec.From from(Turn turn) throws EngineException {
    return bench
        .spec()
        .template()
        .from()
        .filter(
            each -> each.resource().toString().equals(turn.step().arguments().get(Acts.FROM, "")))
        .orElseThrow(
            () -> new EngineException("the configuration names another source now: import again"));
  }

  /** How large the cluster is, nobody knows before: at least what must stay has to be there. */
  private void guard() throws EngineException, IOException {
    Verdict verdict =
        new DiskGuard(bench.spec().storage().reserveBytes())
            .judge(bench.tools().volume().space(), 0, 0);
    if (verdict instanceof Verdict.Refused refused) {
      throw new EngineException(refused.reason());
    }
  }

  private Provenance take(Turn turn, SnapshotSource source, CopiesSpec.From from, Place place)
      throws EngineException, InterruptedException {
    Duration left = turn.deadline().left();
    Order order = new Order(from.member(), place.data(), place.uid(), left);
    return switch (source.take(order, turn.progress())) {
      case Result.Failed failed -> throw new EngineException(failed.reason());
      case Result.Taken taken -> taken.provenance();
    };
  }

  private void adopt(Turn turn, Provenance taken, Place place, User owner)
      throws EngineException, InterruptedException {
    DatabaseEngine engine = bench.tools().engine();
    engine.adopt(
        bench.tools().installation(),
        place,
        new DatabaseEngine.Adoption(taken.version(), taken.timeline(), owner),
        turn.deadline());
  }

  private static Details provenance(Provenance taken) {
    return Details.of(Acts.BYTES, taken.bytes())
        .with(Acts.MEMBER, taken.member())
        .with(Acts.CLUSTER, taken.cluster())
        .with(Acts.TIMELINE, taken.timeline())
        .with(Acts.POSITION, taken.position())
        .with(Acts.TAKEN, taken.moment())
        .with(Acts.TAKEN_BY, taken.method())
        .with(Acts.PAUSED, taken.paused().toMillis())
        .with(Acts.FINGERPRINT, taken.timeline() + "@" + taken.position());
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException {
    return fresh.inspect(turn.id());
  }
}
