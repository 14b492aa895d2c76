package io.cotidal.feeds.plan;

import static io.cotidal.feeds.plan.PaperReplica.DONE;
import static io.cotidal.feeds.plan.PaperReplica.print;
import static io.cotidal.feeds.plan.PaperReplica.target;
import static io.cotidal.feeds.plan.PaperReplica.wish;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.plan.PaperReplica.Server;
import io.cotidal.model.Details;
import io.cotidal.model.Outcome;
import io.cotidal.model.Step;
import java.util.Objects;

/** What acts do to the GeoServers of a replica on paper. */
final class PaperGeoServers {
  private final PaperReplica replica;

  PaperGeoServers(PaperReplica replica) {
    this.replica = replica;
  }

  private Server server(Step step) {
    return replica.servers.computeIfAbsent(
        Objects.requireNonNull(step.member()), _ -> new Server());
  }

  /** One shows what a job says. */
  Outcome shown(Step step) {
    Thing thing = replica.asked(step);
    if (thing == null) {
      return new Outcome.Failed("the repository says something else by now");
    }
    String key = thing.subject().key();
    if (replica.bad.contains(key)) {
      return new Outcome.Failed("500 Internal Server Error");
    }
    Server server = server(step);
    String data = target(thing).isEmpty() ? "" : replica.table(target(thing)).digest();
    if (!target(thing).isEmpty() && data.isEmpty() && !replica.dropped.contains(target(thing))) {
      replica.wrong.add(key + " is shown, and there is no table");
    }
    guarded(thing, server);
    server.prints.put(key, print(thing));
    server.ever.add(key);
    boolean changed = Boolean.parseBoolean(step.arguments().need(Acts.CHANGED));
    if (changed || !server.columns.containsKey(key)) {
      server.columns.put(key, data);
    }
    return new Outcome.Done(Details.of(Acts.PRINT, print(thing)).with(Acts.WRITES, 1));
  }

  private void guarded(Thing thing, Server server) {
    for (Thing guard : replica.things.values()) {
      boolean guards = guard.subject().sort() == Sort.WORKSPACE;
      boolean wanted =
          guard.publish().isPresent() && !replica.excluded.containsKey(guard.subject());
      if (guards
          && replica.prompt
          && wanted
          && thing.subject().sort() == Sort.LAYER
          && !server.ever.contains(guard.subject().key())) {
        replica.wrong.add(thing.subject() + " is shown before " + guard.subject());
      }
    }
  }

  /** One forgets which columns a thing has. */
  Outcome reset(Step step) {
    server(step).columns.remove(step.arguments().need(Acts.KEY));
    return DONE;
  }

  /** Whether one shows a thing. */
  boolean shows(Step step) {
    return server(step).prints.containsKey(step.arguments().need(Acts.KEY));
  }

  /** One shows a thing no more. */
  Outcome hidden(Step step) {
    String key = step.arguments().need(Acts.KEY);
    for (Thing group : replica.things.values()) {
      boolean uses =
          group.publish().isPresent()
              && wish(group).body() instanceof Body.Group body
              && body.members().stream().anyMatch(each -> each.subject().key().equals(key))
              && server(step).prints.containsKey(group.subject().key());
      if (uses) {
        return new Outcome.Failed("referenced by layer group " + group.subject());
      }
    }
    server(step).prints.remove(key);
    server(step).columns.remove(key);
    return DONE;
  }
}
