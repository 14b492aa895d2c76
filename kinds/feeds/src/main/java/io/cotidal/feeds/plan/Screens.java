package io.cotidal.feeds.plan;

import io.cotidal.engine.MemberState;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Answers;
import io.cotidal.model.Details;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Observation;
import io.cotidal.model.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The replica as screens show it. */
final class Screens {
  private final Picture picture;

  Screens(Picture picture) {
    this.picture = picture;
  }

  List<MemberView> members() {
    return picture.spec().members().stream().map(this::member).toList();
  }

  /** Data flows from the repository's jobs to those who serve them. */
  List<LinkView> links() {
    return picture.spec().members().stream()
        .filter(member -> !member.equals(FeedsSpec.REPOSITORY))
        .map(member -> {
          MemberState<FeedsFacts> known = picture.state().member(member);
          boolean answers = known != null && known.answers();
          return new LinkView(
              FeedsSpec.REPOSITORY, member, answers ? "publishing" : "waiting", null, null, false);
        })
        .toList();
  }

  private MemberView member(MemberId id) {
    MemberState<FeedsFacts> known = picture.state().member(id);
    FeedsFacts facts = known == null ? null : known.facts();
    Observation<FeedsFacts> latest = known == null ? null : known.latest();
    String sentence = latest == null ? "not looked yet" : latest.sentence();
    return switch (facts) {
      case null ->
          new MemberView(
              id, role(id), answers(latest), sentence, Severity.WARNING, false, Details.NONE);
      case FeedsFacts.Repository seen ->
          new MemberView(
              id,
              role(id),
              Answers.YES,
              trouble(seen).isEmpty() ? sentence : trouble(seen),
              trouble(seen).isEmpty() ? Severity.INFO : Severity.WARNING,
              false,
              columns(seen));
      case FeedsFacts.Database seen ->
          new MemberView(
              id,
              role(id),
              Answers.YES,
              sentence,
              Severity.INFO,
              true,
              Details.of("tables", seen.served().size())
                  .with("kept", seen.kept().values().stream().mapToInt(each -> each.size()).sum()));
      case FeedsFacts.GeoServer seen ->
          new MemberView(
              id,
              role(id),
              Answers.YES,
              sentence,
              Severity.INFO,
              true,
              Details.of("version", seen.version()).with("known", seen.present().size()));
    };
  }

  /** What keeps jobs from coming; else what keeps reports from going. */
  private static String trouble(FeedsFacts.Repository seen) {
    return seen.trouble().isEmpty() && !seen.unheard().isEmpty()
        ? "reports wait: " + seen.unheard()
        : seen.trouble();
  }

  private static Answers answers(@Nullable Observation<FeedsFacts> latest) {
    return switch (latest) {
      case null -> Answers.UNKNOWN;
      case Observation.Seen<FeedsFacts> _ -> Answers.YES;
      case Observation.Refused<FeedsFacts> _, Observation.Silent<FeedsFacts> _ -> Answers.NO;
      case Observation.CannotTell<FeedsFacts> _ -> Answers.UNKNOWN;
    };
  }

  private static String role(MemberId id) {
    return id.equals(FeedsSpec.REPOSITORY)
        ? "repository"
        : id.equals(FeedsSpec.DATABASE) ? "database" : "geoserver";
  }

  private Details columns(FeedsFacts.Repository seen) {
    return Details.of("head", seen.head())
        .with("applied", seen.applied().orElse(""))
        .with("behind", seen.behind())
        .with("waiting", seen.waiting())
        .with("jobs", seen.things().size())
        .with("published", Absent.published(picture))
        .with("excluded", seen.excluded().size())
        .with("unreadable", seen.unreadable().size());
  }
}
