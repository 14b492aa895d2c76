package io.cotidal.postgres.steps;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.pgclient.Quote;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.SettingsWatch;
import io.cotidal.postgres.observe.SlotNames;
import io.cotidal.postgres.plan.cluster.SyncNames;
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
import java.util.stream.Collectors;

/**
 * The configuration of a server that does not run. A clone and a rewind bring the source's files
 * along, with its port and its name, so all of it is written anew before each start.
 */
final class ServerFiles {
  private static final String BEGIN = "# cotidal: begin. Written anew at each start.";
  private static final String END = "# cotidal: end";

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
   * @param parameters what our file is to say
   */
  void writeDemoted(String conninfo, SequencedMap<String, String> parameters)
      throws IOException, InterruptedException {
    demote();
    writeStatic(parameters);
    SequencedMap<String, String> entries = automatic();
    archive.clean(entries);
    entries.keySet().removeIf(Recovery::stops);
    String names = entries.getOrDefault("synchronous_standby_names", "");
    IDENTITY.forEach(entries::remove);
    if (spec.practice().care().slots().logical()) {
      entries.remove("synchronized_standby_slots");
    }
    entries.put("primary_conninfo", conninfo);
    entries.put("primary_slot_name", SlotNames.of(node.id()));
    entries.put("synchronous_standby_names", names(names));
    automatic(entries);
  }

  private void automatic(Map<String, String> entries) throws IOException, InterruptedException {
    String text =
        entries.entrySet().stream()
            .map(entry -> entry.getKey() + " = " + Quote.setting(entry.getValue()) + "\n")
            .collect(Collectors.joining());
    inside.write(
        node.data().resolve("postgresql.auto.conf"),
        "# Written by ALTER SYSTEM and Cotidal.\n" + text);
  }

  /** Takes what another cluster's backup brought along out of the way; the server has not run. */
  void estrange() throws IOException, InterruptedException {
    demote();
    SequencedMap<String, String> entries = automatic();
    entries.keySet().removeIf(Recovery::foreign);
    archive.estrange(entries);
    automatic(entries);
  }

  /** Writes everything for a start that recovers, and stops where {@code recovery} says. */
  void writeRecovering(Map<String, String> recovery) throws IOException, InterruptedException {
    writeDemoted("", new OwnFile(spec, node, inside).declared());
    SequencedMap<String, String> entries = automatic();
    entries.putAll(recovery);
    automatic(entries);
  }

  /** Writes what does not depend on the role. */
  void writeStatic(SequencedMap<String, String> parameters)
      throws IOException, InterruptedException {
    archive.write(inside);
    new OwnFile(spec, node, inside).write(OwnFile.text(parameters));
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
    for (String plain : SettingsWatch.letIn(spec)) {
      String address = plain.indexOf('/') >= 0 ? plain : '"' + plain + '"';
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
