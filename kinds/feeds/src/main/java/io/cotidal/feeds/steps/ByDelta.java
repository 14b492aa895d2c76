package io.cotidal.feeds.steps;

import io.cotidal.feeds.delta.DeltaChain;
import io.cotidal.feeds.delta.DeltaException;
import io.cotidal.feeds.delta.DeltaLimits;
import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.plan.Acts;
import io.cotidal.feeds.table.Fill;
import io.cotidal.feeds.table.Filling;
import io.cotidal.feeds.table.Staged;
import io.cotidal.feeds.table.Successor;
import io.cotidal.feeds.table.TableException;
import io.cotidal.feeds.table.Tables;
import io.cotidal.feeds.table.Target;
import io.cotidal.feeds.transfer.Cache;
import io.cotidal.feeds.transfer.TransferException;
import io.cotidal.pgclient.PgException;
import io.cotidal.remote.ActFailed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes generations of others by the deltas that a job offers. */
record ByDelta(Tables tables, Cache cache) {
  /** Makes the generation that a step names, of the one that it names. */
  Staged stage(Act.Turn turn, Thing.Wish.Publish wish, Target target)
      throws ActFailed, TableException, InterruptedException {
    Successor successor =
        new Successor(target, turn.need(Acts.FROM), turn.need(Acts.GENERATION), wish.data());
    try (DeltaChain chain =
        DeltaChain.open(files(AtRepository.deltas(wish, turn)), DeltaLimits.USUAL)) {
      return turn.says(Acts.COPY)
          ? tables.stageFrom(successor, beside(chain), turn.deadline())
          : tables.advance(successor, inPlace(chain), turn.deadline());
    } catch (DeltaException e) {
      throw ActFailed.because(e);
    }
  }

  private List<Path> files(List<Blob> deltas) throws ActFailed, InterruptedException {
    List<Path> files = new ArrayList<>();
    for (Blob delta : deltas) {
      try {
        files.add(
            cache
                .find(delta)
                .orElseThrow(() -> new ActFailed(delta + " is not in the cache any more")));
      } catch (TransferException e) {
        throw ActFailed.because(e);
      }
    }
    return files;
  }

  private static Fill inPlace(DeltaChain chain) {
    return filling -> {
      brought(filling, where -> chain.inPlace(where, filling.tables().fresh()));
      filling.holds(chain.target().rows());
    };
  }

  private static Fill beside(DeltaChain chain) {
    return filling -> {
      brought(
          filling, where -> chain.beside(where, filling.tables().old(), filling.tables().fresh()));
      filling.holds(chain.target().rows());
    };
  }

  /** Deltas at work. */
  private interface Work {
    void in(DeltaChain.Where where) throws DeltaException, PgException;
  }

  /** A table that they do not fit is no fault of the database's. */
  private static void brought(Filling filling, Work work)
      throws TableException, InterruptedException {
    try {
      filling.directly((session, deadline) ->
          work.in(new DeltaChain.Where(session, deadline, filling.tables().schema())));
    } catch (DeltaException e) {
      throw new TableException(TableException.Kind.REJECTED, e.line());
    }
  }
}
