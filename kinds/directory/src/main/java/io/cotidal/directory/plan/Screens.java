package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.graph.Proof;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.observe.Replica;
import io.cotidal.directory.plan.Picture.Standing;
import io.cotidal.directory.spec.Server;
import io.cotidal.engine.MemberState;
import io.cotidal.model.Answers;
import io.cotidal.model.Details;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Observation;
import io.cotidal.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A directory as every screen shows it. */
final class Screens {
  private final Picture picture;

  Screens(Picture picture) {
    this.picture = picture;
  }

  List<MemberView> members() {
    List<MemberView> views = new ArrayList<>();
    for (Server server : picture.spec.servers()) {
      MemberState<DirectoryFacts> member = picture.state.member(server.id());
      if (member != null) {
        views.add(view(server, member));
      }
    }
    return views;
  }

  private MemberView view(Server server, MemberState<DirectoryFacts> member) {
    Standing standing = picture.standing(server.id());
    DirectoryFacts facts = member.facts();
    Replica replica = facts == null ? null : facts.replica();
    return new MemberView(
        server.id(),
        replica == null ? "unknown" : replica.supplier() ? "supplier" : "consumer",
        Answers.of(member.latest()),
        sentence(server.id()),
        severity(standing, member),
        replica != null && replica.supplier() && standing == Standing.IN,
        columns(server, facts));
  }

  private Details columns(Server server, @Nullable DirectoryFacts facts) {
    int port = server.port(picture.spec.access().security());
    Details columns = Details.of("address", server.host() + ":" + port);
    if (facts == null) {
      return columns;
    }
    Replica replica = facts.replica();
    columns = replica == null ? columns : columns.with("id", replica.id());
    if (facts.entries() >= 0) {
      columns = columns.with("entries", facts.entries());
    }
    return columns
        .with("version", facts.version())
        .with("generation", facts.vector().generation())
        .with("agreements", facts.agreements().size())
        .with("skew-ms", facts.skewMillis());
  }

  private static Severity severity(Standing standing, MemberState<DirectoryFacts> member) {
    return switch (standing) {
      case STRANGER, GHOST, REFUSED -> Severity.CRITICAL;
      case NO_SUFFIX, UNDECIDED -> Severity.WARNING;
      case UNSEEN, IN, SEED, EMPTY, FILLING -> quiet(member) ? Severity.INFO : Severity.WARNING;
    };
  }

  private static boolean quiet(MemberState<DirectoryFacts> member) {
    return member.latest() == null || member.answers();
  }

  /** What there is to say of a member. */
  String sentence(MemberId id) {
    MemberState<DirectoryFacts> member = picture.state.member(id);
    Observation<DirectoryFacts> latest = member == null ? null : member.latest();
    if (member == null || latest == null) {
      return "not looked at yet";
    }
    DirectoryFacts facts = member.facts();
    return facts == null ? latest.sentence() : said(id, facts);
  }

  private String said(MemberId id, DirectoryFacts facts) {
    return switch (picture.standing(id)) {
      case UNSEEN -> "not looked at yet";
      case NO_SUFFIX -> "does not hold " + picture.spec.suffix();
      case IN -> picture.purged().contains(id) ? "lacks purged changes" : "replicates";
      case SEED -> "holds the data";
      case EMPTY -> "is empty, and is to be filled";
      case FILLING -> "is being filled";
      case GHOST -> "replicates under an id that was given back";
      case STRANGER, UNDECIDED -> Seeds.Holding.of(id, facts).words();
      case REFUSED -> "cannot be admitted: it clashes with another";
    };
  }

  List<LinkView> links() {
    List<LinkView> links = new ArrayList<>();
    SortedSet<Edge> wanted =
        picture.seeds.decided() && picture.state.leading()
            ? new TreeSet<>(picture.wanted())
            : new TreeSet<>();
    picture
        .paths
        .present()
        .forEach((edge, agreement) -> {
          wanted.remove(edge);
          Long lag = Paths.lag(picture.facts(edge.from()), picture.facts(edge.to()));
          links.add(new LinkView(edge.from(), edge.to(), word(edge, agreement), null, lag, false));
        });
    wanted.forEach(edge -> links.add(new LinkView(edge.from(), edge.to(), "missing", null, true)));
    return links;
  }

  private String word(Edge edge, Agreement agreement) {
    if (!agreement.enabled()) {
      return "off";
    }
    if (agreement.initialising()) {
      return "filling";
    }
    Long lag = Paths.lag(picture.facts(edge.from()), picture.facts(edge.to()));
    return switch (agreement.status()) {
      case SUCCEEDED, SENDING, NONE_YET ->
          lag == null || lag <= 0 ? "replicating" : "replicating, " + lag + " s behind";
      case CREDENTIALS, UNREACHABLE, TLS, SAME_ID, OTHER_DATA, STALLED, PURGED, BUSY, FAILED ->
          agreement.status().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }

  String guarantee() {
    Proof proof = picture.proof();
    return proof.members() < 2
        ? "one member: nothing is kept twice"
        : "a write is acknowledged by the member that took it alone; " + proof.sentence();
  }
}
