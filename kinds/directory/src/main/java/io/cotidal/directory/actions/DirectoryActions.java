package io.cotidal.directory.actions;

import io.cotidal.model.Action;
import io.cotidal.model.Action.Field;
import io.cotidal.model.Permission;
import io.cotidal.model.Risk;
import java.util.List;

/** What people can ask of a directory. */
public final class DirectoryActions {
  /** Every action. */
  public static final List<Action> ALL =
      List.of(
          action(
              "prove",
              "Write at every member and wait until every other shows it.",
              Risk.SAFE,
              new Field(
                  "digest", Action.Type.FLAG, false, "compare the content of all entries too")),
          action(
              "adopt",
              "Take over agreements that were made by hand.",
              Risk.SAFE,
              new Field(
                  "member",
                  Action.Type.MEMBER,
                  false,
                  "whose; those of every member if not given")),
          action(
              "rotate",
              "Set the configured replication password on every account and agreement.",
              Risk.SAFE),
          action(
              "reinitialise",
              "Fill a member anew from another. What it alone has is lost.",
              Risk.IRREVERSIBLE,
              new Field("member", Action.Type.MEMBER, true, "the member that is overwritten"),
              new Field(
                  "from",
                  Action.Type.MEMBER,
                  false,
                  "whose data it gets; the most advanced if not given")),
          action(
              "remove",
              "Let go of a member that left, without waiting any longer.",
              Risk.IRREVERSIBLE,
              new Field("member", Action.Type.NAME, true, "the member that is named no more")));

  private DirectoryActions() {}

  private static Action action(String name, String summary, Risk risk, Field... fields) {
    return new Action("directory", name, summary, Permission.OPERATOR, risk, List.of(fields));
  }
}
