package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.Seen.A;
import static io.cotidal.postgres.steps.Seen.B;
import static io.cotidal.postgres.steps.Seen.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.snapshot.SnapshotSource.Offer;
import io.cotidal.model.Answers;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.remote.LocalProcesses;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
@DisplayName("which replica data is taken of, and why none")
final class ReplicaSnapshotsTest {
  private static Offer offer(Seen seen, Optional<MemberId> member) {
    PostgresSpec spec =
        new PostgresSpec(
            seen.view().id(),
            Mode.MANAGE,
            List.of(),
            0,
            Failover.DEFAULT,
            new Access(
                "postgres",
                new io.cotidal.model.Secret("s"),
                "replicator",
                new io.cotidal.model.Secret("r")),
            new TreeMap<>());
    try (Cluster cluster = new Cluster(spec, new LocalProcesses())) {
      return new ReplicaSnapshots(cluster, () -> Optional.of(seen.view()), InstantSource.system())
          .offer(member);
    }
  }

  private static String reason(Seen seen, MemberId... member) {
    Offer offer = offer(seen, member.length == 0 ? Optional.empty() : Optional.of(member[0]));
    return offer instanceof Offer.Refused refused ? refused.reason() : offer.toString();
  }

  @Test
  @DisplayName("the last replica of the configuration, or the one that is named")
  void chosen() {
    assertThat(offer(new Seen(), Optional.empty()))
        .isEqualTo(new Offer.Ready(C, "15.18", "2@0/3000148"));
    assertThat(offer(new Seen(), Optional.of(B)))
        .isEqualTo(new Offer.Ready(B, "15.18", "2@0/3000148"));
    assertThat(offer(new Seen().replica(C, "broken", null), Optional.empty()))
        .isEqualTo(new Offer.Ready(B, "15.18", "2@0/3000148"));
  }

  @Test
  @DisplayName("never the primary, nor one that lags, does not stream or does not answer")
  void unfit() {
    assertThat(reason(new Seen(), A)).contains("a is the primary");
    assertThat(reason(new Seen().replica(B, "streaming", 65L << 20), B))
        .contains("b is 65 MiB behind");
    assertThat(reason(new Seen().replica(B, "broken", null), B))
        .contains("does not stream from the primary");
    assertThat(reason(new Seen().member(B, "replica", Answers.NO), B)).contains("does not answer");
    assertThat(reason(new Seen(), new MemberId("x"))).contains("no member x");
    Seen none = new Seen().replica(B, "broken", null).replica(C, "broken", null);
    assertThat(reason(none))
        .isEqualTo(
            "postgres/orders has no replica to take data from: c does not stream from the primary,"
                + " b does not stream from the primary, a is the primary");
  }

  @Test
  @DisplayName("copies/B5: what a daemon that has just begun does not know yet is no refusal")
  void later() {
    assertThat(offer(new Seen().member(B, "unknown", Answers.UNKNOWN), Optional.of(B)))
        .isInstanceOfSatisfying(
            Offer.Later.class, later -> assertThat(later.reason()).contains("b is unknown"));
    assertThat(offer(new Seen().replica(B, "streaming", null), Optional.of(B)))
        .isInstanceOfSatisfying(
            Offer.Later.class,
            later -> assertThat(later.reason()).contains("b does not tell its lag"));
    assertThat(offer(new Seen().following(), Optional.empty()))
        .isInstanceOfSatisfying(
            Offer.Later.class, later -> assertThat(later.reason()).contains("does not lead"));
  }

  @Test
  @DisplayName("nothing of a cluster that is only looked at")
  void observed() {
    assertThat(reason(new Seen().mode(Mode.OBSERVE))).contains("set mode: manage");
    assertThat(reason(new Seen().mode(Mode.PROPOSE))).contains("set mode: manage");
  }
}
