package io.cotidal.server.fake;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Action;
import io.cotidal.model.Actor;
import io.cotidal.model.Answers;
import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.Item;
import io.cotidal.model.LinkView;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Mode;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.Permission;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Risk;
import io.cotidal.model.Severity;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ready-made resources, members and operations. */
public final class Scenes {
  /** The cluster of most tests. */
  public static final ResourceId ORDERS = ResourceId.parse("postgres/orders");

  /** A template with copies of several people. */
  public static final ResourceId SHOP = ResourceId.parse("copies/shop");

  /** Its quorum's promise. */
  public static final String GUARANTEE =
      "A commit is acknowledged once 1 of b, c has it on disk: the loss of any one member loses nothing.";

  private Scenes() {}

  /** What people can ask of a cluster. */
  public static List<Action> actions() {
    Action.Field to =
        new Action.Field(
            "to", Action.Type.MEMBER, false, "Who is to be primary; the best if absent");
    Action.Field member =
        new Action.Field("member", Action.Type.MEMBER, true, "The member that is to come back");
    Action.Field loss =
        new Action.Field(
            "accept-loss", Action.Type.FLAG, false, "Whether a bounded loss is accepted");
    Action.Field why = new Action.Field("why", Action.Type.TEXT, false, "For the record");
    return List.of(
        new Action(
            "postgres",
            "switchover",
            "Hand the primary's role over to a replica, with a short interruption",
            Permission.OPERATOR,
            Risk.DISRUPTIVE,
            List.of(to, why)),
        new Action(
            "postgres",
            "failover",
            "Replace a primary that is gone",
            Permission.OPERATOR,
            Risk.IRREVERSIBLE,
            List.of(to, loss)),
        new Action(
            "postgres",
            "rejoin",
            "Take a former primary back as a replica",
            Permission.OPERATOR,
            Risk.IRREVERSIBLE,
            List.of(member)),
        new Action(
            "postgres",
            "purge",
            "Forget a member's data for good",
            Permission.ADMIN,
            Risk.IRREVERSIBLE,
            List.of(member)),
        new Action(
            "postgres",
            "check-replicas",
            "Say whether the replicas follow",
            Permission.VIEWER,
            Risk.NONE,
            List.of(new Action.Field("member", Action.Type.MEMBER, false, "Only this one"))),
        copies("create", "Make a copy of the template's current generation", Risk.SAFE),
        copies("reset", "Give a copy the template's data again", Risk.IRREVERSIBLE),
        copies("delete", "Remove a copy and its data", Risk.IRREVERSIBLE),
        new Action(
            "copies",
            "import",
            "Load a dump into a new generation",
            Permission.OPERATOR,
            Risk.SAFE,
            List.of(new Action.Field("dump", Action.Type.TEXT, false, "Its path"))));
  }

  private static Action copies(String name, String summary, Risk risk) {
    Action.Field copy = new Action.Field("name", Action.Type.NAME, true, "The copy");
    return new Action("copies", name, summary, Permission.USER, risk, List.of(copy));
  }

  /** An item with a few facts, made a minute ago. */
  public static Item item(String sort, String name, String owner, String state) {
    Details facts =
        sort.equals("generation")
            ? Details.of("dump", "/srv/dumps/shop.sql.gz")
                .with("rows", 1_204_331)
                .with("tables", 42)
            : Details.of("generation", "g3").with("host", "127.0.0.1").with("port", 5501);
    long made = micros() - 60_000_000L;
    return new Item(
        sort, name, owner, state, facts, made, sort.equals("copy") ? made + 28_800_000_000L : 0);
  }

  /** A template with these items. */
  public static ResourceView template(ResourceId id, List<Item> items) {
    return new ResourceView(
        id,
        micros(),
        Mode.MANAGE,
        true,
        3,
        verdict("healthy", "copies are made of g3; 2 in use, 1 waiting", Severity.INFO),
        true,
        List.of(),
        "",
        Details.of("generation", "g3"),
        List.of(member("local", "host", "answers", Severity.INFO, true)),
        List.of(),
        List.of(),
        Map.of(),
        items);
  }

  /** Now. */
  public static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  /** A healthy cluster of three. */
  public static ResourceView healthy(ResourceId id) {
    return new ResourceView(
        id,
        micros(),
        Mode.MANAGE,
        true,
        8,
        verdict("healthy", "a is primary; b and c stream from it.", Severity.INFO),
        true,
        List.of(),
        GUARANTEE,
        Details.of("primary", "a").with("quorum", "b,c").with("k", 1),
        List.of(
            member("a", "primary", "takes writes", Severity.INFO, true),
            member("b", "replica", "streams from a", Severity.INFO, false),
            member("c", "replica", "streams from a", Severity.INFO, false)),
        List.of(link("a", "b", "streaming", 0L, false), link("a", "c", "streaming", 1840L, false)),
        List.of(),
        Map.of(),
        List.of());
  }

  /** A verdict without evidence. */
  public static Diagnosis verdict(String code, String sentence, Severity severity) {
    return new Verdict(code, sentence, severity, Details.NONE);
  }

  /** A member with a few facts. */
  public static MemberView member(
      String name, String role, String status, Severity severity, boolean writable) {
    Details facts =
        Details.of("timeline", 4).with("position", "0/5A3F1C8").with("address", "127.0.0.1:5433");
    Answers answers = role.equals("unknown") ? Answers.UNKNOWN : Answers.YES;
    return new MemberView(new MemberId(name), role, answers, status, severity, writable, facts);
  }

  /** The member with another answer. */
  public static MemberView answering(MemberView member, Answers answers) {
    return new MemberView(
        member.id(),
        member.role(),
        answers,
        member.status(),
        member.severity(),
        member.writable(),
        member.facts());
  }

  /** A link. */
  public static LinkView link(
      String from, String to, String state, @Nullable Long lag, boolean planned) {
    return new LinkView(new MemberId(from), new MemberId(to), state, lag, planned);
  }

  /** The view with another verdict, members and links. */
  public static ResourceView with(
      ResourceView view, Diagnosis verdict, List<MemberView> members, List<LinkView> links) {
    return new ResourceView(
        view.id(),
        micros(),
        view.mode(),
        view.leading(),
        view.epoch(),
        verdict,
        view.inSync(),
        view.wanted(),
        view.guarantee(),
        view.ledger(),
        members,
        links,
        view.operations(),
        view.progress(),
        view.items());
  }

  /** The view with these operations. */
  public static ResourceView with(ResourceView view, List<Operation> operations) {
    return new ResourceView(
        view.id(),
        micros(),
        view.mode(),
        view.leading(),
        view.epoch(),
        view.diagnosis(),
        view.inSync(),
        view.wanted(),
        view.guarantee(),
        view.ledger(),
        view.members(),
        view.links(),
        operations,
        view.progress(),
        view.items());
  }

  /** An operation that has just been taken. */
  public static Operation operation(
      OperationId id, String type, Details input, OperationState state, Actor actor) {
    Risk risk =
        actions().stream()
            .filter(action -> action.name().equals(type))
            .map(Action::risk)
            .findFirst()
            .orElse(Risk.SAFE);
    boolean begun = state != OperationState.PROPOSED && state != OperationState.QUEUED;
    return new Operation(
        id,
        type,
        1,
        input,
        risk,
        state,
        "It was asked for by " + actor + ".",
        "",
        "key-" + id.number(),
        "5f0c9e12",
        actor,
        null,
        null,
        false,
        List.of(Lock.resource()),
        micros(),
        0,
        begun ? micros() : 0,
        state.ended() ? micros() : 0,
        List.of());
  }

  /** The operation under another key of idempotency. */
  public static Operation keyed(Operation operation, @Nullable String key) {
    return new Operation(
        operation.id(),
        operation.type(),
        operation.version(),
        operation.input(),
        operation.risk(),
        operation.state(),
        operation.reason(),
        operation.note(),
        operation.key(),
        operation.basis(),
        operation.actor(),
        operation.approvedBy(),
        key,
        operation.cancelRequested(),
        operation.locks(),
        operation.createdMicros(),
        operation.approvedMicros(),
        operation.startedMicros(),
        operation.endedMicros(),
        operation.steps());
  }

  /** Rows for steps whose turn has not come. */
  public static List<StepRecord> planned(List<Step> steps) {
    List<StepRecord> rows = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      rows.add(StepRecord.planned(i + 1, steps.get(i), 1));
    }
    return rows;
  }
}
