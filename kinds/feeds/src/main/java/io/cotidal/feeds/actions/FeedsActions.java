package io.cotidal.feeds.actions;

import io.cotidal.model.Action;
import io.cotidal.model.Action.Field;
import io.cotidal.model.Permission;
import io.cotidal.model.Risk;
import java.util.List;

/** What people can ask of a replica. */
public final class FeedsActions {
  /** Why one job stands as it does. */
  public static final String EXPLAIN = "explain";

  /** How every job stands. */
  public static final String JOBS = "jobs";

  /** How all replicas of the master stand. */
  public static final String FLEET = "fleet";

  private static final Field JOB =
      new Field(
          "job",
          Action.Type.TEXT,
          true,
          "its key, for example layer/sites.parcels, or its title, sites.parcels");

  /** Every action. */
  public static final List<Action> ALL =
      List.of(
          new Action(
              "feeds",
              JOBS,
              "How every job of the newest revision stands.",
              Permission.VIEWER,
              Risk.NONE,
              List.of()),
          new Action(
              "feeds",
              FLEET,
              "How all replicas of the master stand, as they told it; who says nothing for three intervals is late.",
              Permission.VIEWER,
              Risk.NONE,
              List.of()),
          new Action(
              "feeds",
              EXPLAIN,
              "Why a job stands as it does: what is to be done, what it waits for, which clause of a filter keeps it out.",
              Permission.VIEWER,
              Risk.NONE,
              List.of(JOB)),
          new Action(
              "feeds",
              "roll-back",
              "Let a table's view read an earlier generation, until its job brings other data.",
              Permission.OPERATOR,
              Risk.DISRUPTIVE,
              List.of(
                  JOB,
                  new Field(
                      "generation",
                      Action.Type.NAME,
                      false,
                      "which one; the newest before the one that is read if not given"))),
          new Action(
              "feeds",
              "retry",
              "Try a job that failed at once, and give up a roll-back that holds it.",
              Permission.OPERATOR,
              Risk.SAFE,
              List.of(JOB)));

  private FeedsActions() {}
}
