package io.cotidal.feeds.plan;

import static io.cotidal.feeds.plan.PaperReplica.DONE;
import static io.cotidal.feeds.plan.PaperReplica.target;
import static io.cotidal.feeds.plan.PaperReplica.wish;

import io.cotidal.engine.paper.Rows;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.plan.PaperReplica.Table;
import io.cotidal.model.Details;
import io.cotidal.model.Outcome;
import io.cotidal.model.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What acts do to the tables of a replica on paper. */
final class PaperTables {
  private final PaperReplica replica;
  private final Rows rows;
  private final int keep;

  PaperTables(PaperReplica replica, Rows rows, int keep) {
    this.replica = replica;
    this.rows = rows;
    this.keep = keep;
  }

  /** The schemas that a job needs. */
  static List<String> schemas(Body body) {
    return switch (body) {
      case Body.Workspace workspace ->
          List.of(
              workspace.schemas().view(),
              workspace.schemas().data(),
              workspace.schemas().outdated());
      case Body.Layer layer -> List.of(layer.schemas().view(), layer.schemas().data());
      case Body.WmsStore _,
          Body.WmsLayer _,
          Body.LiveStore _,
          Body.LiveLayer _,
          Body.Group _,
          Body.Rules _,
          Body.Roles _ ->
          List.of();
    };
  }

  /** The first half of a load. */
  @Nullable Outcome begin(Step step, Thing thing) {
    if (step.arguments().has(Acts.DELTAS)) {
      return beginByDeltas(step, thing);
    }
    Table table = replica.table(target(thing));
    String generation = step.arguments().need(Acts.GENERATION);
    if (table.digest().equals(wish(thing).data())) {
      replica.wrong.add(
          target(thing) + " is loaded again though it is served: " + wish(thing).data());
    }
    table.generations.put(generation, "");
    replica.log.add("load " + target(thing) + " " + wish(thing).data());
    return replica.bad.contains(wish(thing).data()) ? new Outcome.Failed("line 7 is broken") : null;
  }

  /** A generation becomes another one in the second half; a copy is half done after the first. */
  private @Nullable Outcome beginByDeltas(Step step, Thing thing) {
    Table table = replica.table(target(thing));
    String from = step.arguments().need(Acts.FROM);
    boolean copies = Boolean.parseBoolean(step.arguments().need(Acts.COPY));
    String generation = step.arguments().need(Acts.GENERATION);
    if (table.generations.getOrDefault(generation, "").equals(wish(thing).data())) {
      return null;
    }
    String at = table.generations.getOrDefault(from, "");
    long others =
        table.generations.entrySet().stream()
            .filter(each -> !each.getValue().isEmpty())
            .filter(each -> !each.getKey().equals(from) && !each.getKey().equals(table.serves))
            .count();
    if (!copies && !at.isEmpty() && others < keep - 1) {
      replica.wrong.add(target(thing) + "/" + from + " is brought forward, and is a way back");
    }
    if (table.serves.equals(from) && !copies) {
      replica.wrong.add(target(thing) + "/" + from + " is brought forward, and is served");
    }
    List<String> deltas = Jobs.words(step.arguments().need(Acts.DELTAS));
    for (String delta : deltas) {
      if (!delta.startsWith(at + ">") || replica.bad.contains(delta)) {
        return new Outcome.Failed(delta + " does not fit " + at);
      }
      at = delta.substring(delta.indexOf('>') + 1);
    }
    if (!at.equals(wish(thing).data())) {
      replica.wrong.add(target(thing) + " would be " + at + " and shall be " + wish(thing).data());
    }
    if (copies) {
      table.generations.put(generation, "");
    }
    replica.log.add(
        (copies ? "copy " : "forward ") + target(thing) + " " + String.join(" ", deltas));
    return null;
  }

  /** The second half of a load. */
  Outcome staged(Step step) {
    Thing thing = replica.asked(step);
    if (thing == null) {
      return new Outcome.Failed("the repository says something else by now");
    }
    boolean becomes =
        step.arguments().has(Acts.DELTAS)
            && !Boolean.parseBoolean(step.arguments().need(Acts.COPY));
    if (becomes) {
      String from = step.arguments().need(Acts.FROM);
      boolean ready =
          replica
              .table(target(thing))
              .generations
              .getOrDefault(step.arguments().need(Acts.GENERATION), "")
              .equals(wish(thing).data());
      if (ready) {
        return DONE;
      }
      if (replica.table(target(thing)).generations.remove(from) == null) {
        return new Outcome.Failed("there is no generation " + from);
      }
    }
    replica.schemas.addAll(schemas(wish(thing).body()));
    replica
        .table(target(thing))
        .generations
        .put(step.arguments().need(Acts.GENERATION), wish(thing).data());
    return DONE;
  }

  /** The table that a step speaks of. */
  static String view(Step step) {
    return step.arguments().need(Acts.TARGET);
  }

  /** A view reads another generation. */
  Outcome swapped(Step step) {
    String generation = step.arguments().need(Acts.GENERATION);
    Table table = replica.table(view(step));
    if (table.generations.getOrDefault(generation, "").isEmpty()) {
      return new Outcome.Failed("there is no whole generation " + generation);
    }
    if (!replica.schemas.contains(view(step).substring(0, view(step).indexOf('.')))) {
      return new Outcome.Failed("there is no schema of " + view(step));
    }
    String before = table.serves;
    table.serves = generation;
    table.read.put(generation, replica.log.size());
    replica.log.add(step.key() + " " + view(step) + " " + table.digest());
    String missing = replica.ungranted.contains(view(step)) ? "role reader is not here" : "";
    return new Outcome.Done(Details.of(Acts.PREVIOUS, before).with(Acts.UNGRANTED, missing));
  }

  /** Generations go. */
  Outcome trimmed(Step step) {
    for (String each : step.arguments().need(Acts.TABLES).split(" ")) {
      String target = each.substring(0, each.lastIndexOf('/'));
      String generation = each.substring(each.lastIndexOf('/') + 1);
      if (replica.table(target).serves.equals(generation)) {
        replica.wrong.add(each + " is dropped, and is served");
      }
      replica.table(target).generations.remove(generation);
      forget(target);
    }
    return DONE;
  }

  private void forget(String target) {
    if (replica.table(target).generations.isEmpty() && replica.table(target).serves.isEmpty()) {
      replica.tables.remove(target);
    }
  }

  /** A view goes with all that it could read. */
  Outcome dropped(Step step) {
    String target = step.arguments().need(Acts.TARGET);
    boolean known =
        rows.items().values().stream()
            .anyMatch(item ->
                item.facts().get(Acts.TARGET, "").equals(target) && item.facts().has(Jobs.DATA));
    boolean back = step.key().equals(Work.BACK) && !replica.dropped.contains(target);
    if (back && known && !replica.table(target).serves.isEmpty()) {
      replica.wrong.add(target + " was published before, and going back drops it");
    }
    replica.tables.remove(target);
    return DONE;
  }
}
