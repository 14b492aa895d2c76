package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static io.cotidal.postgres.plan.Scene.cannotTell;
import static io.cotidal.postgres.plan.Scene.gone;
import static io.cotidal.postgres.plan.Scene.primary;
import static io.cotidal.postgres.plan.Scene.silent;
import static io.cotidal.postgres.plan.Scene.standby;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.model.Details;
import io.cotidal.model.Report;
import io.cotidal.model.Report.Line;
import io.cotidal.model.Report.Verdict;
import io.cotidal.postgres.actions.Questions;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.spec.Failover;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Questions that are answered by what is known. */
@Timeout(10)
class ReadingsTest {
  private final Scene scene = new Scene();

  private Report ask(String question, Details input) {
    return new Readings(scene.spec, scene.state()).answer(question, input);
  }

  private Report ask(String question) {
    return ask(question, Details.NONE);
  }

  private static Line line(Report report, String subject) {
    return report.lines().stream()
        .filter(line -> line.subject().equals(subject))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @DisplayName("the primary is well if it answers as one; silent is a question, refused a no")
  void primaryCheck() {
    scene.looks(1);
    assertThat(ask(Questions.CHECK_PRIMARY).well()).isTrue();
    assertThat(line(ask(Questions.CHECK_PRIMARY), "a").facts().need("guarantee"))
        .startsWith("zero loss");
    scene.says(A, silent()).looks(1);
    assertThat(line(ask(Questions.CHECK_PRIMARY), "a").verdict()).isEqualTo(Verdict.UNKNOWN);
    scene.says(A, cannotTell("wrong password")).looks(1);
    assertThat(line(ask(Questions.CHECK_PRIMARY), "a").verdict()).isEqualTo(Verdict.UNKNOWN);
    scene.says(A, gone("present")).looks(1);
    assertThat(line(ask(Questions.CHECK_PRIMARY), "a").verdict()).isEqualTo(Verdict.NO);
    scene.says(A, standby(3, 1000)).looks(1);
    assertThat(line(ask(Questions.CHECK_PRIMARY), "a").verdict()).isEqualTo(Verdict.NO);
  }

  @Test
  @DisplayName("replicas: who follows, how far behind, who is out on purpose, of whom nobody knows")
  void replicaCheck() {
    scene.looks(1);
    Report report = ask(Questions.CHECK_REPLICAS);
    assertThat(report.well()).isTrue();
    assertThat(line(report, "b").sentence()).isEqualTo("streams, 0 bytes behind");
    scene.says(C, standby(3, 1000)).says(A, primary(3, 1000, "ANY 1 (\"b\",\"c\")")).looks(1);
    report = ask(Questions.CHECK_REPLICAS);
    assertThat(line(report, "b").verdict()).as("no row on the primary").isEqualTo(Verdict.UNKNOWN);
    assertThat(line(report, "c").verdict()).isEqualTo(Verdict.NO);
    scene.says(B, silent()).says(C, gone("present")).looks(1);
    scene.ledger(Out.mark(C, Out.How.STOPPED));
    report = ask(Questions.CHECK_REPLICAS);
    assertThat(line(report, "b").verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(line(report, "c").sentence()).isEqualTo("stopped on purpose");
    assertThat(report.sentence()).isEqualTo("1 of 2 are as they should be");
  }

  @Test
  @DisplayName("servers by role; one server with all that holds for it and no secret")
  void servers() {
    scene.looks(1);
    assertThat(ask(Questions.SERVERS).lines()).hasSize(3);
    assertThat(ask(Questions.SERVERS, Details.of("role", "primary")).lines())
        .extracting(Line::subject)
        .containsExactly("a");
    assertThat(ask(Questions.SERVERS, Details.of("role", "replica")).lines())
        .extracting(Line::subject)
        .containsExactly("b", "c");
    assertThatThrownBy(() -> ask(Questions.SERVERS, Details.of("role", "master")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("primary or replica");
    Line server = ask(Questions.SERVER, Details.of("member", "b")).lines().getFirst();
    assertThat(server.facts().entries())
        .containsEntry("data", "/srv/b")
        .containsEntry("priority", "100")
        .containsEntry("driver", "local")
        .containsEntry("role", "replica");
    assertThatThrownBy(() -> ask(Questions.SERVER, Details.of("member", "x")))
        .hasMessageContaining("no member 'x'");
  }

  @Test
  @DisplayName("failover-check asks the failover's own rules: candidate, proof, loss, beginning")
  void rehearsal() {
    scene.looks(1);
    Report report = ask(Questions.FAILOVER_CHECK);
    assertThat(report.well()).as("%s", report).isTrue();
    assertThat(report.sentence()).isEqualTo("if a died now, b would be promoted");
    assertThat(line(report, "candidate").sentence())
        .contains("2 of b,c told their position and 2 must");
    assertThat(line(report, "candidate").facts().need("c")).contains("less preferred");
    assertThat(line(report, "begins").sentence()).isEqualTo("by itself");

    scene.says(C, silent()).looks(1);
    report = ask(Questions.FAILOVER_CHECK);
    assertThat(report.sentence()).isEqualTo("if a died now, nobody could be promoted");
    assertThat(line(report, "candidate").sentence()).contains("acknowledged commits could be lost");

    scene.ledger(Ledger.quorum(List.of(B), 1)).ledger(Out.mark(C, Out.How.DISABLED));
    report = ask(Questions.FAILOVER_CHECK);
    assertThat(report.sentence()).isEqualTo("if a died now, b would be promoted");
  }

  @Test
  @DisplayName("failover-check without a quorum names what could be lost, and who begins")
  void rehearsalWithoutQuorum() {
    scene.spec = Scene.spec(0, Failover.DEFAULT);
    scene.ledger(Ledger.quorum(List.of(B, C), 0));
    scene.says(A, primary(3, 4000, "", "b", "c")).looks(1);
    Report report = ask(Questions.FAILOVER_CHECK);
    assertThat(line(report, "loss").verdict()).isEqualTo(Verdict.NO);
    assertThat(line(report, "loss").sentence()).contains("unguarded", "3000 bytes at risk");
    assertThat(line(report, "proof").sentence()).contains("killed").doesNotContain("quorum");
  }
}
