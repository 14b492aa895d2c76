package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.plan.Picture.Standing;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What people ask for, checked and completed before it becomes an operation. */
final class Requests {
  private final Picture picture;

  Requests(Picture picture) {
    this.picture = picture;
  }

  Details prepare(String type, Details input) {
    return switch (type) {
      case Reinitialise.NAME -> reinitialise(input);
      case Remove.NAME -> remove(input);
      case Adopt.NAME -> adopt(input);
      case Rotate.NAME -> Details.of(Rotate.MEMBERS, Moves.names(picture.answering(Standing.IN)));
      case Prove.NAME -> Details.of(Prove.DIGEST, input.get(Prove.DIGEST, "false").equals("true"));
      default ->
          throw new IllegalArgumentException(type + " is not asked for: Cotidal plans it itself");
    };
  }

  private Details reinitialise(Details input) {
    MemberId member = known(input.get(Reinitialise.MEMBER, ""));
    if (!picture.answers(member)) {
      throw refuse(Reinitialise.NAME, member + " does not answer");
    }
    if (picture.clashes.concern(member) && picture.standing(member) == Standing.REFUSED) {
      throw refuse(
          Reinitialise.NAME, member + " clashes with another, and filling does not change that");
    }
    Optional<MemberId> from =
        input.find(Reinitialise.FROM).filter(name -> !name.isEmpty()).map(this::known);
    if (from.isPresent()
        && (from.get().equals(member) || !picture.suppliers().contains(from.get()))) {
      throw refuse(
          Reinitialise.NAME,
          from.get() + " cannot give the data; these can: " + Moves.names(picture.suppliers()));
    }
    MemberId source =
        from.or(() -> Reinitialise.source(picture, member))
            .orElseThrow(
                () -> refuse(Reinitialise.NAME, "no other member holds the data and answers"));
    return Details.of(Reinitialise.MEMBER, member)
        .with(Reinitialise.FROM, source)
        .with(Acts.EXPECT, "any");
  }

  private Details remove(Details input) {
    String name = input.get(Remove.MEMBER, "");
    MemberId member = new MemberId(name);
    if (picture.spec.server(member).isPresent()) {
      throw refuse(
          Remove.NAME,
          member + " is a member: take it out of the configuration or its source first");
    }
    if (!picture.ledger.members().contains(member)) {
      throw refuse(
          Remove.NAME,
          "nobody named "
              + member
              + " was ever a member; gone are: "
              + Moves.names(picture.state.departed().members().keySet()));
    }
    return Remove.input(member, picture.ledger);
  }

  private Details adopt(Details input) {
    Optional<MemberId> from = input.find("member").filter(name -> !name.isEmpty()).map(this::known);
    List<Edge> edges = new ArrayList<>();
    picture
        .paths
        .present()
        .forEach((edge, agreement) -> {
          boolean meant = from.isEmpty() || edge.from().equals(from.get());
          if (meant
              && !agreement.owned()
              && picture.answers(edge.from())
              && picture.spec.server(edge.to()).isPresent()) {
            edges.add(edge);
          }
        });
    if (edges.isEmpty()) {
      throw refuse(Adopt.NAME, "there is no agreement between members that somebody else made");
    }
    return Details.of(Adopt.EDGES, Moves.edges(edges));
  }

  private MemberId known(String name) {
    return picture.spec.members().stream()
        .filter(member -> member.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no member '" + name + "': choose one of " + Moves.names(picture.spec.members())));
  }

  private static IllegalArgumentException refuse(String action, String why) {
    return new IllegalArgumentException(action + ": " + why);
  }
}
