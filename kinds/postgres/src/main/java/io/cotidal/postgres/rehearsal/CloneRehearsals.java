package io.cotidal.postgres.rehearsal;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Progress;
import io.cotidal.postgres.spec.Fault;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.remote.Deadline;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs a cluster's clones under a control plane of their own, strikes their primary and measures
 * what follows. Thread-safe.
 */
public interface CloneRehearsals extends AutoCloseable {
  /** Of a driver that nobody gave one: refuses. */
  CloneRehearsals NONE =
      new CloneRehearsals() {
        @Override
        public Details rehearse(Order order, Consumer<Progress> progress) throws RehearsalFailed {
          throw new RehearsalFailed(
              "this program cannot run clones: rehearse on them with a daemon, cot serve");
        }

        @Override
        public void close() {
          // Nothing runs.
        }
      };

  /**
   * What is rehearsed.
   *
   * @param spec the real cluster
   * @param number of the operation that it is for
   * @param source the real member that is copied
   * @param primary the real primary
   * @param members those of which there is a clone, the primary among them
   */
  record Order(
      PostgresSpec spec,
      long number,
      MemberId source,
      MemberId primary,
      List<MemberId> members,
      Fault fault,
      Deadline deadline) {
    /** Copies the list. */
    public Order {
      members = List.copyOf(members);
    }
  }

  /**
   * Makes the clones, strikes, measures, and leaves nothing behind: no process, no file, and
   * nothing on the real cluster. Ends soon if the thread is interrupted.
   *
   * @return what was measured, under the names of {@link Figures}
   * @throws RehearsalFailed with one line: place, reason, remedy
   */
  Details rehearse(Order order, Consumer<Progress> progress)
      throws RehearsalFailed, InterruptedException;

  /** Ends what runs, and takes no more orders. */
  @Override
  void close();
}
