package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.plan.Picture.Standing;
import io.cotidal.engine.Brake;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Wanted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** From a verdict to what should be done about it. */
final class Planner {
  private final Picture picture;

  Planner(Picture picture) {
    this.picture = picture;
  }

  List<Wanted> plan(DirectoryDiagnosis diagnosis) {
    return switch (diagnosis) {
      case DirectoryDiagnosis.SourceUnavailable none -> List.of();
      case DirectoryDiagnosis.NotLooked none -> List.of();
      case DirectoryDiagnosis.SeedUnclear none -> List.of();
      case DirectoryDiagnosis.DataConflict conflict -> conflict.all() ? List.of() : work();
      case DirectoryDiagnosis.SameImage image -> work();
      case DirectoryDiagnosis.SameId id -> work();
      case DirectoryDiagnosis.Building building -> work();
      case DirectoryDiagnosis.NeedsReinitialisation needs -> work();
      case DirectoryDiagnosis.NotConnected gap -> work();
      case DirectoryDiagnosis.Credentials refused -> work();
      case DirectoryDiagnosis.Tls refused -> work();
      case DirectoryDiagnosis.Removing removing -> work();
      case DirectoryDiagnosis.Degraded degraded -> work();
      case DirectoryDiagnosis.ClockSkew skew -> work();
      case DirectoryDiagnosis.DiscoveryDegraded degraded -> work();
      case DirectoryDiagnosis.Healthy healthy -> work();
    };
  }

  private List<Wanted> work() {
    List<Wanted> wanted = new ArrayList<>();
    adopt().ifPresent(wanted::add);
    build().ifPresent(wanted::add);
    for (MemberId member : picture.answering(Standing.IN)) {
      Details mend = Mend.wanted(picture, member);
      if (!mend.isEmpty()) {
        wanted.add(new Wanted(Mend.NAME, mend, member + " is not as it should be", false));
      }
    }
    List<MemberId> old = Rotate.due(picture);
    if (!old.isEmpty()) {
      wanted.add(
          new Wanted(
              Rotate.NAME,
              Details.of(Rotate.MEMBERS, Moves.names(old)),
              "another replication password is configured now",
              false));
    }
    wanted.addAll(new Pokes(picture).wanted());
    relink().ifPresent(wanted::add);
    wanted.addAll(reinitialisations());
    wanted.addAll(removals());
    return wanted;
  }

  /** Agreements that the configuration says are to be taken over. */
  private Optional<Wanted> adopt() {
    String prefix = picture.spec.replication().adopted();
    List<Edge> edges = new ArrayList<>();
    picture
        .paths
        .present()
        .forEach((edge, agreement) -> {
          boolean meant = !prefix.isEmpty() && agreement.name().startsWith(prefix);
          if (meant
              && !agreement.owned()
              && picture.answers(edge.from())
              && picture.spec.server(edge.to()).isPresent()) {
            edges.add(edge);
          }
        });
    return edges.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Wanted(
                Adopt.NAME,
                Details.of(Adopt.EDGES, Moves.edges(edges)),
                "their names begin with " + prefix,
                false));
  }

  private Optional<Wanted> build() {
    List<MemberId> seeds = picture.answering(Standing.SEED);
    List<MemberId> newcomers = picture.answering(Standing.EMPTY);
    boolean filled = !seeds.isEmpty() || !picture.suppliers().isEmpty();
    if (seeds.isEmpty() && (newcomers.isEmpty() || !filled)) {
      List<MemberId> unknown = Allotment.unknown(picture);
      return unknown.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Wanted(
                  Build.NAME,
                  Details.of(Acts.MEMBERS, ""),
                  Moves.names(unknown) + " replicate already",
                  false));
    }
    Details input = Details.of(Acts.MEMBERS, Moves.names(newcomers));
    String who = Moves.names(newcomers);
    if (seeds.isEmpty()) {
      return Optional.of(new Wanted(Build.NAME, input, who + " are empty and new", false));
    }
    MemberId seed = seeds.getFirst();
    DirectoryFacts facts = picture.facts(seed);
    String holds = facts == null ? "" : Seeds.Holding.of(seed, facts).words() + " and is the seed";
    return Optional.of(
        new Wanted(
            Build.NAME,
            input.with(Build.SEED, seed),
            who.isEmpty() ? holds : holds + " of " + who,
            false));
  }

  private Optional<Wanted> relink() {
    SortedSet<Edge> wanted = picture.wanted();
    SortedSet<Edge> add = missing(wanted);
    SortedSet<Edge> rescue = missing(picture.rescue());
    if (picture.inGrace()) {
      // Who may be back in a moment is not worked around: only what is wanted either way is made.
      SortedSet<MemberId> all = picture.belonging();
      all.addAll(picture.state.departed().members().keySet());
      add.retainAll(picture.wanted(all));
    }
    add.addAll(rescue);
    if (!add.isEmpty()) {
      List<Edge> some = add.stream().limit(Relink.MOST).toList();
      return Optional.of(
          new Wanted(
              Relink.NAME,
              Details.of(Relink.ADD, Moves.edges(some)),
              rescue.containsAll(some)
                  ? "changes are missing that no supplier can send"
                  : some.size() == 1 ? "an agreement is missing" : "agreements are missing",
              false));
    }
    boolean settled =
        wanted.stream()
            .allMatch(edge -> {
              Agreement agreement = picture.paths.present().get(edge);
              return agreement != null && Paths.works(agreement);
            });
    SortedSet<Edge> surplus = surplus(wanted);
    SortedSet<Edge> cut = new TreeSet<>(surplus);
    Reliance reliance = new Reliance(picture);
    cut.removeIf(edge -> !reliance.dispensable(edge, surplus));
    if (cut.isEmpty() || !settled || picture.inGrace()) {
      return Optional.empty();
    }
    List<Edge> some = cut.stream().limit(Relink.MOST).toList();
    return picture.proofWithout(some).connected()
        ? Optional.of(
            new Wanted(
                Relink.NAME,
                Details.of(Relink.CUT, Moves.edges(some)),
                "more agreements than the topology asks for",
                false))
        : Optional.empty();
  }

  /** Whether an edge too many stays because somebody may not have got far enough yet. */
  boolean awaitsChanges() {
    return !surplus(picture.wanted()).isEmpty();
  }

  private SortedSet<Edge> missing(Collection<Edge> wanted) {
    SortedSet<Edge> missing = new TreeSet<>();
    for (Edge edge : wanted) {
      boolean ready =
          picture.answers(edge.from())
              && picture.standing(edge.from()) == Standing.IN
              && picture.standing(edge.to()) == Standing.IN;
      if (ready && !picture.paths.present().containsKey(edge)) {
        missing.add(edge);
      }
    }
    return missing;
  }

  /** Ours between members that belong, and not wanted. */
  private SortedSet<Edge> surplus(Collection<Edge> wanted) {
    SortedSet<Edge> surplus = new TreeSet<>();
    picture
        .paths
        .present()
        .forEach((edge, agreement) -> {
          if (agreement.owned()
              && !wanted.contains(edge)
              && picture.answers(edge.from())
              && picture.belongs(edge.from())
              && picture.belongs(edge.to())) {
            surplus.add(edge);
          }
        });
    return surplus;
  }

  private List<Wanted> reinitialisations() {
    List<MemberId> due = new ArrayList<>(picture.answering(Standing.GHOST));
    due.addAll(picture.purged());
    List<Wanted> wanted = new ArrayList<>();
    for (MemberId member : due) {
      Optional<MemberId> from = Reinitialise.source(picture, member);
      DirectoryFacts facts = picture.facts(member);
      if (from.isEmpty() || facts == null) {
        continue;
      }
      DirectoryFacts source = picture.facts(from.get());
      boolean loses = source == null || !source.vector().covers(facts.vector());
      boolean automatic =
          picture.spec.guards().reinitialise()
              && !loses
              // A server's own word; that it is stalled may pass after all.
              && picture.paths.purged().contains(member)
              && picture.standing(member) != Standing.GHOST;
      wanted.add(
          new Wanted(
              Reinitialise.NAME,
              Details.of(Reinitialise.MEMBER, member)
                  .with(Reinitialise.FROM, from.get())
                  .with(Acts.EXPECT, automatic ? "same" : "any"),
              member
                  + " cannot be caught up"
                  + (loses ? "; it has changes that " + from.get() + " lacks: they are lost" : ""),
              automatic));
    }
    return wanted;
  }

  private List<Wanted> removals() {
    boolean lets = Brake.of(picture.state).lets();
    List<Wanted> wanted = new ArrayList<>();
    for (MemberId member : picture.gone()) {
      wanted.add(
          new Wanted(
              Remove.NAME,
              Remove.input(member, picture.ledger),
              member + " is named no more",
              lets));
    }
    return wanted;
  }
}
