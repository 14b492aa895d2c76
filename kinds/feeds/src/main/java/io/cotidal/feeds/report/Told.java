package io.cotidal.feeds.report;

import io.cotidal.feeds.job.Subject;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One thing that a replica tells its master. Texts may hold anything; what a database or a file
 * cannot hold is replaced when it is queued.
 */
public sealed interface Told {
  /** When it was so. */
  Instant at();

  /**
   * What it is about: of two records about the same, only the newer one is worth telling. The last
   * failure of a publication and its last success are told side by side, for the master shows both.
   */
  String topic();

  /** Topics of older records that say nothing any more once this one is told. */
  default List<String> settles() {
    return List.of(topic());
  }

  /**
   * What becomes of it if {@code older}, of the same topic, was not told yet: it keeps what only
   * the older one knows.
   */
  default Told over(Told older) {
    return this;
  }

  /**
   * The repository was looked at.
   *
   * @param version of Cotidal
   * @param syncedAt when the last synchronisation ended; empty if none ended since the last report
   * @param message how that ended. If none ended, an empty message leaves the master's as it is
   */
  record Polled(
      Instant at,
      String version,
      SortedSet<String> channels,
      Optional<Instant> syncedAt,
      String message)
      implements Told {
    /** Copies the set. */
    public Polled {
      channels = Collections.unmodifiableSortedSet(new TreeSet<>(channels));
    }

    @Override
    public String topic() {
      return "polled";
    }

    @Override
    public Told over(Told older) {
      if (syncedAt.isPresent() || !(older instanceof Polled before)) {
        return this;
      }
      String said = message.isEmpty() ? before.message : message;
      return new Polled(at, version, channels, before.syncedAt, said);
    }
  }

  /**
   * A publication is there.
   *
   * @param publish as the master calls it: workspace and name, {@code sites.parcels}
   * @param spatialType for example {@code POLYGON}; empty if unknown
   * @param job {@code job_id}; told only if it is a number
   * @param batch {@code job_batch_id}
   * @param preview file of its picture; empty if there is none
   */
  record Published(
      Instant at,
      String publish,
      String spatialType,
      String job,
      String batch,
      String message,
      String preview)
      implements Told {
    @Override
    public String topic() {
      return "there\0" + publish;
    }

    @Override
    public List<String> settles() {
      return List.of(topic(), failure(publish));
    }
  }

  /** A publication could not be brought here; what was there before still is. */
  record FailedToPublish(
      Instant at, String publish, String spatialType, String job, String batch, String message)
      implements Told {
    @Override
    public String topic() {
      return failure(publish);
    }
  }

  /** A publication is not there any more. */
  record Withdrawn(Instant at, String publish) implements Told {
    @Override
    public String topic() {
      return "there\0" + publish;
    }

    @Override
    public List<String> settles() {
      return List.of(topic(), failure(publish));
    }
  }

  /**
   * A job that is no publication ended.
   *
   * @param type what was done, for example {@code wms_layer}
   * @param name to what
   * @param action for example {@code publish}
   * @param preview file of its picture; empty if there is none
   */
  record TaskDone(
      Instant at,
      String type,
      String name,
      String action,
      boolean ok,
      String message,
      String preview)
      implements Told {
    @Override
    public String topic() {
      return "task\0" + type + "\0" + name + "\0" + action;
    }
  }

  /** What the master calls the publication of {@code subject}. */
  static String publish(Subject subject) {
    return subject.title();
  }

  private static String failure(String publish) {
    return "failed\0" + publish;
  }
}
