package io.cotidal.postgres.steps;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Answers;
import io.cotidal.model.Details;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Mode;
import io.cotidal.model.Operation;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Severity;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A cluster as its control plane would show it: a is primary, b and c stream. */
final class Seen {
  static final MemberId A = new MemberId("a");
  static final MemberId B = new MemberId("b");
  static final MemberId C = new MemberId("c");

  private final List<MemberView> members = new ArrayList<>();
  private final List<LinkView> links = new ArrayList<>();
  private final List<Operation> operations = new ArrayList<>();
  private Mode mode = Mode.MANAGE;
  private boolean leading = true;

  Seen() {
    member(A, "primary", Answers.YES);
    replica(B, "streaming", 0L);
    replica(C, "streaming", 0L);
  }

  Seen member(MemberId id, String role, Answers answers) {
    members.removeIf(each -> each.id().equals(id));
    members.add(
        new MemberView(
            id,
            role,
            answers,
            "",
            Severity.INFO,
            role.equals("primary"),
            Details.of("version", "15.18").with("timeline", 2).with("position", "0/3000148")));
    members.sort(java.util.Comparator.comparing(each -> each.id().name()));
    return this;
  }

  Seen replica(MemberId id, String link, @Nullable Long lag) {
    links.removeIf(each -> each.to().equals(id));
    links.add(new LinkView(A, id, link, lag, false));
    return member(id, "replica", Answers.YES);
  }

  /** By a daemon that does not lead it. */
  Seen following() {
    leading = false;
    return this;
  }

  Seen mode(Mode other) {
    mode = other;
    return this;
  }

  Seen operation(Operation operation) {
    operations.add(operation);
    return this;
  }

  ResourceView view() {
    return new ResourceView(
        new ResourceId("postgres", "orders"),
        0,
        mode,
        leading,
        1,
        new PgDiagnosis.Healthy(A, Details.NONE),
        true,
        List.of(),
        "",
        Details.NONE,
        members,
        links,
        operations,
        Map.of(),
        List.of());
  }
}
