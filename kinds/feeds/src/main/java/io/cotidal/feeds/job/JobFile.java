package io.cotidal.feeds.job;

import java.util.Optional;
import java.util.Set;

/**
 * What a path of the repository is.
 *
 * @param channel empty for roles
 * @param stem what stands before the ending: {@code sites.parcels}
 */
record JobFile(String path, String channel, Sort sort, String stem, Part part) {
  private static final String JSON = ".json";

  /** What a file is to its subject. */
  enum Part {
    JOB(""),
    METADATA(".meta"),
    EMPTIED(".empty_gwc");

    private final String mark;

    Part(String mark) {
      this.mark = mark;
    }

    private boolean of(Sort sort) {
      return switch (this) {
        case JOB -> true;
        case METADATA -> sort == Sort.LAYER;
        case EMPTIED ->
            switch (sort) {
              case LAYER, WMS_LAYER, LIVE_LAYER, GROUP -> true;
              case WMS_STORE, LIVE_STORE, WORKSPACE, RULES, ROLES -> false;
            };
      };
    }
  }

  /** The job file at {@code path}; empty if it is none, or of a channel that is not listened to. */
  static Optional<JobFile> of(String path, Set<String> channels) {
    String[] parts = path.split("/", -1);
    String last = parts[parts.length - 1];
    if (last.equals(Sort.ROLES.folder())) {
      return Optional.of(new JobFile(path, "", Sort.ROLES, "", Part.JOB));
    }
    if (parts.length < 2 || !channels.contains(parts[0])) {
      return Optional.empty();
    }
    if (parts.length == 2) {
      return last.equals(Sort.RULES.folder())
          ? Optional.of(new JobFile(path, parts[0], Sort.RULES, "", Part.JOB))
          : Optional.empty();
    }
    return parts.length == 3 && last.endsWith(JSON)
        ? Sort.ofFolder(parts[1]).map(sort -> document(path, parts[0], sort, last))
        : Optional.empty();
  }

  private static JobFile document(String path, String channel, Sort sort, String file) {
    String stem = file.substring(0, file.length() - JSON.length());
    for (Part part : new Part[] {Part.METADATA, Part.EMPTIED}) {
      if (part.of(sort) && stem.endsWith(part.mark)) {
        String bare = stem.substring(0, stem.length() - part.mark.length());
        return new JobFile(path, channel, sort, bare, part);
      }
    }
    return new JobFile(path, channel, sort, stem, Part.JOB);
  }

  /** The path as messages say it. */
  String place() {
    return BadJob.line(path.length() > 200 ? path.substring(0, 199) + "…" : path);
  }

  /** What it is about. */
  Subject subject() throws BadJob {
    return switch (sort) {
      case ROLES -> new Subject(sort, "roles", "");
      case RULES -> new Subject(sort, channel, "");
      case WORKSPACE -> {
        if (!Grammar.schema(stem)) {
          throw bad(
              "is no schema for jobs; use 1 to 63 of A-Z a-z 0-9 _ - and no schema's that is"
                  + " taken");
        }
        yield new Subject(sort, stem, "");
      }
      case LAYER, WMS_STORE, WMS_LAYER, LIVE_STORE, LIVE_LAYER, GROUP -> named();
    };
  }

  private Subject named() throws BadJob {
    int dot = stem.indexOf('.');
    if (dot < 0) {
      throw bad("names no workspace; call the file WORKSPACE.NAME.json");
    }
    String workspace = stem.substring(0, dot);
    String name = stem.substring(dot + 1);
    if (!Grammar.workspace(workspace) || !Grammar.name(name)) {
      throw bad("is no name; use 1 to 63 of A-Z a-z 0-9 _ - for each of workspace and name");
    }
    return new Subject(sort, workspace, name);
  }

  private BadJob bad(String reason) {
    return new BadJob(place(), BadJob.quoted(stem) + " " + reason);
  }

  /** Stands for what it is about, if its name cannot. */
  Subject nameless() {
    return new Subject(sort, "unnamed", Digest.of(path).substring(0, 12));
  }
}
