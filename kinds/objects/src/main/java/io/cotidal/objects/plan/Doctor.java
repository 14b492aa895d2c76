package io.cotidal.objects.plan;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.observe.ObjectsFacts.Difference;
import io.cotidal.objects.spec.Site;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The verdict on a namespace. */
final class Doctor {
  private final Picture picture;

  Doctor(Picture picture) {
    this.picture = picture;
  }

  ObjectsDiagnosis diagnose() {
    Set<MemberId> silent = picture.silent();
    Set<MemberId> skewed = picture.skewed();
    Optional<ObjectsFacts.Namespace> seen = picture.namespace();
    if (silent.size() == picture.spec().sites().size()) {
      return new ObjectsDiagnosis.Unseen(evidence());
    }
    if (!skewed.isEmpty()) {
      return new ObjectsDiagnosis.ClockSkew(skewed, worst(skewed), evidence());
    }
    if (!silent.isEmpty() || seen.filter(each -> !each.unread().isEmpty()).isPresent()) {
      Set<MemberId> unread = seen.map(each -> (Set<MemberId>) each.unread()).orElse(Set.of());
      return new ObjectsDiagnosis.SiteSilent(silent.isEmpty() ? unread : silent, evidence());
    }
    return seen.map(this::compared).orElseGet(() -> new ObjectsDiagnosis.Comparing(evidence()));
  }

  private ObjectsDiagnosis compared(ObjectsFacts.Namespace seen) {
    List<Difference> braked =
        seen.differing().values().stream().filter(Difference::braked).toList();
    if (!braked.isEmpty()) {
      return new ObjectsDiagnosis.Held(
          braked.size(), braked.stream().mapToLong(Difference::deletions).sum(), evidence());
    }
    if (seen.differs() > 0) {
      return new ObjectsDiagnosis.Differs(
          seen.differs(),
          seen.differing().values().stream().mapToLong(Difference::copies).sum(),
          seen.differing().values().stream().mapToLong(Difference::bytes).sum(),
          evidence());
    }
    if (seen.round() > 0 && !picture.said().isEmpty()) {
      return new ObjectsDiagnosis.Promoted(picture.said(), evidence());
    }
    if (seen.round() > 0 && !seen.leaving().isEmpty()) {
      return leaving(seen.leaving().values());
    }
    return seen.round() == 0
        ? new ObjectsDiagnosis.Comparing(evidence())
        : new ObjectsDiagnosis.Equal(seen.containers(), seen.objects(), evidence());
  }

  private ObjectsDiagnosis leaving(Collection<ObjectsFacts.Leaving> all) {
    List<ObjectsFacts.Leaving> stay = all.stream().filter(one -> !one.stays().isEmpty()).toList();
    String first =
        stay.stream()
            .findFirst()
            .map(one ->
                "%s/%s at %s: %s"
                    .formatted(one.account(), one.container(), one.site(), one.stays()))
            .orElse("");
    return new ObjectsDiagnosis.Leaving(
        all.size(),
        all.stream().mapToLong(ObjectsFacts.Leaving::objects).sum(),
        stay.size(),
        first,
        evidence());
  }

  private long worst(Set<MemberId> skewed) {
    return skewed.stream()
        .flatMap(member -> picture.site(member).stream())
        .mapToLong(seen -> Math.abs(seen.skewMillis()))
        .max()
        .orElse(0);
  }

  private Details evidence() {
    Details details = Details.NONE;
    for (Site site : picture.spec().sites()) {
      var known = picture.state().member(site.member());
      var latest = known == null ? null : known.latest();
      details =
          details.with(
              site.member().name(), latest == null ? "not looked at yet" : latest.sentence());
    }
    return details;
  }
}
