package io.cotidal.postgres.actions;

import io.cotidal.model.Action;
import io.cotidal.model.Permission;
import io.cotidal.model.Risk;
import java.util.List;
import java.util.stream.Stream;

/** What people can ask of a PostgreSQL cluster. */
public final class PostgresActions {
  private static final List<Action> CLUSTER =
      List.of(
          new Action(
              "postgres",
              "create",
              "Make the cluster where no member has data.",
              Permission.OPERATOR,
              Risk.SAFE,
              List.of(
                  new Action.Field(
                      "primary",
                      Action.Type.MEMBER,
                      false,
                      "the member that becomes primary; the first if not given"))),
          new Action(
              "postgres",
              "switchover",
              "Move the primary's role to a replica, in order.",
              Permission.OPERATOR,
              Risk.DISRUPTIVE,
              List.of(
                  new Action.Field(
                      "to",
                      Action.Type.MEMBER,
                      false,
                      "the member that becomes primary; the furthest if not given"))),
          new Action(
              "postgres",
              "failover",
              "Replace a primary that is gone.",
              Permission.OPERATOR,
              Risk.IRREVERSIBLE,
              List.of(
                  new Action.Field(
                      "to",
                      Action.Type.MEMBER,
                      false,
                      "the member that becomes primary; the furthest if not given"),
                  new Action.Field(
                      "force",
                      Action.Type.FLAG,
                      false,
                      "replace the primary although it answers; it is fenced"),
                  new Action.Field(
                      "accept-loss",
                      Action.Type.FLAG,
                      false,
                      "promote beyond the lag limit; what no replica has is lost"))),
          new Action(
              "postgres",
              "rehearse",
              "Rehearse a failover: say who would succeed, when, and what would be lost, or measure it"
                  + " on throw-away clones; keep the report.",
              Permission.OPERATOR,
              Risk.SAFE,
              List.of(
                  new Action.Field(
                      "on-clones",
                      Action.Type.FLAG,
                      false,
                      "copy a replica to the daemon's machine, and strike clones of the cluster"),
                  new Action.Field(
                      "fault",
                      Action.Type.TEXT,
                      false,
                      "what becomes of the clones' primary: process-dead, frozen or switchover"))),
          new Action(
              "postgres",
              "rejoin",
              "Take a member back: rewind it or copy it anew. What it alone has is lost.",
              Permission.OPERATOR,
              Risk.IRREVERSIBLE,
              List.of(
                  new Action.Field("member", Action.Type.MEMBER, true, "the member to take back"),
                  new Action.Field(
                      "way",
                      Action.Type.TEXT,
                      false,
                      "rewind or clone; chosen by what lies on its disk if not given"))));

  /** Every action. */
  public static final List<Action> ALL =
      Stream.of(CLUSTER, MemberActions.ALL, ArchiveActions.ALL, Questions.ALL)
          .flatMap(List::stream)
          .toList();

  private PostgresActions() {}
}
