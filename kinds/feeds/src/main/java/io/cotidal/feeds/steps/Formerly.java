package io.cotidal.feeds.steps;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Subject;
import io.cotidal.model.MemberId;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which rules of access a channel's file gave each GeoServer last: those that the file names no
 * more are taken away, and nobody else's are.
 */
final class Formerly {
  private final Path folder;

  Formerly(Path folder) {
    this.folder = folder;
  }

  private Path file(MemberId server, Subject subject) {
    return folder.resolve(server.name() + "." + subject.workspace());
  }

  /** The resources that the file named; empty before the first time. */
  Set<String> of(MemberId server, Subject subject) throws ActFailed {
    try {
      return Files.readAllLines(file(server, subject)).stream()
          .filter(line -> !line.isBlank())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (NoSuchFileException e) {
      return Set.of();
    } catch (IOException e) {
      throw ActFailed.because(e);
    }
  }

  /** The file names these now. */
  void are(MemberId server, Subject subject, Body.Rules rules) throws ActFailed {
    String text =
        rules.rules().stream().map(Body.Rule::resource).collect(Collectors.joining("\n", "", "\n"));
    try {
      Files.createDirectories(folder);
      Durable.replace(file(server, subject), text, null, "rw-------");
    } catch (IOException e) {
      throw ActFailed.because(e);
    }
  }
}
