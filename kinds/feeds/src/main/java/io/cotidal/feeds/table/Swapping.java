package io.cotidal.feeds.table;

import java.util.List;
import java.util.Optional;

/**
 * Makes a view read another generation. The view's lock is the first that is taken, as readers do
 * it, and it is not waited for longer than readers may wait behind it.
 */
record Swapping(Memory memory) {
  /**
   * Does it.
   *
   * @param word of the generation to be served
   */
  Swapped swap(Session session, Target target, String word)
      throws TableException, InterruptedException {
    Done done = session.patiently(() -> once(session, target, word));
    List<String> warnings = new ForeignKeys(memory).point(session, target);
    return new Swapped(done.previous(), done.changed(), done.made(), done.remade(), warnings);
  }

  private record Done(Optional<String> previous, boolean changed, boolean made, boolean remade) {}

  private Done once(Session session, Target target, String word)
      throws TableException, InterruptedException {
    List<Memory.Generation> all = memory.all(session, target);
    Memory.Generation wanted =
        all.stream()
            .filter(each -> each.word().equals(word) && each.complete())
            .findFirst()
            .orElseThrow(
                () -> failed(target, "generation " + word + " is not staged; stage it first"));
    View view = View.of(session, target);
    if (view.there() && !view.isView()) {
      throw failed(target, "under that name lies something that is no view; rename it");
    }
    Optional<String> served = served(target, view, all);
    if (wanted.current() && intact(session, target, view, wanted)) {
      return new Done(earlier(all, word), false, false, false);
    }
    List<View.Column> columns = View.columns(session, target.data(wanted.relation()));
    String query = Dependants.query(columns, target.data(wanted.relation()));
    boolean remade = view.there() && !view.grows(columns);
    if (remade) {
      remake(session, target, query, columns);
    } else {
      session.run(
          "CREATE OR REPLACE VIEW " + target.view() + View.with(view.options()) + " AS " + query);
    }
    if (view.reads(target.schemas().data(), target.name())) {
      memory.adopt(session, target);
    }
    memory.serve(session, target, wanted.relation());
    return new Done(
        served.filter(each -> !each.equals(word)).or(() -> earlier(all, word)),
        true,
        !view.there(),
        remade);
  }

  private static void remake(
      Session session, Target target, String query, List<View.Column> columns)
      throws TableException, InterruptedException {
    Dependants before = Dependants.of(session, View.of(session, target));
    before.makeable();
    before.lock(session);
    Dependants now = Dependants.of(session, View.of(session, target));
    if (!now.equals(before)) {
      throw new TableException(
          TableException.Kind.BUSY, target + ": somebody changes views upon it; try again");
    }
    now.remake(session, query, columns);
  }

  private boolean intact(Session session, Target target, View view, Memory.Generation wanted)
      throws TableException, InterruptedException {
    return view.reads(target.schemas().data(), wanted.relation())
        && session.row(
            """
            SELECT definition = md5(pg_get_viewdef(?::regclass)) FROM %s
            WHERE data_schema = ? AND relation = ?
            """
                .formatted(memory.generations()),
            row -> row.getBoolean(1),
            target.view(),
            target.schemas().data(),
            wanted.relation());
  }

  /** The generation that the view reads now. */
  private static Optional<String> served(Target target, View view, List<Memory.Generation> all) {
    if (view.reads(target.schemas().data(), target.name())) {
      return Optional.of(Names.ADOPTED);
    }
    return all.stream()
        .filter(each -> view.reads(target.schemas().data(), each.relation()))
        .map(Memory.Generation::word)
        .findFirst();
  }

  /** The one that was served last before. */
  private static Optional<String> earlier(List<Memory.Generation> all, String word) {
    return all.stream()
        .filter(each -> each.shown() && !each.word().equals(word))
        .map(Memory.Generation::word)
        .findFirst();
  }

  private static TableException failed(Target target, String reason) {
    return new TableException(TableException.Kind.FAILED, target + ": " + reason);
  }
}
