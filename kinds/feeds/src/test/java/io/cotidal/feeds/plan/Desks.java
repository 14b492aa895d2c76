package io.cotidal.feeds.plan;

import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.model.Item;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Replicas on paper for tests, and what is to be seen of them. */
final class Desks {
  static final Subject PARCELS = Paper.layer("parcels");
  static final Subject SITES = new Subject(Sort.WORKSPACE, "sites", "");

  private Desks() {}

  /** A replica on paper with a workspace and these jobs, at which Cotidal has just begun. */
  static Desk started(Paper.Manner manner, Thing... things) {
    Desk desk = new Desk(Paper.spec(manner), null);
    desk.replica.commit(Paper.workspace("w")).commit(things);
    return desk.start();
  }

  /** The same, when all of it is in force. */
  static Desk settled(Paper.Manner manner, Thing... things) {
    return started(manner, things).settle().whole();
  }

  /** The same of the usual manner. */
  static Desk plain(Thing... things) {
    return settled(Paper.Manner.PLAIN, things);
  }

  /** So many layers, each with data of its own. */
  static Thing[] layers(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Paper.layer("t" + i, "d1", "f1"))
        .toArray(Thing[]::new);
  }

  /** What was loaded and read, in order. */
  static List<String> log(Desk desk) {
    return List.copyOf(desk.replica.log);
  }

  /** What is noted of a job; there must be something. */
  static Item row(Desk desk, Subject subject) {
    return Objects.requireNonNull(desk.row(subject));
  }

  /** The first GeoServer. */
  static PaperReplica.Server one(Desk desk) {
    return Objects.requireNonNull(desk.replica.servers.get(Paper.ONE));
  }

  /** The second one. */
  static PaperReplica.Server two(Desk desk) {
    return Objects.requireNonNull(desk.replica.servers.get(Paper.TWO));
  }

  /** How many operations of a type there were. */
  static long begun(Desk desk, String type) {
    return desk.store.operations().stream().filter(each -> each.type().equals(type)).count();
  }

  /** How many operations there were. */
  static long writes(Desk desk) {
    return desk.store.operations().size();
  }

  /** Whose data the generations of a table hold. */
  static Collection<String> generations(Desk desk, String table) {
    return Objects.requireNonNull(desk.replica.tables.get(table)).generations.values();
  }
}
