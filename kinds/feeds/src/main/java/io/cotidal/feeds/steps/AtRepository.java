package io.cotidal.feeds.steps;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Face;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.plan.Acts;
import io.cotidal.feeds.repository.Pulled;
import io.cotidal.feeds.repository.Repository;
import io.cotidal.feeds.repository.RepositoryException;
import io.cotidal.feeds.transfer.Cache;
import io.cotidal.feeds.transfer.Transfer;
import io.cotidal.feeds.transfer.TransferException;
import io.cotidal.feeds.transfer.Wants;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Progress;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Acts on what a replica has of its own: its clone, its cache, its reports. */
final class AtRepository {
  private static final Logger log = LoggerFactory.getLogger(AtRepository.class);

  private final Repository repository;
  private final Cache cache;
  private final Transfer transfer;
  private final Library documents;
  private final Publications publications;
  private final boolean serves;

  AtRepository(
      Repository repository,
      Cache cache,
      Transfer transfer,
      Library documents,
      Publications publications) {
    this.serves = transfer.serves();
    this.repository = repository;
    this.cache = cache;
    this.transfer = transfer;
    this.documents = documents;
    this.publications = publications;
  }

  /** The files of deltas that a job offers. */
  static List<Blob> deltas(Thing.Wish.Publish wish) {
    return wish.body() instanceof Body.Layer layer
        ? layer.deltas().stream().map(Body.Delta::file).toList()
        : List.of();
  }

  /** Those of them that a step names, in its order. */
  static List<Blob> deltas(Thing.Wish.Publish wish, Act.Turn turn) throws ActFailed {
    List<Blob> named = new ArrayList<>();
    for (String md5 : turn.need(Acts.DELTAS).split(" ")) {
      named.add(
          deltas(wish).stream()
              .filter(blob -> blob.md5().equals(md5))
              .findFirst()
              .orElseThrow(() ->
                  new ActFailed(turn.need(Acts.KEY) + ": its job names no delta " + md5 + " now")));
    }
    return named;
  }

  /** What a step is to fetch. */
  private static List<Blob> wanted(Thing.Wish.Publish wish, Act.Turn turn) throws ActFailed {
    return turn.step().arguments().has(Acts.DELTAS)
        ? deltas(wish, turn)
        : blobs(wish, turn.says(Acts.CHANGED));
  }

  /** What one job needs from the master: styles always, data if its table is to be loaded. */
  static List<Blob> blobs(Thing.Wish.Publish wish, boolean data) {
    List<Blob> blobs = new ArrayList<>();
    if (data && wish.body() instanceof Body.Layer layer) {
      layer.data().ifPresent(blobs::add);
    }
    face(wish.body()).ifPresent(face -> blobs.addAll(face.styles().values()));
    return blobs;
  }

  /** How it is shown, if it is. */
  static Optional<Face> face(Body body) {
    return switch (body) {
      case Body.Layer layer -> Optional.of(layer.face());
      case Body.WmsLayer layer -> Optional.of(layer.face());
      case Body.LiveLayer layer -> Optional.of(layer.face());
      case Body.Group group -> Optional.of(group.face());
      case Body.WmsStore _, Body.LiveStore _, Body.Workspace _, Body.Rules _, Body.Roles _ ->
          Optional.empty();
    };
  }

  /** The job that a step is about, as it was planned. */
  static Thing.Wish.Publish wish(Publications publications, Act.Turn turn) throws ActFailed {
    return publications
        .find(turn.subject(), turn.need(Acts.ASK))
        .flatMap(Thing::publish)
        .orElseThrow(() ->
            new ActFailed(
                turn.need(Acts.KEY) + ": the repository says something else by now; plan again"));
  }

  /** Fetches documents that jobs point at. */
  Act learning() {
    return new Act() {
      @Override
      public Details act(Turn turn) throws ActFailed, InterruptedException {
        Collection<Thing> things = publications.current().values();
        Library.Learnt learnt = documents.learn(things, turn.deadline());
        if (!learnt.failed().isEmpty()) {
          String first = learnt.failed().values().iterator().next();
          int more = learnt.failed().size() - 1;
          throw new ActFailed(first + (more > 0 ? "; and " + more + " more did not come" : ""));
        }
        return Details.of(Acts.FETCHED, learnt.here());
      }

      @Override
      public Inspection inspect(Turn turn) {
        return new Inspection.NotApplied("what is here already is not fetched again");
      }
    };
  }

  /** Fetches styles and data of one job. */
  Act fetching() {
    return new Act() {
      @Override
      public Details act(Turn turn) throws ActFailed, InterruptedException {
        long bytes = 0;
        Thing.Wish.Publish wish = wish(publications, turn);
        for (Blob blob : wanted(wish, turn)) {
          bytes += fetch(blob, turn);
        }
        if (serves && turn.says(Acts.CHANGED)) {
          offer(wish, turn.deadline());
        }
        return Details.of(Acts.BYTES, bytes);
      }

      @Override
      public Inspection inspect(Turn turn) throws ActFailed, InterruptedException {
        for (Blob blob : wanted(wish(publications, turn), turn)) {
          try {
            if (!blob.pinned() || cache.find(blob).isEmpty()) {
              return new Inspection.NotApplied(blob + " is not here, or may have changed");
            }
          } catch (TransferException e) {
            return new Inspection.Unknown(ActFailed.line(e));
          }
        }
        return new Inspection.Applied(Details.of(Acts.BYTES, 0));
      }
    };
  }

  /** Others may ask here for deltas that are of no use here; who does not get one loads in full. */
  private void offer(Thing.Wish.Publish wish, Deadline deadline) throws InterruptedException {
    for (Blob delta : deltas(wish)) {
      try {
        transfer.fetch(delta, Wants.ANY, deadline, _ -> {});
      } catch (TransferException e) {
        log.info("event=no-delta file={} reason=\"{}\"", delta, e.getMessage());
      }
    }
  }

  private long fetch(Blob blob, Act.Turn turn) throws ActFailed, InterruptedException {
    long[] came = {0};
    try {
      transfer.fetch(
          blob,
          Wants.ANY,
          turn.deadline(),
          bytes -> {
            came[0] = bytes;
            turn.progress().accept(new Progress(bytes, 0, "bytes"));
          });
      return came[0];
    } catch (TransferException e) {
      throw ActFailed.because(e);
    }
  }

  /** Says in the clone which revision is applied, and lets go of what no job needs any more. */
  Act marking() {
    return new Act() {
      @Override
      public Details act(Turn turn) throws ActFailed, InterruptedException {
        String commit = turn.need(Acts.COMMIT);
        try {
          repository.applied(commit, turn.deadline());
          cache.trim(needed());
        } catch (RepositoryException | TransferException e) {
          throw ActFailed.because(e);
        }
        return Details.of(Acts.COMMIT, commit);
      }

      @Override
      public Inspection inspect(Turn turn) {
        Optional<Pulled> known = repository.known();
        boolean applied =
            known.flatMap(Pulled::applied).filter(turn.need(Acts.COMMIT)::equals).isPresent();
        return applied
            ? new Inspection.Applied(Details.of(Acts.COMMIT, turn.need(Acts.COMMIT)))
            : new Inspection.NotApplied("another revision is marked");
      }
    };
  }

  private List<Blob> needed() {
    List<Blob> needed = new ArrayList<>();
    for (Thing thing : publications.current().values()) {
      switch (thing.wish()) {
        case Thing.Wish.Publish wish -> {
          needed.addAll(blobs(wish, true));
          // The next publication may lead on from where these begin.
          needed.addAll(deltas(wish));
        }
        case Thing.Wish.Unread unread -> needed.addAll(unread.documents());
        case Thing.Wish.Remove _, Thing.Wish.Refused _ -> {}
      }
    }
    needed.addAll(documents.kept());
    return needed;
  }
}
