package io.cotidal.postgres.actions;

import io.cotidal.model.Action;
import io.cotidal.model.Permission;
import io.cotidal.model.Risk;
import java.util.List;

/** What people can ask about a cluster without anything being changed. */
public final class Questions {
  /** Looks at every member anew, and tries a write. */
  public static final String VERIFY = "verify";

  /** Holds the running servers against the configuration. */
  public static final String VALIDATE = "validate";

  /** How the primary is. */
  public static final String CHECK_PRIMARY = "check-primary";

  /** Whether the replicas follow, and how far behind. */
  public static final String CHECK_REPLICAS = "check-replicas";

  /** Every server. */
  public static final String SERVERS = "servers";

  /** One server with all that holds for it. */
  public static final String SERVER = "server";

  /** What would happen if the primary died now. */
  public static final String FAILOVER_CHECK = "failover-check";

  /** Which base backups there are, and from when to when a restore is possible. */
  public static final String BACKUPS = "backups";

  /** What old primaries had that their successors have not. */
  public static final String LOSSES = "losses";

  /** The parameters that are declared, against what is in force. */
  public static final String SETTINGS = "settings";

  static final List<Action> ALL =
      List.of(
          question(
              VERIFY,
              "Look at every member anew, and try a write on the primary.",
              Permission.OPERATOR),
          question(
              VALIDATE, "Hold the running servers against the configuration.", Permission.OPERATOR),
          question(CHECK_PRIMARY, "Say how the primary is.", Permission.VIEWER),
          question(
              CHECK_REPLICAS,
              "Say whether the replicas follow, and how far behind they are.",
              Permission.VIEWER),
          question(
              SERVERS,
              "Show the servers.",
              Permission.VIEWER,
              new Action.Field(
                  "role", Action.Type.NAME, false, "primary or replica; both if not given")),
          question(
              SERVER,
              "Show all that holds for one server.",
              Permission.VIEWER,
              new Action.Field("member", Action.Type.MEMBER, true, "the server")),
          question(
              FAILOVER_CHECK, "Say what would happen if the primary died now.", Permission.VIEWER),
          question(
              BACKUPS,
              "Say which base backups there are, and from when to when a restore is possible.",
              Permission.OPERATOR),
          question(
              LOSSES,
              "Say what old primaries had that their successors have not.",
              Permission.VIEWER,
              new Action.Field(
                  "of", Action.Type.TEXT, false, "one of them, table by table; all if not given")),
          question(
              SETTINGS,
              "Hold the parameters that are declared against what is in force.",
              Permission.VIEWER,
              new Action.Field(
                  "all", Action.Type.FLAG, false, "show what is in force already, too")));

  private Questions() {}

  private static Action question(
      String name, String summary, Permission needs, Action.Field... input) {
    return new Action("postgres", name, summary, needs, Risk.NONE, List.of(input));
  }
}
