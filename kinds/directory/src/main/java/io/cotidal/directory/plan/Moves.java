package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import io.cotidal.model.WhenUnknown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The steps of which operations are made. A key names act and edge, so that a step that is asked
 * for again is the same step.
 */
final class Moves {
  /** How long a small change of a server's configuration may take. */
  private static final Duration SHORT = Duration.ofSeconds(30);

  /** 389 DS waits two minutes for an agreement that it deletes while a session of it is stuck. */
  private static final Duration DELETION = Duration.ofSeconds(150);

  /** Time for a directory of many millions of entries. */
  static final Duration FILLING = Duration.ofHours(12);

  private static final Duration CLEANING = Duration.ofMinutes(10);

  private Moves() {}

  private static Step within(Step step, Duration limit) {
    return step.within(limit).whenUnknown(new WhenUnknown.RetryFor(limit));
  }

  private static Step on(String act, MemberId member, String object, String sentence) {
    return within(Step.act(act, member, sentence).named(act + " " + object), SHORT);
  }

  static Step prepare(MemberId member, int id) {
    return on(Acts.PREPARE, member, member.name(), "prepare " + member + " as replica " + id)
        .with(Acts.ID, id);
  }

  /** Empty if the consumer is not a member any more. */
  static Optional<Step> link(DirectorySpec spec, Edge edge) {
    return spec.server(edge.to())
        .map(to ->
            edge(Acts.LINK, edge, "let " + edge.from() + " send its changes to " + edge.to())
                .with(Acts.HOST, to.host())
                .with(Acts.PORT, Paths.port(spec, to)));
  }

  /**
   * @param server where the consumer is, or was
   */
  static Step unlink(DirectorySpec spec, Edge edge, @Nullable Server server) {
    Step step = edge(Acts.UNLINK, edge, "let " + edge.from() + " send no more to " + edge.to());
    Step whole =
        server == null
            ? step
            : step.with(Acts.HOST, server.host()).with(Acts.PORT, Paths.port(spec, server));
    return within(whole, DELETION);
  }

  static Step adopt(Edge edge) {
    return edge(Acts.ADOPT, edge, "take over the agreement " + edge);
  }

  private static Step edge(String act, Edge edge, String sentence) {
    return on(act, edge.from(), text(edge), sentence)
        .with(Acts.FROM, edge.from())
        .with(Acts.TO, edge.to());
  }

  static Step fill(Edge edge, String generation, String expect) {
    return within(
        edge(Acts.INITIALISE, edge, "fill " + edge.to() + " from " + edge.from())
            .with(Acts.GENERATION, generation)
            .with(Acts.EXPECT, expect)
            .writing(Ledger.filled(edge.to())),
        FILLING);
  }

  static Step poke(MemberId from, Collection<MemberId> to) {
    String names = names(to);
    return on(
            Acts.POKE,
            from,
            from.name(),
            "let " + from + " try again at once to reach " + String.join(", ", split(names)))
        .with(Acts.TO, names);
  }

  static Step clean(MemberId member, int id, String whose) {
    return within(
        on(
                Acts.CLEAN,
                member,
                id + " on " + member,
                "take replica id " + id + " of " + whose + " out of every member's memory")
            .with(Acts.ID, id),
        CLEANING);
  }

  static Step retire(MemberId member, @Nullable Server server) {
    Step step =
        on(Acts.RETIRE, member, member.name(), "let " + member + " replicate no more")
            // Who left is often gone for good.
            .whenUnknown(new WhenUnknown.Fail());
    return server == null
        ? step
        : step.with(Acts.HOST, server.host()).with(Acts.PORT, server.port());
  }

  static Step rotate(MemberId member) {
    return on(
        Acts.ROTATE, member, member.name(), "set the configured replication password on " + member);
  }

  static Step canary(MemberId member, Collection<MemberId> all) {
    return on(
            Acts.CANARY,
            member,
            member.name(),
            "write at " + member + " and wait until every member shows it")
        .with(Acts.MEMBERS, names(all))
        .within(Duration.ofMinutes(2));
  }

  static Step digest(MemberId member) {
    return within(
        on(Acts.DIGEST_OF, member, member.name(), "read and hash every entry of " + member),
        Duration.ofHours(1));
  }

  static String names(Collection<MemberId> members) {
    return members.stream().map(MemberId::name).collect(Collectors.joining(","));
  }

  static List<MemberId> members(String names) {
    return split(names).stream().map(MemberId::new).toList();
  }

  private static List<String> split(String text) {
    return text.isEmpty() ? List.of() : Arrays.asList(text.split(",", -1));
  }

  static String text(Edge edge) {
    return edge.from() + ">" + edge.to();
  }

  /** Edges as an input or evidence holds them. */
  static String edges(Collection<Edge> edges) {
    return edges.stream().map(Moves::text).collect(Collectors.joining(","));
  }

  static List<Edge> edges(String text) {
    List<Edge> edges = new ArrayList<>();
    for (String one : split(text)) {
      int arrow = one.indexOf('>');
      edges.add(
          new Edge(new MemberId(one.substring(0, arrow)), new MemberId(one.substring(arrow + 1))));
    }
    return edges;
  }

  /** Edges for people. */
  static String shown(Collection<Edge> edges) {
    return edges.stream().map(Edge::toString).collect(Collectors.joining(", "));
  }
}
