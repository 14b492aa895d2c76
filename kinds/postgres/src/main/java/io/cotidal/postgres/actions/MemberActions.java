package io.cotidal.postgres.actions;

import io.cotidal.model.Action;
import io.cotidal.model.Permission;
import io.cotidal.model.Risk;
import java.util.ArrayList;
import java.util.List;

/** What people can ask of one member of a cluster. */
final class MemberActions {
  static final List<Action> ALL =
      List.of(
          action(
              "stop",
              "Stop a replica and leave it stopped; commits wait for others first.",
              Risk.DISRUPTIVE,
              member("the replica to stop")),
          action(
              "start",
              "Start a replica that was stopped, demoted, and let it follow.",
              Risk.SAFE,
              member("the replica to start")),
          action(
              "restart",
              "Stop a member in order and start it again.",
              Risk.DISRUPTIVE,
              member("the member to restart"),
              new Action.Field(
                  "in-place",
                  Action.Type.FLAG,
                  false,
                  "restart the primary where it is; nobody writes meanwhile")),
          new Action(
              "postgres",
              "roll-out",
              "Restart what waits for it: replicas one after the other, then the primary.",
              Permission.OPERATOR,
              Risk.DISRUPTIVE,
              List.of(
                  new Action.Field(
                      "in-place",
                      Action.Type.FLAG,
                      false,
                      "restart the primary where it is, instead of a switchover; nobody writes"
                          + " meanwhile"))),
          action(
              "disable",
              "Stop a replica, drop its slot and leave it alone.",
              Risk.DISRUPTIVE,
              member("the replica to leave alone")),
          action(
              "enable",
              "Take a member back that was left alone: as it is, rewound or copied anew.",
              Risk.IRREVERSIBLE,
              member("the member to take back")),
          action(
              "promote",
              "Make a replica the primary: a switchover if the primary answers, else a failover.",
              Risk.IRREVERSIBLE,
              member("the member that becomes primary")),
          action(
              "remaster",
              "Let a replica follow the present primary again.",
              Risk.SAFE,
              member("the replica to point anew")),
          action(
              "clone",
              "Copy the primary to a member that is empty or left out.",
              Risk.IRREVERSIBLE,
              member("the member to fill"),
              from(),
              new Action.Field(
                  "reclone", Action.Type.FLAG, false, "copy over data; what it alone has is lost")),
          action(
              "reclone",
              "Copy the primary over a replica's data; what it alone has is lost.",
              Risk.IRREVERSIBLE,
              member("the replica to copy anew"),
              from()),
          action(
              "fence",
              "End a member that takes writes, with proof.",
              Risk.IRREVERSIBLE,
              member("the member to end"),
              force()),
          action(
              "stonith",
              "The same as fence.",
              Risk.IRREVERSIBLE,
              member("the member to end"),
              force()));

  private MemberActions() {}

  private static Action action(
      String name, String summary, Risk risk, Action.Field first, Action.Field... more) {
    List<Action.Field> input = new ArrayList<>(List.of(first));
    input.addAll(List.of(more));
    return new Action("postgres", name, summary, Permission.OPERATOR, risk, input);
  }

  private static Action.Field from() {
    return new Action.Field(
        "from", Action.Type.MEMBER, false, "a replica to copy from; the primary if not given");
  }

  private static Action.Field force() {
    return new Action.Field(
        "force",
        Action.Type.FLAG,
        false,
        "end the primary although it is well; a failover follows");
  }

  private static Action.Field member(String summary) {
    return new Action.Field("member", Action.Type.MEMBER, true, summary);
  }
}
