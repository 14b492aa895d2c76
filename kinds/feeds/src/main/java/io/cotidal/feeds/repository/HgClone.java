package io.cotidal.feeds.repository;

import io.cotidal.feeds.repository.Commands.Call;
import io.cotidal.feeds.repository.Commands.Said;
import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.feeds.spec.FeedsSpec.Tool;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Runs the system's {@code hg} in a clone. Only a pull reads the clone's own {@code hgrc}, for what
 * its operator says of the way to the master; its hooks are switched off even then, so that a clone
 * whose hook calls Cotidal does not call it for Cotidal's own pulls.
 */
final class HgClone {
  private final Place place;
  private final Commands commands;

  HgClone(Place place, Commands commands) {
    this.place = place;
    this.commands = commands;
  }

  FeedsSpec.Repository what() {
    return place.what();
  }

  /** How messages name it. */
  String shown() {
    return place.what().folder().toString();
  }

  /** The branch. */
  String branch() {
    return place.what().branch().isEmpty() ? "default" : place.what().branch();
  }

  Commands commands() {
    return commands;
  }

  /** Where Mercurial keeps what it keeps. */
  Path directory() {
    return place.what().folder().resolve(".hg");
  }

  /** Makes an empty clone if there is none and an address is known. */
  void ensure(Deadline deadline) throws IOException, RepositoryException, InterruptedException {
    FreshClone.ensure(
        what(),
        commands,
        fresh -> Call.of(List.of("hg", "init", "--", fresh.toString()), environment(), fresh),
        deadline);
  }

  /** A call that reads the clone and nobody's settings. */
  Call reading(List<String> arguments) {
    SortedMap<String, String> environment = environment();
    environment.put("HGRCSKIPREPO", "1");
    return call(arguments, environment);
  }

  private Call call(List<String> arguments, SortedMap<String, String> environment) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "hg",
                "--noninteractive",
                "--repository",
                place.what().folder().toString(),
                "--config",
                // What a commit names as a part of itself is never fetched or made.
                "subrepos.allowed=false"));
    line.addAll(arguments);
    return Call.of(line, environment, place.what().folder());
  }

  Said run(Call call, Deadline deadline) throws IOException, InterruptedException {
    return commands.run(call, deadline);
  }

  /** What it prints, if it succeeds. */
  String ask(Call call, Deadline deadline)
      throws IOException, RepositoryException, InterruptedException {
    try (Said said = commands.run(call, deadline)) {
      if (said.exit() != 0) {
        throw Complaint.of(shown(), said.errors());
      }
      return said.text();
    }
  }

  /**
   * Pulls the branch.
   *
   * @throws RepositoryException if it cannot; once, an abandoned transaction is cleaned up first
   */
  void pull(Deadline deadline) throws IOException, RepositoryException, InterruptedException {
    HgSettings settings = settings(deadline);
    Address address = address(settings);
    List<String> line = new ArrayList<>(List.of("pull", "--quiet"));
    settings.hooks().forEach(hook -> line.addAll(List.of("--config", "hooks." + hook + "=")));
    line.addAll(List.of("--config", "ui.ssh=" + quoted(place.ssh())));
    // Whoever holds the lock may hold it for a whole synchronisation: say so while there is time.
    long wait = Math.max(1, deadline.left().toSeconds() / 4);
    line.addAll(List.of("--config", "ui.timeout=" + wait));
    line.addAll(List.of("--branch=" + branch(), "--", address.text()));
    Optional<String> failed = failure(call(line, environment()), address, deadline);
    if (failed.isPresent() && failed.get().contains("abandoned transaction found")) {
      ask(reading(List.of("recover", "--config", "ui.timeout=" + wait)), deadline);
      failed = failure(call(line, environment()), address, deadline);
    }
    if (failed.isPresent()) {
      throw Complaint.of(address.shown(), failed.get());
    }
  }

  private Optional<String> failure(Call call, Address address, Deadline deadline)
      throws RepositoryException, InterruptedException {
    try (Said said = commands.run(call, deadline)) {
      // With a program in the place of ssh that fails, its words are on either stream.
      return said.exit() == 0 ? Optional.empty() : Optional.of(said.errors() + said.text());
    } catch (IOException e) {
      throw Complaint.of(address.shown(), e, deadline);
    }
  }

  private HgSettings settings(Deadline deadline)
      throws IOException, RepositoryException, InterruptedException {
    List<String> line = List.of("config", "--template", HgSettings.TEMPLATE, "hooks", "paths");
    try (Said said = commands.run(call(line, environment()), deadline)) {
      // It ends with 1 if there are none.
      if (said.exit() > 1) {
        throw Complaint.of(shown(), said.errors());
      }
      return HgSettings.read(said.text());
    }
  }

  private Address address(HgSettings settings) throws RepositoryException {
    if (!place.what().url().isEmpty()) {
      return Address.of(place.what().url(), Tool.HG, false);
    }
    String origin =
        settings
            .origin()
            .orElseThrow(() ->
                new RepositoryException(
                    Kind.BROKEN,
                    "repository %s: the clone names no default path; set its url"
                        .formatted(shown())));
    return Address.inClone(origin, place.what().folder(), Tool.HG, false);
  }

  /** Mercurial gives that text to a shell. */
  private static String quoted(Path program) {
    return "'" + program.toString().replace("'", "'\\''") + "'";
  }

  private static SortedMap<String, String> environment() {
    SortedMap<String, String> all = new TreeMap<>();
    all.put("HGPLAIN", "1");
    all.put("HGRCPATH", "");
    all.put("HGENCODING", "UTF-8");
    return all;
  }
}
