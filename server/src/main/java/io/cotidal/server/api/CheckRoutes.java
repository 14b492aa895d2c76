package io.cotidal.server.api;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Answers;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberView;
import io.cotidal.model.Permission;
import io.cotidal.model.Severity;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.http.Access.Reach;
import io.cotidal.server.http.Answer;
import io.cotidal.server.http.Call;
import io.cotidal.server.http.Parameter;
import io.cotidal.server.http.Problem;
import io.cotidal.server.http.Route;
import io.cotidal.server.http.Shape;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What load balancers ask about one member: 200 for yes, 503 for no. What is not known is no; with
 * two members that take writes nobody is the primary.
 */
final class CheckRoutes {
  private static final Shape TEXT = new Shape.Media("text/plain");
  private static final long ANY_LAG = Long.MAX_VALUE;

  private static final Parameter MEMBER =
      Parameter.query(
          "member", Parameter.Type.TEXT, "Which member; if absent, whether there is one");

  private final ControlPlane plane;

  CheckRoutes(ControlPlane plane) {
    this.plane = plane;
  }

  List<Route> all() {
    return List.of(
        Route.get("/{kind}/{name}/primary", "Whether the member takes writes; 503 if not")
            .needs(Permission.VIEWER, Reach.RESOURCE)
            .with(MEMBER)
            .gives(TEXT, this::primary),
        Route.get("/{kind}/{name}/replica", "Whether the member follows the primary; 503 if not")
            .needs(Permission.VIEWER, Reach.RESOURCE)
            .with(
                MEMBER,
                Parameter.query(
                    "lag", Parameter.Type.NUMBER, "At most so many bytes behind; any if absent"))
            .gives(TEXT, this::replica));
  }

  private Answer primary(Call call) {
    ResourceView view = view(call);
    List<MemberView> writable = view.members().stream().filter(MemberView::writable).toList();
    boolean one = writable.size() == 1 && well(writable.getFirst());
    return word(
        one
            && call.query("member")
                .filter(name -> !writable.getFirst().id().name().equals(name))
                .isEmpty());
  }

  private Answer replica(Call call) {
    ResourceView view = view(call);
    long most = call.number("lag", ANY_LAG, ANY_LAG);
    Optional<String> member = call.query("member");
    return word(
        view.links().stream()
            .filter(link -> member.isEmpty() || member.get().equals(link.to().name()))
            .anyMatch(link -> follows(view, link, most)));
  }

  private static boolean follows(ResourceView view, LinkView link, long most) {
    Long lag = link.lagBytes();
    boolean near = most == ANY_LAG || (lag != null && lag <= most);
    boolean well =
        view.members().stream()
            .anyMatch(each -> each.id().equals(link.to()) && !each.writable() && well(each));
    return near && well && !link.planned() && link.state().equals("streaming");
  }

  private static boolean well(MemberView member) {
    return member.answers() == Answers.YES && member.severity() == Severity.INFO;
  }

  private ResourceView view(Call call) {
    return plane
        .resource(call.resource())
        .orElseThrow(() ->
            Problem.of(
                    Problem.Code.NOT_FOUND,
                    "there is no resource " + call.resource(),
                    "see cot get")
                .refusal());
  }

  private static Answer word(boolean yes) {
    byte[] text = (yes ? "yes\n" : "no\n").getBytes(StandardCharsets.UTF_8);
    return Answer.of(yes ? 200 : 503, "text/plain;charset=utf-8", text);
  }
}
