package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.graph.Proof;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.Agreement.Status;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.plan.Picture.Standing;
import io.cotidal.engine.Brake;
import io.cotidal.engine.MemberState;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;

/** From a picture to a verdict: what stops everything first, then what hurts most. */
final class Doctor {
  private static final List<Unit> UNITS =
      List.of(new Unit(86_400, "days"), new Unit(3_600, "hours"), new Unit(60, "minutes"));

  private final Picture picture;

  private record Unit(long seconds, String word) {}

  Doctor(Picture picture) {
    this.picture = picture;
  }

  DirectoryDiagnosis diagnose() {
    return unknown()
        .or(this::conflicts)
        .or(this::joining)
        .or(this::broken)
        .or(this::leaving)
        .or(this::blemished)
        .orElseGet(() -> new DirectoryDiagnosis.Healthy(picture.proof().sentence(), Details.NONE));
  }

  /** What must be known before anything is decided. */
  private Optional<DirectoryDiagnosis> unknown() {
    if (picture.state.source().awaited()) {
      return Optional.of(
          new DirectoryDiagnosis.SourceUnavailable(picture.state.source().reason(), evidence()));
    }
    boolean unlooked =
        picture.state.members().values().stream().anyMatch(member -> member.latest() == null);
    return unlooked ? Optional.of(new DirectoryDiagnosis.NotLooked(evidence())) : Optional.empty();
  }

  private Optional<DirectoryDiagnosis> conflicts() {
    if (!picture.seeds.parted().isEmpty()) {
      return Optional.of(
          new DirectoryDiagnosis.DataConflict(picture.seeds.parted(), true, evidence()));
    }
    for (Clashes.Pair pair : picture.clashes.images()) {
      return Optional.of(new DirectoryDiagnosis.SameImage(pair.one(), pair.other(), evidence()));
    }
    for (Clashes.Pair pair : picture.clashes.ids()) {
      return Optional.of(
          new DirectoryDiagnosis.SameId(pair.one(), pair.other(), pair.what(), evidence()));
    }
    List<String> strangers = new ArrayList<>();
    for (MemberId member : picture.who(Standing.STRANGER)) {
      DirectoryFacts facts = picture.known(member);
      if (facts != null) {
        strangers.add(Seeds.Holding.of(member, facts).words());
      }
    }
    if (!strangers.isEmpty()) {
      return Optional.of(new DirectoryDiagnosis.DataConflict(strangers, false, evidence()));
    }
    return picture.seeds.waits().isEmpty()
        ? Optional.empty()
        : Optional.of(new DirectoryDiagnosis.SeedUnclear(picture.seeds.waits(), evidence()));
  }

  private Optional<DirectoryDiagnosis> joining() {
    List<MemberId> joining = new ArrayList<>(picture.answering(Standing.SEED));
    joining.addAll(picture.answering(Standing.EMPTY));
    joining.addAll(picture.answering(Standing.FILLING));
    return joining.isEmpty()
        ? Optional.empty()
        : Optional.of(new DirectoryDiagnosis.Building(joining, evidence()));
  }

  private Optional<DirectoryDiagnosis> broken() {
    List<MemberId> anew = new ArrayList<>(picture.who(Standing.GHOST));
    anew.addAll(picture.purged());
    if (!anew.isEmpty()) {
      return Optional.of(new DirectoryDiagnosis.NeedsReinitialisation(anew, evidence()));
    }
    Proof proof = picture.proof();
    Edge gap = proof.gap();
    if (gap != null) {
      return Optional.of(new DirectoryDiagnosis.NotConnected(gap, evidence()));
    }
    for (Edge edge : picture.paths.with(Status.CREDENTIALS)) {
      return Optional.of(new DirectoryDiagnosis.Credentials(edge, evidence()));
    }
    for (Edge edge : picture.paths.with(Status.TLS)) {
      Agreement agreement = picture.paths.present().get(edge);
      return Optional.of(
          new DirectoryDiagnosis.Tls(edge, agreement == null ? "" : agreement.words(), evidence()));
    }
    return Optional.empty();
  }

  private Optional<DirectoryDiagnosis> leaving() {
    List<MemberId> gone = picture.gone();
    return gone.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new DirectoryDiagnosis.Removing(gone, Brake.of(picture.state).reason(), evidence()));
  }

  private Optional<DirectoryDiagnosis> blemished() {
    List<String> troubles = troubles();
    if (!troubles.isEmpty()) {
      return Optional.of(new DirectoryDiagnosis.Degraded(troubles, evidence()));
    }
    for (MemberId member : picture.spec.members()) {
      DirectoryFacts facts = picture.facts(member);
      if (facts != null && Math.abs(facts.skewMillis()) > picture.spec.guards().skew().toMillis()) {
        return Optional.of(
            new DirectoryDiagnosis.ClockSkew(member, facts.skewMillis(), evidence()));
      }
    }
    return picture.state.source().degraded()
        ? Optional.of(
            new DirectoryDiagnosis.DiscoveryDegraded(picture.state.source().reason(), evidence()))
        : Optional.empty();
  }

  private List<String> troubles() {
    List<String> troubles = new ArrayList<>();
    for (MemberState<DirectoryFacts> member : picture.state.members().values()) {
      Observation<DirectoryFacts> latest = member.latest();
      if (latest != null && !member.answers()) {
        troubles.add(member.id() + " " + latest.sentence() + forgotten(member));
      }
    }
    picture
        .who(Standing.NO_SUFFIX)
        .forEach(member ->
            troubles.add(member + " does not hold " + picture.spec.suffix() + ": create it there"));
    SortedSet<MemberId> all = picture.belonging();
    for (Edge edge : picture.wanted()) {
      if (picture.answers(edge.from()) && !picture.paths.present().containsKey(edge)) {
        troubles.add("no agreement " + edge);
      }
    }
    long limit = picture.state.now().micros() / 1_000_000 - picture.spec.guards().lag().toSeconds();
    picture
        .paths
        .present()
        .forEach((edge, agreement) -> {
          boolean both = picture.answers(edge.from()) && picture.answers(edge.to());
          if (both && all.contains(edge.from()) && all.contains(edge.to())) {
            if (!Paths.works(agreement) || agreement.status() == Status.UNREACHABLE) {
              troubles.add(
                  edge + ": " + (agreement.enabled() ? agreement.words() : "is switched off"));
            } else if (Paths.lacks(picture.facts(edge.from()), picture.facts(edge.to()), limit)) {
              troubles.add(edge + " is behind");
            }
          }
        });
    return troubles;
  }

  /** Said while there is still time: who is away for longer than changes are kept starts anew. */
  private String forgotten(MemberState<DirectoryFacts> member) {
    long kept = Long.MAX_VALUE;
    for (Edge edge : picture.paths.present().keySet()) {
      DirectoryFacts supplier = picture.facts(edge.from());
      if (edge.to().equals(member.id()) && supplier != null && supplier.changelogSeconds() > 0) {
        kept = Math.min(kept, supplier.changelogSeconds());
      }
    }
    long away = member.failingFor(picture.state.now().nanos()) / 1_000_000_000;
    return away <= kept / 2
        ? ""
        : "; away for "
            + words(away)
            + ", and its suppliers keep changes for "
            + words(kept)
            + ": then it must be filled anew";
  }

  private static String words(long seconds) {
    for (Unit unit : UNITS) {
      if (seconds >= 2 * unit.seconds()) {
        return seconds / unit.seconds() + " " + unit.word();
      }
    }
    return seconds + " s";
  }

  private Details evidence() {
    Screens screens = new Screens(picture);
    Map<String, String> evidence = new TreeMap<>();
    for (MemberId member : picture.spec.members()) {
      evidence.put(member.name(), screens.sentence(member));
    }
    return Details.copyOf(evidence);
  }
}
