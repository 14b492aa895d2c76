package io.cotidal.objects.plan;

import io.cotidal.engine.MemberState;
import io.cotidal.model.Answers;
import io.cotidal.model.Details;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Observation;
import io.cotidal.model.Severity;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Site;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A namespace as screens show it. */
final class Screens {
  private static final String ROLE = "comparison";

  private final Picture picture;

  Screens(Picture picture) {
    this.picture = picture;
  }

  List<MemberView> members() {
    return picture.spec().members().stream().map(this::member).toList();
  }

  /** Every site gets from every other what it lacks. */
  List<LinkView> links() {
    List<LinkView> links = new ArrayList<>();
    for (Site from : picture.spec().sites()) {
      for (Site to : picture.spec().sites()) {
        if (!from.equals(to)) {
          boolean both =
              picture.site(from.member()).isPresent() && picture.site(to.member()).isPresent();
          links.add(
              new LinkView(
                  from.member(), to.member(), both ? "converging" : "waiting", null, null, false));
        }
      }
    }
    return links;
  }

  private MemberView member(MemberId id) {
    MemberState<ObjectsFacts> known = picture.state().member(id);
    Observation<ObjectsFacts> latest = known == null ? null : known.latest();
    String sentence = latest == null ? "not looked at yet" : latest.sentence();
    ObjectsFacts facts = known == null ? null : known.facts();
    return switch (facts) {
      case null ->
          new MemberView(
              id, role(id), answers(latest), sentence, Severity.WARNING, false, Details.NONE);
      case ObjectsFacts.Site seen ->
          new MemberView(
              id,
              role(id),
              Answers.YES,
              picture.skewed().contains(id)
                  ? "its clock is " + seen.skewMillis() + " ms off"
                  : sentence,
              picture.skewed().contains(id) ? Severity.CRITICAL : Severity.INFO,
              picture
                  .spec()
                  .site(id)
                  .filter(site -> picture.role(site) == Site.Role.ACTIVE)
                  .isPresent(),
              Details.of("version", seen.version()).with("skew-ms", seen.skewMillis()));
      case ObjectsFacts.Namespace seen ->
          new MemberView(
              id,
              role(id),
              Answers.YES,
              seen.round() == 0 ? "comparing for the first time" : seen.differs() + " differ",
              Severity.INFO,
              false,
              Details.of("containers", seen.containers())
                  .with("objects", seen.objects())
                  .with("bytes", seen.bytes())
                  .with("differ", seen.differs())
                  .with("round", seen.round()));
    };
  }

  private String role(MemberId id) {
    return picture
        .spec()
        .site(id)
        .map(site -> picture.role(site) == Site.Role.ACTIVE ? "active" : "backup")
        .orElse(id.equals(ObjectsSpec.NAMESPACE) ? ROLE : "unknown");
  }

  private static Answers answers(@Nullable Observation<ObjectsFacts> latest) {
    return switch (latest) {
      case null -> Answers.UNKNOWN;
      case Observation.Seen<ObjectsFacts> _ -> Answers.YES;
      case Observation.Refused<ObjectsFacts> _, Observation.Silent<ObjectsFacts> _ -> Answers.NO;
      case Observation.CannotTell<ObjectsFacts> _ -> Answers.UNKNOWN;
    };
  }
}
