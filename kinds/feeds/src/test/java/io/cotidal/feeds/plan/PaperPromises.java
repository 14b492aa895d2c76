package io.cotidal.feeds.plan;

import static io.cotidal.feeds.plan.PaperReplica.print;
import static io.cotidal.feeds.plan.PaperReplica.target;
import static io.cotidal.feeds.plan.PaperReplica.wish;
import static io.cotidal.feeds.plan.PaperTables.schemas;

import io.cotidal.engine.paper.Rows;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.plan.PaperReplica.Server;
import io.cotidal.feeds.plan.PaperReplica.Table;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Item;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What must hold of a replica on paper once all has settled. */
final class PaperPromises {
  private final PaperReplica replica;
  private final Rows rows;

  PaperPromises(PaperReplica replica, Rows rows) {
    this.replica = replica;
    this.rows = rows;
  }

  /** What does not hold; a test wants nothing of it. */
  List<String> faults(FeedsSpec spec) {
    List<String> faults = new ArrayList<>(replica.wrong);
    Set<String> targets = new HashSet<>();
    Set<String> keys = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Thing thing : replica.things.values()) {
      if (thing.publish().isEmpty() || replica.excluded.containsKey(thing.subject())) {
        continue;
      }
      names.add(Jobs.name(thing.subject()));
      keys.add(thing.subject().key());
      if (!target(thing).isEmpty()) {
        targets.add(target(thing));
      }
      inForce(spec, thing, faults);
    }
    if (!replica.tables.keySet().equals(targets)) {
      faults.add("tables " + replica.tables.keySet() + " of " + targets);
    }
    replica.tables.forEach((target, table) -> {
      int keep = spec.database().orElseThrow().keep();
      boolean whole = table.generations.values().stream().noneMatch(String::isEmpty);
      if (!whole || table.generations.size() > keep + 1) {
        faults.add(target + " has " + table.generations);
      }
    });
    replica.servers.forEach((name, server) -> {
      if (!keys.containsAll(server.prints.keySet())) {
        faults.add(name + " shows " + server.prints.keySet() + " of " + keys);
      }
    });
    for (Item item : rows.items().values()) {
      if (!item.sort().equals(Jobs.JOB) || !names.contains(item.name())) {
        faults.add("left over: " + item);
      }
    }
    if (!replica.applied.equals(Optional.of(replica.head()))) {
      faults.add("applied " + replica.applied + " of " + replica.head());
    }
    return faults;
  }

  private void inForce(FeedsSpec spec, Thing thing, List<String> faults) {
    if (!replica.schemas.containsAll(schemas(wish(thing).body()))) {
      faults.add(thing.subject() + " has of its schemas only " + replica.schemas);
    }
    Item row = rows.items().get(Item.key(Jobs.JOB, Jobs.name(thing.subject())));
    boolean noted =
        row != null
            && row.is(Jobs.PUBLISHED)
            && row.facts().get(Jobs.FACE, "").equals(wish(thing).face())
            && row.facts().get(Jobs.DATA, "").equals(wish(thing).data());
    if (!noted) {
      faults.add(thing.subject() + " is noted as " + row);
    }
    String target = target(thing);
    if (!target.isEmpty()) {
      Table table = replica.table(target);
      boolean reads = table.digest().equals(wish(thing).data());
      if (!reads || (row != null && !row.facts().get(Acts.GENERATION, "").equals(table.serves))) {
        faults.add(target + " reads " + table.serves + " of " + table.generations + ", row " + row);
      }
    }
    if (thing.subject().sort() == Sort.ROLES) {
      return;
    }
    for (FeedsSpec.GeoServer each : spec.shown()) {
      Server server = replica.servers.getOrDefault(each.name(), new Server());
      String key = thing.subject().key();
      if (!print(thing).equals(server.prints.get(key))
          || (!target.isEmpty() && !wish(thing).data().equals(server.columns.get(key)))) {
        faults.add(each.name() + " shows " + key + " as " + server.prints + server.columns);
      }
    }
  }
}
