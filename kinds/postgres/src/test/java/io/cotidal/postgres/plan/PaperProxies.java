package io.cotidal.postgres.plan;

import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.ProxyFacts;
import io.cotidal.postgres.plan.cluster.Ledger;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Proxies on paper: where each leads, and whether it holds its clients back. */
final class PaperProxies {
  /** One proxy that can pause. */
  static final class Proxy {
    @Nullable MemberId leadsTo;
    boolean paused;
    boolean reachable = true;
    boolean canPause = true;

    /** Whether its clients were ever cut off. */
    boolean cut;

    /** Whom it uses, if it leads readers too. */
    final TreeSet<MemberId> attached = new TreeSet<>();
  }

  private final Map<MemberId, Proxy> all = new TreeMap<>();

  void add(MemberId id, @Nullable MemberId leadsTo) {
    Proxy proxy = new Proxy();
    proxy.leadsTo = leadsTo;
    all.put(id, proxy);
  }

  boolean has(@Nullable MemberId id) {
    return id != null && all.containsKey(id);
  }

  Proxy get(@Nullable MemberId id) {
    return Objects.requireNonNull(all.get(Objects.requireNonNull(id)));
  }

  Observation<PgFacts> look(MemberId id) {
    Proxy proxy = get(id);
    if (!proxy.reachable) {
      return new Observation.Silent<>(400 * Moment.MILLI, Host.UNKNOWN);
    }
    TreeSet<MemberId> leadsTo = new TreeSet<>();
    if (proxy.leadsTo != null) {
      leadsTo.add(proxy.leadsTo);
    }
    return new Observation.Seen<>(
        PgFacts.of(new ProxyFacts(leadsTo, List.of(), proxy.paused, proxy.attached, List.of())),
        new Host(Host.Process.RUNNING, Stamp.NONE, Details.NONE));
  }

  Outcome act(Step step) {
    Proxy proxy = get(step.member());
    if (!proxy.reachable) {
      return new Outcome.Failed("it does not answer");
    }
    switch (step.act()) {
      case Acts.PROXY_PAUSE -> {
        if (!proxy.canPause) {
          return new Outcome.Failed("a transaction goes on");
        }
        proxy.paused = true;
      }
      case Acts.PROXY_RESUME -> proxy.paused = false;
      case Acts.PROXY_CUT -> {
        if (!proxy.canPause) {
          return new Outcome.Failed("it does not");
        }
        proxy.paused = true;
        proxy.cut = true;
      }
      case Acts.PROXY_POINT -> {
        proxy.leadsTo = new MemberId(step.arguments().need(Acts.UPSTREAM));
        proxy.paused = false;
        proxy.attached.add(proxy.leadsTo);
        proxy.attached.addAll(Ledger.split(step.arguments().get(Acts.ATTACH, "")));
        proxy.attached.removeAll(Ledger.split(step.arguments().get(Acts.DETACH, "")));
      }
      default -> throw new IllegalArgumentException("no act " + step.act());
    }
    return new Outcome.Done(Details.of("seen", "so"));
  }

  Inspection inspect(Step step) {
    Proxy proxy = get(step.member());
    if (!proxy.reachable) {
      return new Inspection.NotApplied("it does not answer");
    }
    boolean there =
        switch (step.act()) {
          case Acts.PROXY_PAUSE -> proxy.paused;
          case Acts.PROXY_RESUME -> !proxy.paused;
          case Acts.PROXY_CUT -> proxy.paused;
          default ->
              !proxy.paused
                  && new MemberId(step.arguments().need(Acts.UPSTREAM)).equals(proxy.leadsTo);
        };
    return there
        ? new Inspection.Applied(Details.of("seen", "so"))
        : new Inspection.NotApplied("it is not so");
  }

  /** Nobody is stopped in order while clients come through. */
  void checkStop(MemberId member, List<String> wrong) {
    all.forEach((id, proxy) -> {
      if (member.equals(proxy.leadsTo) && !proxy.paused) {
        wrong.add(member + " is stopped while " + id + " lets clients through");
      }
    });
  }
}
