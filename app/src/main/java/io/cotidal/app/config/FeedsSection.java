package io.cotidal.app.config;

import static io.cotidal.app.config.FeedsForms.duration;
import static io.cotidal.app.config.FeedsForms.flag;

import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Mode;
import io.cotidal.model.Names;
import io.cotidal.model.ResourceId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads one replica below {@code feeds}. */
final class FeedsSection {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final String WHERE = "write git: FOLDER or hg: FOLDER, the replica's own clone";

  private final Section section;
  private final Secrets secrets;

  FeedsSection(Section section, Secrets secrets) {
    this.section = section;
    this.secrets = secrets;
  }

  /** The replica; empty if what nothing can stand for is missing, and then reported. */
  Optional<FeedsSpec> read(String name) {
    if (!Names.valid(name)) {
      section.reject(
          "is not a name", "use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit");
    }
    Mode mode =
        section.get("mode", Forms.word(Mode.class), Value.standard(Mode.OBSERVE, "observe"));
    Optional<FeedsSpec.Repository> repository = repository();
    FeedsSpec.Choice choice = new FeedsChoice(section).read();
    Optional<FeedsSpec.Transfer> transfer =
        new FeedsTransfer(section).read(repository.map(FeedsSpec.Repository::folder));
    FeedsDatabases databases = new FeedsDatabases(section, secrets);
    Optional<FeedsSpec.Database> database = databases.database();
    List<FeedsSpec.GeoServer> servers = new FeedsGeoServers(section, secrets).read();
    Optional<FeedsSpec.Status> status = databases.status(name);
    FeedsSpec.Pace pace = pace();
    section.close();
    if (!Names.valid(name) || repository.isEmpty() || transfer.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new FeedsSpec(
            new ResourceId("feeds", name),
            mode,
            repository.get(),
            choice,
            transfer.get(),
            database,
            servers,
            status,
            pace));
  }

  private Optional<FeedsSpec.Repository> repository() {
    Optional<Section> written = section.section("repository");
    if (written.isEmpty()) {
      if (!section.has("repository")) {
        section.problem("repository", "is missing", WHERE);
      }
      return Optional.empty();
    }
    Section repository = written.get();
    boolean git = repository.has("git");
    boolean hg = repository.has("hg");
    Optional<Path> folder = Optional.empty();
    if (git == hg) {
      repository.reject(git ? "names two clones" : "names no clone", WHERE);
    } else {
      folder = repository.need(git ? "git" : "hg", Forms.absolutePath(), Optional.empty(), WHERE);
    }
    String url =
        repository.get(
            "url", FeedsForms.source(), Value.standard("", "(what the clone itself names)"));
    String branch =
        repository.get("branch", FeedsForms.branch(), Value.standard("", "(the tool's usual one)"));
    Optional<Path> signers =
        repository.get("signers", FeedsForms.path(), Value.standard(Optional.empty(), "(anybody)"));
    if (hg && signers.isPresent()) {
      repository.problem(
          "signers", "Mercurial's commits are not signed", "keep the repository in Git");
    }
    repository.close();
    FeedsSpec.Tool tool = git ? FeedsSpec.Tool.GIT : FeedsSpec.Tool.HG;
    return folder.map(at -> new FeedsSpec.Repository(tool, at, url, branch, signers));
  }

  private FeedsSpec.Pace pace() {
    return new FeedsSpec.Pace(
        duration(section, "poll", Duration.ofMinutes(1), SECOND, DAY),
        duration(section, "deadline", Duration.ofMinutes(1), SECOND, Duration.ofHours(1)),
        duration(section, "longest-pause", Duration.ofHours(1), SECOND, DAY),
        flag(section, "together", true),
        flag(section, "repair", true));
  }
}
