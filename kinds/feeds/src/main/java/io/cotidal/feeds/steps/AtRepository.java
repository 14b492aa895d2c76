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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Acts on what a replica has of its own: its clone, its cache, its reports. */
final class AtRepository {
  private final Repository repository;
  private final Cache cache;
  private final Transfer transfer;
  private final Library documents;
  private final Publications publications;

  AtRepository(
      Repository repository,
      Cache cache,
      Transfer transfer,
      Library documents,
      Publications publications) {
    this.repository = repository;
    this.cache = cache;
    this.transfer = transfer;
    this.documents = documents;
    this.publications = publications;
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
        for (Blob blob : blobs(wish(publications, turn), turn.says(Acts.CHANGED))) {
          bytes += fetch(blob, turn);
        }
        return Details.of(Acts.BYTES, bytes);
      }

      @Override
      public Inspection inspect(Turn turn) throws ActFailed, InterruptedException {
        for (Blob blob : blobs(wish(publications, turn), turn.says(Acts.CHANGED))) {
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
        case Thing.Wish.Publish wish -> needed.addAll(blobs(wish, true));
        case Thing.Wish.Unread unread -> needed.addAll(unread.documents());
        case Thing.Wish.Remove _, Thing.Wish.Refused _ -> {}
      }
    }
    needed.addAll(documents.kept());
    return needed;
  }
}
