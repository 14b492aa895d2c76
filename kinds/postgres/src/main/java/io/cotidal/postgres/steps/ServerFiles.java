package io.cotidal.postgres.steps;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.pgclient.Quote;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.SlotNames;
import io.cotidal.postgres.plan.SyncNames;
import io.cotidal.postgres.reach.Inside;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The configuration of a server that does not run. A clone and a rewind bring the source's files
 * along, with its port and its name, so all of it is written anew before each start.
 */
final class ServerFiles {
  private static final String OURS = "cotidal.conf";
  private static final String INCLUDE = "include = '" + OURS + "'";
  private static final String BEGIN = "# cotidal: begin. Written anew at each start.";
  private static final String END = "# cotidal: end";
  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_.]*");

  /**
   * Set per member by us: an entry of ALTER SYSTEM that came along from another member must not
   * win.
   */
  private static final Set<String> IDENTITY =
      Set.of(
          "port",
          "listen_addresses",
          "cluster_name",
          "unix_socket_directories",
          "hba_file",
          "primary_conninfo",
          "primary_slot_name",
          "synchronous_standby_names",
          "recovery_target_timeline");

  private final PostgresSpec spec;
  private final Node node;
  private final Inside inside;
  private final Archiving archive;

  /** Those of the member that {@code turn} acts on. */
  ServerFiles(PostgresSpec spec, Turn turn) {
    this(spec, turn.node(), turn.inside());
  }

  /** Those of {@code node}, of which {@code inside} is a stay. */
  ServerFiles(PostgresSpec spec, Node node, Inside inside) {
    this.spec = spec;
    this.node = node;
    this.inside = inside;
    this.archive = new Archiving(spec, node);
  }

  /** The file from which a standby takes the password for its upstream. */
  static Path passwords(Node node) {
    return node.places().gate().resolve("passfile");
  }

  /**
   * Writes everything for a start as a standby.
   *
   * @param conninfo whom to follow; empty for nobody
   */
  void writeDemoted(String conninfo) throws IOException, InterruptedException {
    demote();
    writeStatic();
    SequencedMap<String, String> entries = automatic();
    archive.clean(entries);
    String names = entries.getOrDefault("synchronous_standby_names", "");
    IDENTITY.forEach(entries::remove);
    entries.put("primary_conninfo", conninfo);
    entries.put("primary_slot_name", SlotNames.of(node.id()));
    entries.put("synchronous_standby_names", names(names));
    String text =
        entries.entrySet().stream()
            .map(entry -> entry.getKey() + " = " + Quote.setting(entry.getValue()) + "\n")
            .collect(Collectors.joining());
    inside.write(
        node.data().resolve("postgresql.auto.conf"),
        "# Written by ALTER SYSTEM and Cotidal.\n" + text);
  }

  /** Writes what does not depend on the role. */
  void writeStatic() throws IOException, InterruptedException {
    inside.write(node.data().resolve(OURS), settings());
    archive.write(inside);
    include();
    access();
    writePasswords();
  }

  /** Makes the next start a demoted one. */
  void demote() throws IOException, InterruptedException {
    archive.forbid(inside);
    inside.delete(node.data().resolve("recovery.signal"));
    inside.write(node.signal(), "");
  }

  /** Writes the file with the replication password, unless it says so already. */
  void writePasswords() throws IOException, InterruptedException {
    StringBuilder text = new StringBuilder();
    for (Server server : spec.servers()) {
      text.append(
          passwordLine(
              server, spec.access().replicationUser(), spec.access().replicationPassword()));
    }
    Path file = passwords(node);
    if (!inside.read(file).orElse("").contentEquals(text)) {
      inside.write(file, text.toString());
    }
  }

  /** One line of a password file. */
  static String passwordLine(Server server, String user, Secret password) {
    return Quote.passwordField(server.addresses().replication())
        + ":"
        + server.port()
        + ":*:"
        + Quote.passwordField(user)
        + ":"
        + Quote.passwordField(password.reveal())
        + "\n";
  }

  /**
   * The quorum list of a standby: its own if it has one, else all others. A list that is never
   * empty keeps a standby that is promoted behind our back from acknowledging alone, and is in
   * force before the first commit of a promoted one.
   */
  private String names(String own) {
    boolean names = !own.isEmpty() && !own.contains(Quote.identifier(node.id().name()));
    if (names || spec.quorum() == 0) {
      return names ? own : "";
    }
    List<MemberId> others =
        spec.members().stream().filter(member -> !member.equals(node.id())).toList();
    return SyncNames.text(Math.min(spec.quorum(), others.size()), others);
  }

  private String settings() throws IOException {
    LinkedHashMap<String, String> all = new LinkedHashMap<>();
    all.put("max_wal_senders", "16");
    all.put("max_replication_slots", "16");
    all.put("wal_keep_size", "64MB");
    all.put("wal_receiver_status_interval", "1s");
    all.put("wal_receiver_timeout", "2s");
    all.put("wal_sender_timeout", "3s");
    all.put("wal_retrieve_retry_interval", "100ms");
    all.put("log_line_prefix", "%m [%p] ");
    for (Map.Entry<String, String> setting : spec.settings().entrySet()) {
      if (!NAME.matcher(setting.getKey()).matches()) {
        throw new IOException("setting '" + setting.getKey() + "': use a-z 0-9 _ and dots");
      }
      all.put(setting.getKey(), setting.getValue());
    }
    all.putAll(archive.settings(false));
    all.put("wal_level", "replica");
    all.put("hot_standby", "on");
    all.put("wal_log_hints", "on");
    all.put("full_page_writes", "on");
    all.put("password_encryption", "scram-sha-256");
    all.put("recovery_target_timeline", "latest");
    all.put("logging_collector", "off");
    all.put("log_destination", "stderr");
    all.put("lc_messages", "C");
    all.put("listen_addresses", String.join(",", node.server().addresses().distinct()));
    all.put("port", Integer.toString(node.server().port()));
    all.put("unix_socket_directories", "");
    all.put("cluster_name", node.id().name());
    StringBuilder text = new StringBuilder("# Written by Cotidal at each start.\n");
    for (Map.Entry<String, String> entry : all.entrySet()) {
      text.append(entry.getKey())
          .append(" = ")
          .append(Quote.setting(entry.getValue()))
          .append('\n');
    }
    return text.toString();
  }

  private void include() throws IOException, InterruptedException {
    Path file = node.data().resolve("postgresql.conf");
    String text = read(file);
    if (text.lines().noneMatch(INCLUDE::equals)) {
      inside.write(
          file, text + (text.isEmpty() || text.endsWith("\n") ? "" : "\n") + INCLUDE + "\n");
    }
  }

  /** Our lines first: the first that fits decides. What an operator wrote behind them stays. */
  private void access() throws IOException, InterruptedException {
    Path file = entrance();
    inside.write(file, letIn(read(file)));
  }

  /** The file that says who is let in. */
  Path entrance() {
    return node.data().resolve("pg_hba.conf");
  }

  /**
   * That file's text with our lines as the spec has them now.
   *
   * @return empty if we never wrote lines there, or they are right already
   */
  Optional<String> staleEntrance(String text) {
    boolean ours = text.lines().anyMatch(BEGIN::equals);
    String right = letIn(text);
    return ours && !right.equals(text) ? Optional.of(right) : Optional.empty();
  }

  private String letIn(String text) {
    List<String> lines = new ArrayList<>(List.of(BEGIN));
    List<String> addresses = new ArrayList<>(List.of("127.0.0.1/32", "::1/128"));
    spec.servers().stream()
        .flatMap(server -> server.addresses().distinct().stream())
        .map(ServerFiles::address)
        .forEach(addresses::add);
    for (String address : addresses.stream().distinct().toList()) {
      lines.add("host all all " + address + " scram-sha-256");
      lines.add("host replication all " + address + " scram-sha-256");
    }
    lines.add(END);
    boolean ours = false;
    for (String line : text.lines().toList()) {
      ours = ours || line.equals(BEGIN);
      if (!ours) {
        lines.add(line);
      }
      ours = ours && !line.equals(END);
    }
    return String.join("\n", lines) + "\n";
  }

  private static String address(String host) {
    if (host.indexOf(':') >= 0) {
      return host + "/128";
    }
    return host.matches("[0-9.]+") ? host + "/32" : '"' + host.replace("\"", "") + '"';
  }

  private SequencedMap<String, String> automatic() throws IOException, InterruptedException {
    return parse(read(node.data().resolve("postgresql.auto.conf")));
  }

  /** The entries of a file that ALTER SYSTEM wrote. */
  static SequencedMap<String, String> parse(String text) {
    LinkedHashMap<String, String> entries = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      int equals = line.indexOf('=');
      if (line.isBlank() || line.startsWith("#") || equals < 0) {
        continue;
      }
      String value = line.substring(equals + 1).strip();
      if (value.length() >= 2 && value.startsWith("'") && value.endsWith("'")) {
        value = unquote(value.substring(1, value.length() - 1));
      }
      entries.put(line.substring(0, equals).strip(), value);
    }
    return entries;
  }

  private static String unquote(String quoted) {
    StringBuilder value = new StringBuilder();
    for (int i = 0; i < quoted.length(); i++) {
      char c = quoted.charAt(i);
      boolean escape = (c == '\'' || c == '\\') && i + 1 < quoted.length();
      value.append(escape ? quoted.charAt(++i) : c);
    }
    return value.toString();
  }

  private String read(Path file) throws IOException, InterruptedException {
    return inside.read(file).orElse("");
  }
}
