package io.cotidal.copies.database;

import io.cotidal.copies.database.DatabaseEngine.Recovered;
import io.cotidal.copies.database.DatabaseEngine.Restoration;
import io.cotidal.engine.snapshot.RecoveryTarget;
import io.cotidal.pgclient.Lsn;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a base backup, with the log behind it, a cluster of its own as the source was at a target.
 * As in {@link PostgresAdoption} nobody can log in before that is done, and there is no archive:
 * what was laid is all that recovery reads. Where it stopped, the server's log and the history of
 * the timeline that it began there both say.
 */
final class PostgresRestoration {
  private static final String LABEL = "backup_label";
  private static final String TOO_SHORT =
      "recovery ended before configured recovery target was reached";
  private static final Pattern STOPS = Pattern.compile("LOG:\\s+(recovery stopping .*)");
  private static final Pattern LAST =
      Pattern.compile("last completed transaction was at log time (\\S+ \\S+)");
  private static final Pattern DONE = Pattern.compile("redo done at ([0-9A-F]+/[0-9A-F]+)");
  private static final Pattern SWITCH =
      Pattern.compile("(?m)^\\s*([0-9]+)\\s+([0-9A-F]+/[0-9A-F]+)\\s+\\S.*$");

  private final Place place;
  private final PostgresAdoption adoption;

  PostgresRestoration(LocalProcesses processes, Installation installation, Place place) {
    this.place = place;
    this.adoption = new PostgresAdoption(processes, installation, place);
  }

  Recovered restore(Restoration wanted, Deadline deadline)
      throws EngineException, InterruptedException {
    try {
      adoption.begin(Set.of(LABEL), deadline);
      long logged = Files.exists(place.log()) ? Files.size(place.log()) : 0;
      recover(wanted, logged, deadline);
      Recovered recovered = judged(wanted, LocalProcesses.tail(place.log(), logged));
      adoption.end(wanted.user(), deadline);
      return recovered;
    } catch (IOException e) {
      throw new EngineException(
          "cannot make a cluster of its own of " + place.data() + ": " + e.getMessage(), e);
    }
  }

  private void recover(Restoration wanted, long logged, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    List<String> settings = new ArrayList<>();
    wanted.target().settings().forEach((name, value) -> settings.add(name + "=" + value));
    settings.add("recovery_target_action=promote");
    // What it says is read again.
    settings.add("lc_messages=C");
    settings.add("timezone=UTC");
    try {
      adoption.recover(wanted.timeline(), settings, deadline);
    } catch (EngineException e) {
      String said = LocalProcesses.tail(place.log(), logged);
      throw said.contains(TOO_SHORT) ? tooShort(wanted.target(), said) : e;
    }
  }

  private static EngineException tooShort(RecoveryTarget target, String said) {
    return new EngineException(
        target.words()
            + " is not reached: the log that the archive gives ends at "
            + last(DONE, said).orElse("the base backup")
            + last(LAST, said)
                .map(time -> ", its last commit is of " + time)
                .orElse(", without a commit since the base backup"));
  }

  private Recovered judged(Restoration wanted, String said) throws EngineException, IOException {
    Matcher where = SWITCH.matcher(history());
    long timeline = 0;
    String position = "";
    while (where.find()) {
      timeline = Long.parseLong(where.group(1));
      position = where.group(2);
    }
    if (position.isEmpty()) {
      throw new EngineException("the server does not say where its recovery ended");
    }
    Optional<String> stopped = last(STOPS, said);
    String commit = last(LAST, said).orElse("");
    switch (wanted.target()) {
      case RecoveryTarget.Latest latest -> {
        if (Lsn.parse(position) < wanted.least()) {
          throw tooShort(wanted.target(), said);
        }
      }
      case RecoveryTarget target when stopped.isEmpty() ->
          throw new EngineException(
              "the server does not say that its recovery stopped at " + target.words());
      case RecoveryTarget.Time time when !commit.isEmpty() && after(commit, time) ->
          throw new EngineException(
              "the data has a commit of " + commit + ", which is past the target");
      case RecoveryTarget target -> {}
    }
    return new Recovered(timeline, position, stopped.orElse("the archive has no more"), commit);
  }

  /** The server writes a zone of no minutes as two digits. */
  private static boolean after(String commit, RecoveryTarget.Time time) {
    return OffsetDateTime.parse(commit.replace(' ', 'T').replaceFirst("([+-][0-9]{2})$", "$1:00"))
        .toInstant()
        .isAfter(time.at());
  }

  /** The text of the newest timeline's history: its last line says where that was begun. */
  private String history() throws IOException {
    TreeMap<String, Path> all = new TreeMap<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(place.data().resolve("pg_wal"), "*.history")) {
      files.forEach(file -> all.put(file.getFileName().toString(), file));
    }
    return all.isEmpty() ? "" : Files.readString(all.lastEntry().getValue());
  }

  private static Optional<String> last(Pattern pattern, String said) {
    Matcher matcher = pattern.matcher(said);
    String found = "";
    while (matcher.find()) {
      found = matcher.group(1).strip();
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(found);
  }
}
