package io.cotidal.cli.commands;

/** The commands that are always there, in the order of the help. */
enum Builtin {
  GET("get", Group.LOOK, "Show all resources, worst first, or one with its members and links"),
  STATUS(
      "status", Group.LOOK, "Show everything about one resource: diagnosis, evidence, guarantee"),
  WATCH("watch", Group.LOOK, "The same, drawn again whenever it changes"),
  DIFF("diff", Group.LOOK, "Show what differs from what is wanted; exit 3 on drift"),
  EVENTS("events", Group.LOOK, "Show what happened"),

  PLAN_LIST("plan list", Group.CHANGE, "List proposals that wait for an approval"),
  PLAN_SHOW(
      "plan show", Group.CHANGE, "Show what is wanted of a resource, or one proposal's steps"),
  PLAN_APPROVE("plan approve", Group.CHANGE, "Let a proposal run"),
  PLAN_REJECT("plan reject", Group.CHANGE, "Turn a proposal down"),
  APPLY("apply", Group.CHANGE, "Let the daemon take up its changed configuration"),
  PAUSE("pause", Group.CHANGE, "Let nothing be done by itself for a while"),
  RESUME("resume", Group.CHANGE, "Let things be done by themselves again"),

  OP_LIST("op list", Group.OPERATIONS, "List operations, newest first"),
  OP_GET("op get", Group.OPERATIONS, "Show one operation with its steps and their evidence"),
  OP_WATCH("op watch", Group.OPERATIONS, "Follow one operation until it ends"),
  OP_CANCEL("op cancel", Group.OPERATIONS, "End an operation early"),
  OP_RESUME("op resume", Group.OPERATIONS, "Let an operation that needs attention go on"),
  OP_RESOLVE("op resolve", Group.OPERATIONS, "Say how an operation that needs attention ended"),

  COPY_CREATE("copy create", Group.COPIES, "Make a database of your own out of a template"),
  COPY_LIST("copy list", Group.COPIES, "List copies"),
  COPY_SHOW("copy show", Group.COPIES, "Show one copy, and how it is reached"),
  COPY_ENV("copy env", Group.COPIES, "Print a copy's settings as lines for a file .env"),
  COPY_SHELL("copy shell", Group.COPIES, "Open a copy in mariadb or psql"),
  COPY_DIFF("copy diff", Group.COPIES, "Show what differs from its template; exit 3 if it does"),
  COPY_RESET("copy reset", Group.COPIES, "Give a copy the template's data again"),
  COPY_RENEW("copy renew", Group.COPIES, "Let a copy live longer"),
  COPY_STOP("copy stop", Group.COPIES, "Stop a copy's server; its data stays"),
  COPY_START("copy start", Group.COPIES, "Start a copy's server again"),
  COPY_DELETE("copy delete", Group.COPIES, "Remove a copy and its data"),
  TEMPLATE_LIST("template list", Group.COPIES, "List templates"),
  TEMPLATE_SHOW("template show", Group.COPIES, "Show one template and its generations"),
  TEMPLATE_IMPORT("template import", Group.COPIES, "Load a dump into a new generation"),

  FEED_JOBS("feed jobs", Group.FEEDS, "Show how every job of a replica stands"),
  FEED_EXPLAIN("feed explain", Group.FEEDS, "Show why a job stands as it does"),
  FEED_ROLLBACK("feed rollback", Group.FEEDS, "Let a table read an earlier generation"),
  FEED_RETRY("feed retry", Group.FEEDS, "Try a job that failed at once"),

  TOKEN_CREATE("token create", Group.ADMINISTER, "Make a token for somebody"),
  TOKEN_LIST("token list", Group.ADMINISTER, "List tokens, without their secrets"),
  TOKEN_DELETE("token delete", Group.ADMINISTER, "Refuse a token from now on"),
  DOCTOR("doctor", Group.ADMINISTER, "Find what is wrong, and how to mend it"),
  COMPLETION("completion", Group.ADMINISTER, "Print a completion script for bash"),
  VERSION("version", Group.ADMINISTER, "Show the version of this command and of the server"),

  COMPAT_FAB(
      "compat fab", Group.COMPAT, "Run a task of DB replicator's fabfile, db.ls for example"),
  COMPAT_UPDATE("compat update", Group.COMPAT, "Import the dumps of all templates again"),
  COMPAT_REAPER(
      "compat reaper", Group.COMPAT, "Delete expired copies; list the dead and unhealthy");

  /** Headings of the help. */
  enum Group {
    LOOK("Look"),
    CHANGE("Change"),
    OPERATIONS("Operations"),
    COPIES("Copies of databases"),
    FEEDS("Published datasets"),
    ADMINISTER("Administer"),
    COMPAT("As before, with DB replicator");

    private final String heading;

    Group(String heading) {
      this.heading = heading;
    }

    String heading() {
      return heading;
    }
  }

  private final String words;
  private final Group group;
  private final String summary;

  Builtin(String words, Group group, String summary) {
    this.words = words;
    this.group = group;
    this.summary = summary;
  }

  String words() {
    return words;
  }

  Group group() {
    return group;
  }

  String summary() {
    return summary;
  }
}
