package io.cotidal.engine;

import io.cotidal.model.Action;
import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.Found;
import io.cotidal.model.LinkView;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Risk;
import io.cotidal.model.Severity;
import io.cotidal.model.Spec;
import io.cotidal.model.Step;
import io.cotidal.model.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The smallest kind. Members say a word, {@code word} or {@code word:lag}; what is wanted and how
 * an operation goes is what the test says.
 */
final class ScriptedKind implements Kind<ScriptedKind.Shore, String> {
  static final MemberId A = new MemberId("a");
  static final MemberId B = new MemberId("b");
  static final MemberId C = new MemberId("c");

  /** Three members, looked at every 200 ms. */
  record Shore(
      ResourceId id,
      Mode mode,
      List<MemberId> members,
      Duration tick,
      Duration deadline,
      Duration approvalLifetime)
      implements Spec {
    static Shore in(Mode mode) {
      return new Shore(
          new ResourceId("test", "shore"),
          mode,
          List.of(A, B, C),
          Duration.ofMillis(200),
          Duration.ofMillis(400),
          Duration.ofHours(1));
    }

    Shore lasting(Duration lifetime) {
      return new Shore(id, mode, members, tick, deadline, lifetime);
    }
  }

  /** What the test says is the matter. */
  record Verdict(String code, Severity severity) implements Diagnosis {
    @Override
    public String sentence() {
      return "it is " + code;
    }

    @Override
    public Details evidence() {
      return Details.NONE;
    }
  }

  /** How an operation goes. */
  interface Script {
    Continuation steps(Details input, Run run, State<String> state);
  }

  /** An operation type that a test shapes. */
  static final class Type implements OperationType<Shore, String> {
    private final String name;
    private final Script script;
    final List<Run> asked = new ArrayList<>();
    int version = 1;
    Risk risk = Risk.SAFE;
    List<Lock> locks = List.of(Lock.resource());
    boolean preempts;
    Duration deadline = Duration.ofHours(1);

    Type(String name, Script script) {
      this.name = name;
      this.script = script;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int version() {
      return version;
    }

    @Override
    public Risk risk() {
      return risk;
    }

    @Override
    public List<Lock> locks(Details input) {
      return locks;
    }

    @Override
    public boolean preempts() {
      return preempts;
    }

    @Override
    public Duration deadline() {
      return deadline;
    }

    @Override
    public Continuation steps(Details input, Run run, Shore spec, State<String> state) {
      asked.add(run);
      return script.steps(input, run, state);
    }

    Run.Occasion lastOccasion() {
      return asked.getLast().occasion();
    }
  }

  final List<Wanted> wanted = new ArrayList<>();
  final Map<String, Type> types = new TreeMap<>();
  Verdict verdict = new Verdict("well", Severity.INFO);
  Optional<MemberId> beating = Optional.empty();
  boolean awaits = true;
  long due = Long.MAX_VALUE;
  int plans;

  /** Said once: what has been said is remembered. */
  final List<String> remarks = new ArrayList<>();

  /** A type that does {@code steps}, skipping those that are done; nothing on cancel. */
  Type type(String name, Step... steps) {
    return type(name, (input, run, state) -> remaining(run, steps));
  }

  Type type(String name, Script script) {
    Type type = new Type(name, script);
    types.put(name, type);
    return type;
  }

  static Continuation remaining(Run run, Step... steps) {
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    return Continuation.rest(
        List.of(steps).stream().filter(step -> !run.isDone(step.key())).toList());
  }

  static Wanted want(String type) {
    return new Wanted(type, Details.NONE, "the test wants it", false);
  }

  @Override
  public String name() {
    return "test";
  }

  @Override
  public Object essence(Shore spec, String facts) {
    int lag = facts.indexOf(':');
    return lag < 0 ? facts : facts.substring(0, lag);
  }

  @Override
  public Diagnosis diagnose(Shore spec, State<String> state) {
    return verdict;
  }

  @Override
  public Remarks remark(Shore spec, State<String> state, Details before) {
    List<Remarks.Remark> said = new ArrayList<>();
    Details memory = before;
    for (String remark : remarks) {
      if (!before.has(remark)) {
        said.add(new Remarks.Remark(Severity.INFO, "remark", remark, Details.NONE));
        memory = memory.with(remark, "said");
      }
    }
    return new Remarks(memory, said);
  }

  @Override
  public List<Wanted> plan(Shore spec, State<String> state) {
    plans++;
    return List.copyOf(wanted);
  }

  @Override
  public Optional<OperationType<Shore, String>> operation(String type) {
    return Optional.ofNullable(types.get(type));
  }

  @Override
  public Optional<MemberId> heartbeat(Shore spec, State<String> state) {
    return beating;
  }

  @Override
  public Shore withMembers(Shore spec, List<Found> found) {
    List<MemberId> members = found.stream().map(Found::id).toList();
    return new Shore(
        spec.id(), spec.mode(), members, spec.tick(), spec.deadline(), spec.approvalLifetime());
  }

  /** Entries {@code member.NAME}. */
  @Override
  public Set<MemberId> remembered(Details ledger) {
    return ledger.entries().keySet().stream()
        .filter(entry -> entry.startsWith("member."))
        .map(entry -> new MemberId(entry.substring("member.".length())))
        .collect(Collectors.toSet());
  }

  @Override
  public List<MemberView> members(Shore spec, State<String> state) {
    return List.of();
  }

  @Override
  public List<LinkView> links(Shore spec, State<String> state) {
    return List.of();
  }

  @Override
  public String guarantee(Shore spec, State<String> state) {
    return "";
  }

  @Override
  public List<Action> actions() {
    return List.of();
  }

  @Override
  public boolean awaitsLook(Step step) {
    return awaits;
  }

  @Override
  public long due(Shore spec, State<String> state) {
    return due;
  }

  @Override
  public Details prepare(Shore spec, State<String> state, Command.Begin asked) {
    if (asked.input().has("full")) {
      throw new Declined(Declined.Why.NO_ROOM, asked.type() + ": no room");
    }
    if (asked.input().has("bad")) {
      throw new IllegalArgumentException(asked.type() + ": bad input: leave it out");
    }
    String word = asked.input().get("only-if", "");
    if (!word.isEmpty() && !said(state).equals(word)) {
      throw new IllegalArgumentException(asked.type() + ": a does not say " + word);
    }
    return asked.input();
  }

  private static String said(State<String> state) {
    MemberState<String> a = state.member(A);
    return a == null || a.known() == null ? "" : String.valueOf(a.known());
  }
}
