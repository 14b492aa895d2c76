package io.cotidal.server.api;

import static io.cotidal.server.http.Kinds.RESOURCES;

import io.cotidal.engine.Command;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.Action;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.Intake;
import io.cotidal.server.http.Access.Reach;
import io.cotidal.server.http.Answer;
import io.cotidal.server.http.Call;
import io.cotidal.server.http.Parameter;
import io.cotidal.server.http.Problem;
import io.cotidal.server.http.Problem.Code;
import io.cotidal.server.http.Route;
import io.cotidal.server.http.Shape;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Beside the route of an action, one that brings the bytes on which it works. Everything that can
 * be refused is refused before they come.
 */
final class UploadRoutes {
  /** The form of RFC 9530: 32 bytes are 43 characters and a sign of equality. */
  private static final Pattern DIGEST = Pattern.compile("sha-256=:([A-Za-z0-9+/]{43}=):");

  private static final int LONGEST_NAME = 1_000;

  private final ControlPlane plane;
  private final Replies replies;
  private final List<Intake> intakes;

  UploadRoutes(ControlPlane plane, Sight sight, List<Intake> intakes) {
    this.plane = plane;
    this.replies = new Replies(plane, sight);
    this.intakes = List.copyOf(intakes);
  }

  List<Route> all() {
    return intakes.stream().map(this::route).toList();
  }

  private Route route(Intake intake) {
    Action action =
        plane.actions().stream()
            .filter(
                each -> each.kind().equals(intake.kind()) && each.name().equals(intake.action()))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("an intake of no action: " + intake));
    return Route.post(
            RESOURCES + "/" + action.kind() + "/{name}/" + action.name() + "/upload",
            action.summary() + " The body is what it works on.")
        .needs(action.needs(), Reach.RESOURCE)
        .with(
            Parameter.query("file", Parameter.Type.TEXT, "What it is called where it comes from"),
            Parameter.query("dryRun", Parameter.Type.FLAG, "Only say what would be done"),
            Parameter.header("Content-Digest", "sha-256=:BASE64:, which it must have"),
            Parameter.header("Prefer", "wait=SECONDS: how long to wait for the end; 2 if absent"),
            Parameter.header(
                "Idempotency-Key", "Makes a repetition answer with the operation begun first"))
        .takes(new Shape.Media("application/octet-stream"))
        .gives(Operation.class, call -> upload(call, intake));
  }

  private Answer upload(Call call, Intake intake) throws InterruptedException {
    ResourceId resource = call.resource(intake.kind());
    ResourceView view =
        plane
            .resource(resource)
            .orElseThrow(() ->
                Problem.of(Code.NOT_FOUND, "there is no resource " + resource, "see cot get")
                    .refusal());
    Intake.Arrival arrival = arrival(call);
    Command.Begin rehearsal = begin(call, intake, intake.announced(arrival), true);
    Optional<Answer> refused = replies.rehearsed(call, resource, rehearsal);
    if (refused.isPresent()) {
      return refused.get();
    }
    requireFree(view, intake);
    intake.check(resource, arrival);
    if (call.flag("dryRun")) {
      return replies.send(call, resource, rehearsal);
    }
    try (Intake.Taken taken = intake.take(resource, arrival, call.stream())) {
      return replies.send(call, resource, begin(call, intake, taken.input(), false));
    }
  }

  /** Nobody should send for an hour what is refused then. */
  private static void requireFree(ResourceView view, Intake intake) {
    if (!view.leading()) {
      throw Problem.of(
              Code.NOT_LEADING,
              "this control plane does not lead " + view.id(),
              "ask the one that leads")
          .refusal();
    }
    view.operations().stream()
        .filter(open -> open.type().equals(intake.action()) && open.state().underWay())
        .findFirst()
        .ifPresent(open -> {
          throw new Problem(
                  Code.CONFLICT,
                  open.type() + " " + open.id() + " is under way",
                  "wait for operation " + open.id() + ", or cancel it",
                  open.id().toString())
              .refusal();
        });
  }

  private static Intake.Arrival arrival(Call call) {
    String unique =
        ActionRoutes.key(call)
            .map(text -> call.caller().actor() + "\n" + text)
            .orElseGet(() -> UUID.randomUUID().toString());
    String file = call.query("file").orElse("");
    if (file.length() > LONGEST_NAME) {
      throw Problem.of(Code.BAD_REQUEST, "file is longer than " + LONGEST_NAME + " characters")
          .refusal();
    }
    return new Intake.Arrival(
        unique, file, call.length(), call.header("Content-Digest").map(UploadRoutes::hexadecimal));
  }

  private static String hexadecimal(String digest) {
    Matcher matcher = DIGEST.matcher(digest.strip());
    if (!matcher.matches()) {
      throw Problem.of(
              Code.BAD_REQUEST,
              "Content-Digest is not understood",
              "send sha-256=:BASE64:, or leave it out")
          .refusal();
    }
    return HexFormat.of().formatHex(Base64.getDecoder().decode(matcher.group(1)));
  }

  private static Command.Begin begin(Call call, Intake intake, Details input, boolean dryRun) {
    return new Command.Begin(
        call.caller().actor(),
        call.caller().token().permission(),
        intake.action(),
        input,
        ActionRoutes.key(call).orElse(null),
        dryRun);
  }
}
