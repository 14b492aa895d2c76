package io.cotidal.postgres.archive;

import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Restore;
import io.cotidal.postgres.spec.Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The script by which a member archives and fetches. PostgreSQL runs it by a shell, so that what is
 * in it must be harmless there; it has one name beside the data, and its checksum is looked at.
 *
 * @param archive where this cluster archives; empty if it does not
 * @param source the repositories of another cluster, from which this one can be made; only read
 * @param seat whose script it is
 */
public record ArchiveScript(
    Optional<Archive> archive, List<Archive.Place> source, ArchiveScript.Seat seat) {
  /** In the gate's folder: the script. */
  public static final String NAME = "archive";

  /** In the gate's folder: there on the member that was made primary, and on nobody else. */
  public static final String ARCHIVING = "archiving";

  /** By this word the script is asked for the repositories that the cluster is restored from. */
  public static final String SOURCE = "source";

  /** The most that the program of base backups can be held to, KiB a second. */
  private static final long MOST_RATE = 1 << 20;

  private static final Pattern HOLE = Pattern.compile("@([A-Z]+)@");

  private static final String RUN = "/bin/sh ";

  /**
   * The member.
   *
   * @param data its data directory
   * @param gate the folder beside it in which the script lies
   * @param bin where its server's programs are
   * @param host where the server listens for other members
   * @param port the same
   * @param user as whom it is copied
   * @param rate how many bytes a second a copy may take; 0 for as many as it can
   */
  public record Seat(
      Path data, Path gate, Path bin, String host, int port, String user, long rate) {}

  /** Copies the list. */
  public ArchiveScript {
    source = List.copyOf(source);
  }

  /** A script of a member that copies nothing. */
  ArchiveScript(Archive archive, Path data, Path gate) {
    this(
        Optional.of(archive), List.of(), new Seat(data, gate, Path.of("/"), "localhost", 1, "", 0));
  }

  /** The script of a member; empty if there is nothing for it to do. */
  public static Optional<ArchiveScript> of(PostgresSpec spec, Server server) {
    Optional<Archive> archive = spec.practice().care().archive();
    Optional<Restore> restore = spec.practice().care().restore();
    if (!server.gated() || (archive.isEmpty() && restore.isEmpty())) {
      return Optional.empty();
    }
    Path data = server.data();
    return Optional.of(
        new ArchiveScript(
            archive,
            restore.map(Restore::places).orElse(List.of()),
            new Seat(
                data,
                data.resolveSibling(data.getFileName() + ".gate"),
                server.bin(),
                server.addresses().replication(),
                server.port(),
                spec.access().replicationUser(),
                spec.practice().care().rate())));
  }

  /** Its text. */
  public String text() {
    // In one pass: nothing that was put in is looked at again.
    return filled(resource("archive.sh"));
  }

  private String filled(String text) {
    return HOLE.matcher(text).replaceAll(hole -> Matcher.quoteReplacement(filling(hole.group(1))));
  }

  private String filling(String hole) {
    return switch (hole) {
      case "GATE" -> Words.quoted(seat.gate().toString());
      case "DATA" -> Words.quoted(seat.data().toString());
      case "BIN" -> Words.quoted(seat.bin().toString());
      case "LIMIT" -> Long.toString(Math.max(1, limit().toSeconds()));
      case "OWN" -> Words.quoted(names("own_", own().size()));
      case "SOURCE" -> Words.quoted(names("source_", source.size()));
      case "BASES" -> filled(resource("bases.sh"));
      case "HOST" -> Words.quoted(seat.host());
      case "PORT" -> Integer.toString(seat.port());
      case "USER" -> Words.quoted(seat.user());
      case "RATE" -> rate();
      case "PLACE" -> functions("own_", own()) + functions("source_", source);
      default -> throw new IllegalStateException("the script has no place for " + hole);
    };
  }

  private String rate() {
    long wanted = seat.rate() >> 10;
    return Long.toString(wanted == 0 ? MOST_RATE : Math.clamp(wanted, 32, MOST_RATE));
  }

  private Duration limit() {
    return archive.map(Archive::limit).orElse(Archive.LIMIT);
  }

  private List<Archive.Place> own() {
    return archive.map(Archive::places).orElse(List.of());
  }

  private static String names(String beginning, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(each -> beginning + each)
        .collect(Collectors.joining(" "));
  }

  /** Each repository is a function, after which the others are about it. */
  private String functions(String beginning, List<Archive.Place> places) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < places.size(); i++) {
      text.append(beginning).append(i + 1).append("() {\nplain\ntitle=");
      text.append(Words.quoted(places.get(i).title())).append('\n');
      text.append(place(places.get(i))).append("\n}\n\n");
    }
    return text.toString();
  }

  /** The SHA-256 of the text, in lower-case hexadecimal. */
  public String checksum() {
    return checksum(text());
  }

  /** The SHA-256 of a script's text, in lower-case hexadecimal. */
  public static String checksum(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Where it lies. */
  public Path file() {
    return seat.gate().resolve(NAME);
  }

  /** What {@code archive_command} says. */
  public String pushing() {
    // pgBackRest takes no backup where the command does not name it.
    boolean named = own().stream().anyMatch(Archive.Place.PgBackRest.class::isInstance);
    return setting("push %p %f" + (named ? " pgbackrest" : ""));
  }

  /** What {@code restore_command} says of a replica; empty if it fetches nothing. */
  public String fetching() {
    return archive.filter(Archive::restore).isPresent() ? setting("fetch %f %p") : "";
  }

  /** What {@code restore_command} says while the cluster is restored. */
  public String restoring() {
    return setting("fetch %f %p " + SOURCE);
  }

  private String setting(String words) {
    // The server replaces percent signs before the shell sees them.
    return RUN + Words.quoted(file().toString()).replace("%", "%%") + " " + words;
  }

  private String place(Archive.Place where) {
    return switch (where) {
      case Archive.Place.Folder folder ->
          "folder=" + Words.quoted(folder.folder().toString()) + "\n\n" + resource("folder.sh");
      case Archive.Place.PgBackRest backRest -> pgBackRest(backRest);
      case Archive.Place.Commands commands -> commands(commands);
    };
  }

  private static String pgBackRest(Archive.Place.PgBackRest place) {
    List<String> words = new ArrayList<>(List.of("limited", "pgbackrest"));
    place.configuration().ifPresent(file -> words.add("--config=" + escaped(file.toString())));
    words.add("--stanza=" + escaped(place.stanza()));
    return "stanza="
        + Words.quoted(place.stanza())
        + "\n\nbackrest() {\n  "
        + Words.command(words)
        + " \"$@\"\n}\n\n"
        + resource("pgbackrest.sh");
  }

  private static String escaped(String text) {
    return text.replace("%", "%%");
  }

  private static String commands(Archive.Place.Commands place) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> variable : place.environment().entrySet()) {
      text.append("export ").append(variable.getKey()).append('=');
      text.append(Words.quoted(variable.getValue())).append('\n');
    }
    text.append(function("push", place.push()));
    text.append(function("fetch", place.fetch()));
    text.append(function("names", place.list()));
    text.append(function("expire", place.expire()));
    return text.toString();
  }

  private static String function(String name, List<String> words) {
    String body =
        words.isEmpty()
            ? "complain 'the configuration has no command for this'"
            : "limited " + Words.command(words);
    return "\n" + name + "() {\n  " + body + "\n}\n";
  }

  private static String resource(String name) {
    try (InputStream file = ArchiveScript.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is missing from this build");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
