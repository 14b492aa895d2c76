package io.cotidal.postgres.rehearsal;

import io.cotidal.model.Secret;
import io.cotidal.pgclient.Quote;
import io.cotidal.pgclient.Verifier;
import io.cotidal.postgres.rehearsal.Source.Setting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What keeps a clone from touching anything but its fellows. Nothing of the real server's files is
 * trusted: parameters are written anew, from those of the running server that are known to be
 * harmless and then those that shut it in; who is let in is written anew, and no role of the real
 * cluster can log in. Pure.
 *
 * @param settings what every clone is started with
 * @param dropped names of the real server's parameters that its clones do not have
 */
public record Quarantine(SortedMap<String, String> settings, List<String> dropped) {
  /** Groups of parameters that reach nothing outside of the server and load nothing into it. */
  private static final List<String> HARMLESS =
      List.of(
          "Resource Usage / ",
          "Write-Ahead Log / Settings",
          "Write-Ahead Log / Checkpoints",
          "Replication / Sending Servers",
          "Replication / Primary Server",
          "Replication / Master Server",
          "Replication / Standby Servers",
          "Query Tuning / ",
          "Lock Management");

  /** Of other groups. */
  private static final Set<String> ALSO =
      Set.of("max_connections", "superuser_reserved_connections", "reserved_connections");

  /** Members of those groups that are not taken over all the same. */
  private static final Set<String> NEVER =
      Set.of(
          // They are the real cluster's names and delays.
          "synchronized_standby_slots",
          "sync_replication_slots",
          "recovery_min_apply_delay",
          // They belong to the real machine.
          "huge_pages",
          "io_method",
          "max_stack_depth",
          "temp_tablespaces");

  /** What is written for each clone by itself, whatever the real server has. */
  private static final Set<String> WRITTEN =
      Set.of(
          "cluster_name",
          "full_page_writes",
          "hot_standby",
          "lc_messages",
          "listen_addresses",
          "log_destination",
          "logging_collector",
          "password_encryption",
          "port",
          "primary_conninfo",
          "primary_slot_name",
          "recovery_target_timeline",
          "synchronous_standby_names",
          "unix_socket_directories",
          "wal_level",
          "wal_log_hints");

  private static final int LIBRARY_SINCE = 15;
  private static final int SWITCH_SINCE = 17;

  /** Copies the collections. */
  public Quarantine {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    dropped = List.copyOf(dropped);
  }

  /** Of clones of that server. */
  public static Quarantine of(Source source) {
    TreeMap<String, String> settings = new TreeMap<>();
    List<String> dropped = new ArrayList<>();
    SortedMap<String, String> walls = walls(source.major());
    for (Setting each : source.settings()) {
      if (harmless(each)) {
        settings.put(each.name(), each.value());
      } else if (!WRITTEN.contains(each.name()) && !each.value().equals(walls.get(each.name()))) {
        dropped.add(each.name());
      }
    }
    settings.putAll(walls);
    return new Quarantine(settings, dropped);
  }

  private static boolean harmless(Setting setting) {
    boolean group = HARMLESS.stream().anyMatch(setting.category()::startsWith);
    String name = setting.name();
    return (group || ALSO.contains(name))
        && !NEVER.contains(name)
        && !WRITTEN.contains(name)
        // A parameter with a dot is an extension's, whatever group it is shown in.
        && name.indexOf('.') < 0;
  }

  private static SortedMap<String, String> walls(int major) {
    TreeMap<String, String> walls = new TreeMap<>();
    // Nothing leaves.
    walls.put("archive_mode", "off");
    walls.put("archive_command", "");
    walls.put("archive_cleanup_command", "");
    walls.put("recovery_end_command", "");
    walls.put("max_logical_replication_workers", "0");
    walls.put("bonjour", "off");
    // Nothing comes in.
    walls.put("restore_command", "");
    walls.put("ssl", "off");
    // No code of others runs by itself: a library, a job, a function in an index.
    walls.put("shared_preload_libraries", "");
    walls.put("session_preload_libraries", "");
    walls.put("local_preload_libraries", "");
    walls.put("dynamic_library_path", "$libdir");
    walls.put("autovacuum", "off");
    walls.put("jit", "off");
    // Nothing of the data is written down elsewhere.
    walls.put("log_statement", "none");
    walls.put("log_min_duration_statement", "-1");
    walls.put("log_min_error_statement", "panic");
    if (major >= LIBRARY_SINCE) {
      walls.put("archive_library", "");
    }
    if (major >= SWITCH_SINCE) {
      walls.put("event_triggers", "off");
      walls.put("sync_replication_slots", "off");
    }
    return walls;
  }

  /** The same with shared buffers of that many bytes at most, for all clones share one machine. */
  Quarantine withBuffers(long most) {
    long own = bytes(settings.getOrDefault("shared_buffers", "128MB"));
    if (own <= most) {
      return this;
    }
    TreeMap<String, String> smaller = new TreeMap<>(settings);
    smaller.put("shared_buffers", Math.max(1, most >> 20) + "MB");
    List<String> told = new ArrayList<>(dropped);
    told.add("shared_buffers");
    return new Quarantine(smaller, told);
  }

  private static long bytes(String shown) {
    String number = shown.replaceAll("[^0-9]", "");
    long value = number.isEmpty() ? 0 : Long.parseLong(number);
    return switch (shown.replaceAll("[0-9]", "")) {
      case "kB" -> value << 10;
      case "MB" -> value << 20;
      case "GB" -> value << 30;
      case "TB" -> value << 40;
      default -> value;
    };
  }

  /** A file of the server's parameters that says this and no more. */
  String text(SortedMap<String, String> own) {
    TreeMap<String, String> all = new TreeMap<>(settings);
    all.putAll(own);
    StringBuilder text = new StringBuilder("# A throw-away clone of a rehearsal.\n");
    all.forEach(
        (name, value) -> text.append(name).append(" = ").append(Quote.setting(value)).append('\n'));
    return text.toString();
  }

  /** Who is let in: one login that was made for this run, from this machine. */
  static String entrance(String login) {
    String name = Quote.identifier(login);
    return "host all "
        + name
        + " 127.0.0.1/32 scram-sha-256\n"
        + "host replication "
        + name
        + " 127.0.0.1/32 scram-sha-256\n";
  }

  /**
   * What single-user mode does to the copy before any server of it can be reached: nobody logs in
   * but the login of this run, no session begins with settings that were made for a role or a
   * database, no subscription is enabled, and there is an empty database without any trigger.
   *
   * @param login the role, and the database
   */
  static String statements(String login, Secret password) {
    String name = Quote.identifier(login);
    return String.join(
        "\n",
        "SET log_min_error_statement = 'panic';",
        "UPDATE pg_authid SET rolcanlogin = false, rolpassword = NULL;",
        "DELETE FROM pg_db_role_setting;",
        "UPDATE pg_subscription SET subenabled = false;",
        "DROP SCHEMA IF EXISTS cotidal CASCADE;",
        "CREATE ROLE "
            + name
            + " SUPERUSER LOGIN REPLICATION PASSWORD "
            + Quote.literal(Verifier.scram(password).reveal())
            + ";",
        "CREATE DATABASE " + name + " TEMPLATE template0 OWNER " + name + ";",
        "");
  }
}
