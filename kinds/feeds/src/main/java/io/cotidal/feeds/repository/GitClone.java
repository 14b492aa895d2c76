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
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Runs the system's {@code git} in a clone: with its own settings but nobody else's, without hooks,
 * and over no protocol but the one that is named.
 */
final class GitClone {
  private static final List<String> SETTINGS =
      List.of(
          "core.hooksPath=/dev/null",
          "core.fsmonitor=false",
          "core.askPass=",
          "core.alternateRefsCommand=",
          // What is said to be applied is so after a power cut.
          "core.fsync=committed,loose-object,reference",
          "fetch.fsckObjects=true",
          "fetch.writeCommitGraph=false",
          "gc.autoDetach=false",
          "gc.packRefs=false",
          "protocol.allow=never");

  private final Place place;
  private final Commands commands;

  GitClone(Place place, Commands commands) {
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

  /**
   * Where Git keeps what it keeps; makes an empty clone if there is none and an address is known.
   */
  Path directory(Deadline deadline) throws IOException, RepositoryException, InterruptedException {
    FreshClone.ensure(what(), commands, this::init, deadline);
    return Path.of(ask(List.of("rev-parse", "--absolute-git-dir"), deadline).strip());
  }

  private Call init(Path fresh) {
    return Call.of(
        List.of("git", "init", "--quiet", "--bare", "--template=", "--", fresh.toString()),
        environment(),
        fresh);
  }

  /** The address to pull from. */
  Address address(Deadline deadline) throws IOException, RepositoryException, InterruptedException {
    boolean signed = place.what().signers().isPresent();
    if (!place.what().url().isEmpty()) {
      return Address.of(place.what().url(), Tool.GIT, signed);
    }
    try (Said said = run(call(List.of("config", "--get", "remote.origin.url")), deadline)) {
      String origin = said.text().strip();
      if (said.exit() != 0 || origin.isEmpty()) {
        throw new RepositoryException(
            Kind.BROKEN,
            "repository %s: the clone names no origin; set its url".formatted(shown()));
      }
      return Address.inClone(origin, place.what().folder(), Tool.GIT, signed);
    }
  }

  /** A call of Git in the clone; {@code arguments} begin with Git's own settings or a command. */
  Call call(List<String> arguments) {
    List<String> line = new ArrayList<>(List.of("git"));
    SETTINGS.forEach(setting -> line.addAll(List.of("-c", setting)));
    line.addAll(arguments);
    return Call.of(line, environment(), place.what().folder());
  }

  Said run(Call call, Deadline deadline) throws IOException, InterruptedException {
    return commands.run(call, deadline);
  }

  /** What it prints, if it succeeds. */
  String ask(List<String> arguments, Deadline deadline)
      throws IOException, RepositoryException, InterruptedException {
    try (Said said = run(call(arguments), deadline)) {
      if (said.exit() != 0) {
        throw Complaint.of(shown(), said.errors());
      }
      return said.text();
    }
  }

  private SortedMap<String, String> environment() {
    SortedMap<String, String> all = new TreeMap<>();
    all.put("GIT_CONFIG_NOSYSTEM", "1");
    all.put("GIT_CONFIG_GLOBAL", "/dev/null");
    all.put("GIT_ATTR_NOSYSTEM", "1");
    all.put("GIT_TERMINAL_PROMPT", "0");
    // A clone's own core.sshCommand would come before GIT_SSH, but not before this one.
    all.put("GIT_SSH_COMMAND", "'" + place.ssh().toString().replace("'", "'\\''") + "'");
    all.put("GIT_SSH_VARIANT", "ssh");
    // Replacements of objects would show another content than the one that was signed.
    all.put("GIT_NO_REPLACE_OBJECTS", "1");
    all.put("GIT_OPTIONAL_LOCKS", "0");
    // A folder that is no clone must not be taken for a part of one that it lies in.
    all.put("GIT_CEILING_DIRECTORIES", FreshClone.parent(place.what().folder()).toString());
    return all;
  }
}
