package io.cotidal.postgres.compat;

import static io.cotidal.postgres.compat.HandyrepKey.carried;
import static io.cotidal.postgres.compat.HandyrepKey.named;

import io.cotidal.postgres.compat.HandyrepKey.Fate.Named;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The original's keys, section by section. */
final class HandyrepKeys {
  private static final Named LOG =
      new Named("the daemon's log goes to its standard error", "send it where the others go");

  private static final Named TABLE =
      new Named(
          "the state lies in Cotidal's store",
          "see store in docs/control-plane.md; state-table writes it here too");

  private static final Named TOKENS =
      new Named(
          "every request needs a token of its caller's own",
          "make them with cot token create; for old clients write compat.handyrep");

  private static final Named ELECTION =
      new Named(
          "who acts is elected: by a lock beside the store, or a lease in a store that is shared",
          "see docs/control-plane.md");

  private static final Named ALERT =
      new Named(
          "Python plug-ins are not run",
          "write alerts (webhook, mail), see docs/plugins.md, or watch the metrics at /metrics");

  private static final Named PLUGIN =
      new Named("Python plug-ins are not run", "docs/handyrep.md says what does its work");

  private static final Named FILES =
      new Named(
          "Cotidal writes what concerns replication itself, into files of its own",
          "put further parameters below settings");

  private static final Named LOOKS =
      new Named(
          "every look is a whole one, over a session that is kept", "remove it; nothing is lost");

  private static final Named PROXIES =
      new Named(
          "which proxies there are is written anew",
          "write proxies (pgbouncer, haproxy, pgpool), see docs/postgres.md, or a plug-in of your own, see"
              + " docs/plugins.md");

  private static final Named ARCHIVING =
      new Named(
          "archiving is set up by Cotidal's own means or by yours",
          "see docs/postgres.md; archive_command may stand below settings");

  private static final Named MOMENT =
      new Named("it is the state of a moment", "Cotidal looks for itself");

  static final List<HandyrepKey> GENERAL =
      List.of(
          carried("handyrep", "cluster_name", "hr1", "postgres.NAME"),
          named("handyrep", "last_updated", "", MOMENT),
          named(
              "handyrep",
              "override_server_file",
              "False",
              new Named(
                  "the configuration says who the members are, always",
                  "give servers.save to cot adopt too if it is the newer one")),
          named(
              "handyrep",
              "server_file",
              "servers.save",
              new Named(
                  "servers.save is read once, here",
                  "give it to cot adopt too: it knows the servers better than this file")),
          named("handyrep", "authentication_method", "zero_auth", TOKENS),
          named("handyrep", "master_check_method", "handyrep_oneserver", ELECTION),
          named("handyrep", "master_check_parameters", "", ELECTION),
          named("handyrep", "log_verbose", "False", LOG),
          named("handyrep", "log_file", "handyrep.log", LOG),
          carried("handyrep", "postgresql_version", "", "defaults.bin"),
          named("handyrep", "handyrep_db", "postgres", TABLE),
          named("handyrep", "handyrep_schema", "public", TABLE),
          named("handyrep", "handyrep_table", "handyrep", TABLE),
          named("handyrep", "handyrep_user", "handyrep", TABLE),
          carried("handyrep", "postgres_superuser", "postgres", "superuser.name"),
          carried("handyrep", "replication_user", "postgres", "replication.name"),
          named("handyrep", "templates_dir", "templates", FILES),
          named("handyrep", "test_ssh_command", "ls", LOOKS),
          named("handyrep", "push_alert_method", "", ALERT),
          named("handyrep", "push_alert_parameters", "", ALERT));

  static final List<HandyrepKey> PASSWORDS =
      List.of(
          carried("passwords", "superuser_pass", "", "superuser.password"),
          named("passwords", "admin_password", "handyrep", TOKENS),
          named("passwords", "read_password", "handyrep", TOKENS),
          named("passwords", "handyrep_db_pass", "", TABLE),
          carried("passwords", "replication_pass", "", "replication.password"));

  static final List<HandyrepKey> FAILOVER =
      List.of(
          carried("failover", "auto_failover", "False", "failover.automatic"),
          named("failover", "poll_method", "poll_isready", LOOKS),
          named(
              "failover",
              "poll_interval",
              "60",
              new Named(
                  "members are looked at several times a second",
                  "write failover.tick to slow it")),
          named("failover", "verify_frequency", "60", LOOKS),
          carried("failover", "fail_retries", "3", "failover.confirm"),
          carried("failover", "fail_retry_interval", "10", "failover.tick"),
          named(
              "failover",
              "recovery_retries",
              "6",
              new Named("each step has a deadline of its own", "remove it")),
          named(
              "failover",
              "selection_method",
              "select_by_priority",
              new Named(
                  "the furthest by timeline and position is promoted; failover_priority decides"
                      + " between equals",
                  "put the preferred members first")),
          named(
              "failover",
              "remaster",
              "False",
              new Named("the other replicas always follow the new primary", "remove it")),
          carried("failover", "restart_master", "False", "failover.restart"),
          named("failover", "connection_failover_method", "", PROXIES),
          named("failover", "poll_connection_proxy", "False", PROXIES),
          named(
              "failover",
              "replication_status_method",
              "",
              new Named("lag is told in bytes and seconds by every look", "remove it")));

  static final List<HandyrepKey> ARCHIVE =
      List.of(
          named("archive", "archiving", "False", ARCHIVING),
          named("archive", "archive_script_method", "archive_local_dir", ARCHIVING),
          named("archive", "archive_delete_method", "", ARCHIVING));

  static final List<HandyrepKey> SERVERS =
      List.of(
          carried("servers", "hostname", "", "members[].host"),
          carried("servers", "role", "replica", "members[]"),
          carried("servers", "enabled", "True", "members[]"),
          carried("servers", "failover_priority", "999", "members[].priority"),
          carried("servers", "port", "5432", "members[].port"),
          carried("servers", "pgdata", "", "members[].data"),
          named("servers", "pgconf", "", FILES),
          named("servers", "replica_conf", "", FILES),
          named("servers", "recovery_template", "", FILES),
          carried("servers", "ssh_user", "handyrep", "members[].ssh.user"),
          carried("servers", "ssh_key", ".ssh/id_rsa", "members[].ssh.identity"),
          named("servers", "restart_method", "restart_pg_ctl", PLUGIN),
          named("servers", "promotion_method", "promote_pg_ctl", PLUGIN),
          named("servers", "clone_method", "clone_basebackup", PLUGIN),
          carried("servers", "lag_limit", "1000", "members[].lag-limit"));

  /** What servers.save adds to each server. */
  static final List<HandyrepKey> STATUS =
      List.of(
          named("servers", "status", "", MOMENT),
          named("servers", "status_no", "", MOMENT),
          named("servers", "status_ts", "", MOMENT),
          named("servers", "status_message", "", MOMENT),
          named("servers", "lag", "", MOMENT));

  /** Everything that the original's validator knows, and what its servers.save adds. */
  static final List<HandyrepKey> ALL =
      Stream.of(GENERAL, PASSWORDS, FAILOVER, ARCHIVE, SERVERS, STATUS)
          .flatMap(List::stream)
          .toList();

  private HandyrepKeys() {}

  /** The key of that section and name. */
  static Optional<HandyrepKey> find(String section, String name) {
    return ALL.stream()
        .filter(key -> key.section().equals(section) && key.name().equals(name))
        .findFirst();
  }
}
