package io.cotidal.postgres.archive;

import io.cotidal.postgres.spec.Archive;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The script by which a member archives and fetches. PostgreSQL runs it by a shell, so that what is
 * in it must be harmless there; it has one name beside the data, and its checksum is looked at.
 *
 * @param archive what is wanted
 * @param data the member's data directory
 * @param gate the folder beside it in which the script lies
 */
public record ArchiveScript(Archive archive, Path data, Path gate) {
  /** In the gate's folder: the script. */
  public static final String NAME = "archive";

  /** In the gate's folder: there on the member that was made primary, and on nobody else. */
  public static final String ARCHIVING = "archiving";

  private static final Pattern HOLE = Pattern.compile("@(GATE|LIMIT|PLACE)@");

  private static final String RUN = "/bin/sh ";

  /** Its text. */
  public String text() {
    // In one pass: nothing that was put in is looked at again.
    return HOLE.matcher(resource("archive.sh"))
        .replaceAll(hole -> Matcher.quoteReplacement(filling(hole.group(1))));
  }

  private String filling(String hole) {
    return switch (hole) {
      case "GATE" -> Words.quoted(gate.toString());
      case "LIMIT" -> Long.toString(Math.max(1, archive.limit().toSeconds()));
      default -> place();
    };
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
    return gate.resolve(NAME);
  }

  /** What {@code archive_command} says. */
  public String pushing() {
    // pgBackRest takes no backup where the command does not name it.
    boolean named = archive.place() instanceof Archive.Place.PgBackRest;
    return setting("push %p %f" + (named ? " pgbackrest" : ""));
  }

  /** What {@code restore_command} says. */
  public String fetching() {
    return setting("fetch %f %p");
  }

  private String setting(String words) {
    // The server replaces percent signs before the shell sees them.
    return RUN + Words.quoted(file().toString()).replace("%", "%%") + " " + words;
  }

  private String place() {
    return switch (archive.place()) {
      case Archive.Place.Folder folder ->
          "folder=" + Words.quoted(folder.folder().toString()) + "\n\n" + resource("folder.sh");
      case Archive.Place.PgBackRest backRest -> pgBackRest(backRest);
      case Archive.Place.Commands commands -> commands(commands);
    };
  }

  private String pgBackRest(Archive.Place.PgBackRest place) {
    List<String> words = new ArrayList<>(List.of("limited", "pgbackrest"));
    place.configuration().ifPresent(file -> words.add("--config=" + escaped(file.toString())));
    words.add("--stanza=" + escaped(place.stanza()));
    return "stanza="
        + Words.quoted(place.stanza())
        + "\n\nbackrest() {\n  "
        + Words.command(words)
        + " \"$@\"\n}\n\ndata="
        + Words.quoted(data.toString())
        + "\n\n"
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
