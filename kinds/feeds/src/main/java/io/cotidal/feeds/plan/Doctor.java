package io.cotidal.feeds.plan;

import io.cotidal.engine.MemberState;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** From what is known to the verdict. */
final class Doctor {
  private final Picture picture;

  Doctor(Picture picture) {
    this.picture = picture;
  }

  FeedsDiagnosis diagnose() {
    Optional<FeedsFacts.Repository> repository = picture.repository();
    Optional<FeedsDiagnosis> unclear = unclear();
    if (repository.isEmpty() || unclear.isPresent()) {
      return unclear.orElseGet(
          () -> new FeedsDiagnosis.Unclear(FeedsSpec.REPOSITORY.name(), "not looked yet"));
    }
    SortedMap<Subject, Standing.Of> all = new Standing(picture, repository.get()).all();
    List<String> poisoned = new ArrayList<>();
    String first = "";
    List<String> drifted = new ArrayList<>();
    String drift = "";
    int ahead = 0;
    for (Map.Entry<Subject, Standing.Of> entry : all.entrySet()) {
      Standing.Of of = entry.getValue();
      if (of instanceof Standing.Of.Failing || of instanceof Standing.Of.Refused) {
        first = poisoned.isEmpty() ? of.sentence() : first;
        poisoned.add(entry.getKey().key());
      } else if (of instanceof Standing.Of.Drifted) {
        drift = drifted.isEmpty() ? of.sentence() : drift;
        drifted.add(entry.getKey().key());
      } else if (of instanceof Standing.Of.Ahead || of instanceof Standing.Of.Held) {
        ahead++;
      }
    }
    if (!poisoned.isEmpty()) {
      return new FeedsDiagnosis.Poisoned(poisoned, first);
    }
    if (!repository.get().trouble().isEmpty()) {
      return new FeedsDiagnosis.CutOff(repository.get().trouble());
    }
    if (!drifted.isEmpty()) {
      return new FeedsDiagnosis.Drifted(drifted, drift);
    }
    return ahead > 0
        ? new FeedsDiagnosis.Behind(ahead, repository.get().behind(), repository.get().waiting())
        : new FeedsDiagnosis.Healthy(repository.get().head(), Absent.published(picture));
  }

  private Optional<FeedsDiagnosis> unclear() {
    for (MemberId member : picture.spec().members()) {
      MemberState<FeedsFacts> known = picture.state().member(member);
      if (known == null || !known.answers()) {
        Observation<FeedsFacts> latest = known == null ? null : known.latest();
        return Optional.of(
            new FeedsDiagnosis.Unclear(
                member.name(), latest == null ? "not looked yet" : latest.sentence()));
      }
    }
    return Optional.empty();
  }
}
