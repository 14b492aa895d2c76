package io.cotidal.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Answers;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.model.Severity;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RebuildTest {
  private static final ResourceId ORDERS = new ResourceId("postgres", "orders");

  /** Members as {@code name:port}. */
  private static PostgresSpec spec(String... members) {
    return new PostgresSpec(
        ORDERS,
        Mode.MANAGE,
        Stream.of(members)
            .map(each -> each.split(":", -1))
            .map(each ->
                new Server(
                    new MemberId(each[0]),
                    "127.0.0.1",
                    Integer.parseInt(each[1]),
                    Path.of("/srv/" + each[0]),
                    Path.of("/bin"),
                    ""))
            .toList(),
        0,
        Failover.DEFAULT,
        new Access("postgres", new Secret("s"), "replicator", new Secret("r")),
        new TreeMap<>());
  }

  private static MemberView member(String name, Answers answers) {
    return new MemberView(
        new MemberId(name),
        "replica",
        answers,
        "",
        Severity.INFO,
        name.equals("a") && answers == Answers.YES,
        Details.NONE);
  }

  private static ResourceView view(MemberView... members) {
    return new ResourceView(
        ORDERS,
        1,
        Mode.MANAGE,
        true,
        1,
        new PgDiagnosis.NotLooked(Details.NONE),
        true,
        List.of(),
        "",
        Details.of("primary", "a"),
        List.of(members),
        List.of(),
        List.of(),
        Map.of(),
        List.of());
  }

  @Test
  @DisplayName("members come and go, but not the primary, whether it answers or not")
  void primary() {
    ResourceView up = view(member("a", Answers.YES), member("b", Answers.YES));
    ResourceView down = view(member("a", Answers.NO), member("b", Answers.YES));
    PostgresSpec before = spec("a:1", "b:2");
    assertThat(Rebuild.objection(before, spec("a:1", "b:2", "c:3"), up)).isEmpty();
    assertThat(Rebuild.objection(before, spec("a:1"), up)).isEmpty();
    assertThat(Rebuild.objection(before, spec("b:2"), up).orElseThrow())
        .isEqualTo("a is its primary: move the role first (cot switchover postgres/orders)");
    assertThat(Rebuild.objection(before, spec("b:2"), down)).isPresent();
    assertThat(Rebuild.objection(before, spec("a:9", "b:2"), down).orElseThrow())
        .contains("another port");
  }

  @Test
  @DisplayName("nobody gets another place while their server answers")
  void moved() {
    PostgresSpec before = spec("a:1", "b:2");
    ResourceView up = view(member("a", Answers.YES), member("b", Answers.YES));
    ResourceView down = view(member("a", Answers.YES), member("b", Answers.NO));
    assertThat(Rebuild.objection(before, spec("a:1", "b:9"), up).orElseThrow())
        .contains("b runs", "stop its server");
    assertThat(Rebuild.objection(before, spec("a:1", "b:9"), down)).isEmpty();
  }
}
