package io.cotidal.postgres.steps;

import io.cotidal.pgclient.Quote;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.ServerSettings;
import io.cotidal.postgres.reach.Inside;
import io.cotidal.postgres.spec.Parameters;
import io.cotidal.postgres.spec.PostgresSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of a server's parameters that belongs to Cotidal, and what it is to say. */
final class OwnFile {
  private static final Logger LOG = LoggerFactory.getLogger(OwnFile.class);
  private static final String OURS = ServerSettings.OURS;
  private static final String INCLUDE = "include = '" + OURS + "'";
  private static final Pattern DECODES =
      Pattern.compile("^\\s*wal_level\\s*=?\\s*'?logical\\b", Pattern.MULTILINE);
  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_.]*");

  private final PostgresSpec spec;
  private final Node node;
  private final Inside inside;
  private final Archiving archive;

  /** That of the member that {@code turn} acts on. */
  OwnFile(PostgresSpec spec, Turn turn) {
    this(spec, turn.node(), turn.inside());
  }

  /** That of {@code node}, of which {@code inside} is a stay. */
  OwnFile(PostgresSpec spec, Node node, Inside inside) {
    this.spec = spec;
    this.node = node;
    this.inside = inside;
    this.archive = new Archiving(spec, node);
  }

  /** What is declared, with what an archive needs. */
  SequencedMap<String, String> declared() throws IOException, InterruptedException {
    Parameters parameters = Parameters.of(spec, node.server());
    for (String name : parameters.declared().keySet()) {
      if (!NAME.matcher(name).matches()) {
        throw new IOException("setting '" + name + "': use a-z 0-9 _ and dots");
      }
    }
    LinkedHashMap<String, String> all = new LinkedHashMap<>(parameters.usual());
    all.putAll(parameters.declared());
    return whole(all);
  }

  /** What {@code text}, a file of ours, says, and what is this member's own as it is now. */
  SequencedMap<String, String> kept(String text) throws IOException, InterruptedException {
    LinkedHashMap<String, String> all = new LinkedHashMap<>(ServerFiles.parse(text));
    Archiving.NAMES.forEach(all::remove);
    return whole(all);
  }

  /** What a server that is not asked for anything new has: what our file says, if there is one. */
  SequencedMap<String, String> asItStands() throws IOException, InterruptedException {
    String ours = text();
    return ours.isEmpty() || !spec.practice().care().settings() ? declared() : kept(ours);
  }

  private SequencedMap<String, String> whole(SequencedMap<String, String> values)
      throws IOException, InterruptedException {
    SequencedMap<String, String> fixed = Parameters.of(spec, node.server()).fixed();
    fixed.keySet().forEach(values::remove);
    values.putAll(archive.settings(false));
    values.putAll(fixed);
    if (decodes()) {
      values.put("wal_level", "logical");
    }
    return values;
  }

  /**
   * Whether somebody else's configuration has logical slots: with a lower level a server that has
   * one does not start.
   */
  private boolean decodes() throws IOException, InterruptedException {
    return DECODES.matcher(inside.read(node.data().resolve("postgresql.conf")).orElse("")).find();
  }

  /** A file of ours with these parameters. */
  static String text(SequencedMap<String, String> values) {
    StringBuilder text = new StringBuilder("# Written by Cotidal.\n");
    for (Map.Entry<String, String> entry : values.entrySet()) {
      text.append(entry.getKey())
          .append(" = ")
          .append(Quote.setting(entry.getValue()))
          .append('\n');
    }
    return text.toString();
  }

  /** The file of ours as it is; empty if there is none. */
  String text() throws IOException, InterruptedException {
    return inside.read(node.data().resolve(OURS)).orElse("");
  }

  /** Puts that text into the file of ours, and has the server's own file name it. */
  void write(String text) throws IOException, InterruptedException {
    inside.write(node.data().resolve(OURS), text);
    include();
  }

  /** The file that keeps what ours said before, until the server has taken what it says now. */
  private Path before() {
    return node.places().gate().resolve("settings");
  }

  /**
   * Keeps what our file says, should a server not start with what it is to say.
   *
   * @return whether it could be kept: a gate of an earlier release does not
   */
  boolean remember(String text) throws InterruptedException {
    try {
      inside.write(before(), text);
      return true;
    } catch (IOException e) {
      LOG.info("member={} its gate keeps no earlier parameters: {}", node.id(), e.getMessage());
      return false;
    }
  }

  /** What our file said before, if the server has not taken what it says now. */
  Optional<String> remembered() throws InterruptedException {
    try {
      return inside.read(before()).filter(text -> !text.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The server has taken what our file says. */
  void forget() throws IOException, InterruptedException {
    if (remembered().isPresent()) {
      inside.delete(before());
    }
  }

  private void include() throws IOException, InterruptedException {
    Path file = node.data().resolve("postgresql.conf");
    String text = inside.read(file).orElse("");
    if (text.lines().noneMatch(INCLUDE::equals)) {
      inside.write(
          file, text + (text.isEmpty() || text.endsWith("\n") ? "" : "\n") + INCLUDE + "\n");
    }
  }
}
