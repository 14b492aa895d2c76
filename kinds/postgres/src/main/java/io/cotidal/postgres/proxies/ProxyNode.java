package io.cotidal.postgres.proxies;

import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.ProxyFacts;
import io.cotidal.postgres.spec.Proxy;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Gate;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** One proxy with its gate: looks, acts, inspections. Thread-safe. */
final class ProxyNode implements AutoCloseable {
  private final MemberId id;
  private final ProxyControl control;
  private final Gate gate;

  ProxyNode(Proxy proxy, ProxyControl control, LocalProcesses processes) {
    this.id = proxy.id();
    this.control = control;
    this.gate = new Gate(proxy.place(), processes);
  }

  private interface Deed {
    Outcome done() throws ProxyTrouble, IOException, InterruptedException;
  }

  Observation<PgFacts> observe(Duration length) {
    try {
      ProxyFacts facts = control.look(Deadline.in(length));
      return new Observation.Seen<>(PgFacts.of(facts), ProxiedDriver.host(gate.remembered()));
    } catch (ProxyTrouble e) {
      return switch (e.how()) {
        case ProxyTrouble.How.Refused refused ->
            new Observation.Refused<>(e.reason(), Host.UNKNOWN);
        case ProxyTrouble.How.Silent silent ->
            new Observation.Silent<>(silent.waitedNanos(), Host.UNKNOWN);
        case ProxyTrouble.How.Unclear unclear ->
            new Observation.CannotTell<>(e.reason(), Host.UNKNOWN);
        case ProxyTrouble.How.Rejected rejected ->
            new Observation.CannotTell<>(e.reason(), Host.UNKNOWN);
      };
    } catch (IOException e) {
      return new Observation.CannotTell<>(reason(e), Host.UNKNOWN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Observation.CannotTell<>("the look was interrupted", Host.UNKNOWN);
    }
  }

  Outcome stamp(Stamp stamp, Duration length) {
    return guarded(() ->
        gate.under(
            stamp,
            Deadline.in(length),
            passage -> new Outcome.Done(Details.of("before", passage.before()))));
  }

  Outcome act(Step step, Stamp stamp) {
    Deadline deadline = Deadline.in(step.deadline());
    return guarded(() -> gate.under(stamp, deadline, _ -> guarded(() -> done(step, deadline))));
  }

  private Outcome done(Step step, Deadline deadline)
      throws ProxyTrouble, IOException, InterruptedException {
    switch (step.act()) {
      case Acts.PROXY_PAUSE -> control.pause(deadline);
      case Acts.PROXY_RESUME -> control.resume(deadline);
      case Acts.PROXY_CUT -> {
        control.cut(from(step), deadline);
        return new Outcome.Done(Details.of("seen", "its sessions with " + from(step) + " ended"));
      }
      case Acts.PROXY_POINT -> control.point(aim(step), deadline);
      default -> {
        return new Outcome.Failed("a proxy has no act '" + step.act() + "'");
      }
    }
    return new Outcome.Done(evidence(control.look(deadline)));
  }

  private static MemberId from(Step step) {
    return new MemberId(step.arguments().need(Acts.FROM));
  }

  private static ProxyControl.Aim aim(Step step) {
    return new ProxyControl.Aim(
        new MemberId(step.arguments().need(Acts.UPSTREAM)),
        members(step, Acts.ATTACH),
        members(step, Acts.DETACH));
  }

  private static List<MemberId> members(Step step, String argument) {
    String names = step.arguments().get(argument, "");
    return names.isEmpty()
        ? List.of()
        : Arrays.stream(names.split(",")).map(MemberId::new).toList();
  }

  private static Details evidence(ProxyFacts facts) {
    return Details.of("seen", facts.sentence());
  }

  Inspection inspect(Step step, Stamp stamp) {
    Deadline deadline = Deadline.in(step.deadline());
    try {
      return gate.look(stamp, deadline, _ -> seen(step, deadline))
          .orElse(new Inspection.Unknown(id + " follows a newer stamp than " + stamp));
    } catch (IOException e) {
      return new Inspection.Unknown(reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Inspection.Unknown("the inspection was interrupted");
    }
  }

  private Inspection seen(Step step, Deadline deadline) throws InterruptedException {
    try {
      ProxyFacts facts = control.look(deadline);
      boolean there =
          switch (step.act()) {
            case Acts.PROXY_PAUSE -> control.holds(deadline);
            case Acts.PROXY_RESUME -> !facts.paused();
            case Acts.PROXY_CUT -> facts.paused() || !facts.leadsTo().contains(from(step));
            default -> aim(step).met(facts);
          };
      return there
          ? new Inspection.Applied(evidence(facts))
          : new Inspection.NotApplied(id + " " + facts.sentence());
    } catch (ProxyTrouble e) {
      // Nothing listens: whatever it was told is told it again when it is back.
      return e.how() instanceof ProxyTrouble.How.Refused
          ? new Inspection.NotApplied(id + " does not answer: " + e.reason())
          : new Inspection.Unknown(e.reason());
    }
  }

  private Outcome guarded(Deed deed) {
    try {
      return deed.done();
    } catch (ProxyTrouble e) {
      return switch (e.how()) {
        case ProxyTrouble.How.Refused refused ->
            new Outcome.Failed(id + " does not answer: " + e.reason());
        case ProxyTrouble.How.Rejected rejected -> new Outcome.Failed(e.reason());
        case ProxyTrouble.How.Silent silent -> new Outcome.Unknown(e.reason());
        case ProxyTrouble.How.Unclear unclear -> new Outcome.Unknown(e.reason());
      };
    } catch (IllegalArgumentException e) {
      return new Outcome.Failed(reason(e));
    } catch (IOException e) {
      return new Outcome.Unknown(reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Unknown("the act was interrupted");
    }
  }

  private static String reason(Exception problem) {
    return problem.getMessage() == null ? problem.toString() : problem.getMessage();
  }

  @Override
  public void close() {
    control.close();
  }
}
