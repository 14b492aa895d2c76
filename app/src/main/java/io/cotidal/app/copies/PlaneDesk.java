package io.cotidal.app.copies;

import io.cotidal.copies.compat.CopyDesk;
import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.plan.CopiesDiagnosis;
import io.cotidal.copies.plan.Shelf;
import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.Operation;
import io.cotidal.model.Permission;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.access.Caller;
import io.cotidal.server.events.OperationWatch;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** One caller's desk over the daemon: what the caller may not see is not there. */
final class PlaneDesk implements CopyDesk {
  private static final String KIND = "copies";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration REPLY = Duration.ofSeconds(10);

  private final ControlPlane plane;
  private final Caller caller;

  PlaneDesk(ControlPlane plane, Caller caller) {
    this.plane = plane;
    this.caller = caller;
  }

  @Override
  public List<String> templates() {
    return resources().filter(PlaneDesk::hasData).map(view -> view.id().name()).sorted().toList();
  }

  private Stream<ResourceView> resources() {
    return plane.resources().stream()
        .filter(view -> view.id().kind().equals(KIND) && caller.covers(view.id()));
  }

  private static boolean hasData(ResourceView view) {
    return view.items().stream()
        .anyMatch(item -> item.sort().equals(Shelf.GENERATION) && item.is(Shelf.READY));
  }

  @Override
  public List<Copy> copies() {
    return resources()
        .flatMap(view -> items(view).map(item -> copy(view, item)))
        .sorted(Comparator.comparing(Copy::template).thenComparing(Copy::name))
        .toList();
  }

  private Stream<Item> items(ResourceView view) {
    return view.items().stream()
        .filter(item -> item.sort().equals(Shelf.COPY))
        .filter(item ->
            caller.allows(Permission.OPERATOR) || item.owner().equals(caller.actor().name()));
  }

  private Optional<ResourceView> template(String name) {
    return resources().filter(view -> view.id().name().equals(name)).findFirst();
  }

  private Optional<Item> item(String template, String name) {
    return template(template)
        .flatMap(view -> items(view).filter(item -> item.name().equals(name)).findFirst());
  }

  private static Copy copy(ResourceView view, Item item) {
    String engine = view.members().getFirst().facts().get("engine", "");
    return new Copy(
        view.id().name(),
        item.name(),
        engine.equals("postgres") ? "postgres" : "mysql",
        standing(view, item),
        item.createdMicros(),
        item.createdMicros(),
        item.expiresMicros());
  }

  private static Standing standing(ResourceView view, Item item) {
    boolean down =
        view.diagnosis() instanceof CopiesDiagnosis.Down gone
            && gone.copies().contains(item.name());
    return switch (item.state()) {
      case "creating" -> Standing.CREATING;
      case Shelf.READY -> down ? Standing.BROKEN : Standing.RUNNING;
      case "stopped" -> Standing.STOPPED;
      case "resetting" -> Standing.RESETTING;
      case "deleting" -> Standing.REMOVING;
      case "broken" -> Standing.BROKEN;
      default -> Standing.UNKNOWN;
    };
  }

  @Override
  public Lookup show(String template, String name) {
    Optional<Item> item = item(template, name);
    return item.isEmpty() ? new NoCopy() : shown(template, item.get());
  }

  private Shown shown(String template, Item item) {
    ResourceView view = template(template).orElseThrow();
    Details facts = item.facts();
    Optional<Secret> password =
        facts.has(Acts.PORT)
            ? Optional.ofNullable(plane.access(view.id(), item).get("password"))
            : Optional.empty();
    return new Shown(
        copy(view, item),
        new Reach(
            facts.get(Acts.HOST, ""),
            Integer.parseInt(facts.get(Acts.PORT, "0")),
            facts.get(Acts.DATABASE, ""),
            facts.get(Acts.USER, ""),
            password));
  }

  @Override
  public Optional<Container> inspect(String template, String name) {
    return item(template, name)
        .map(item -> {
          Shown shown = shown(template, item);
          Details host = template(template).orElseThrow().members().getFirst().facts();
          String id = template + "." + Shelf.id(item);
          return new Container(
              shown,
              id,
              host.get("image", shown.copy().provider()),
              host.get("volume", "") + "/data/" + template + "-" + name,
              shown.reach().port());
        });
  }

  @Override
  public Creation create(String template, String name, Optional<Duration> ttl)
      throws InterruptedException {
    Optional<ResourceView> view = template(template);
    if (view.isEmpty() || !hasData(view.get())) {
      boolean importing =
          view.isPresent()
              && view.get().diagnosis() instanceof CopiesDiagnosis.NoGeneration none
              && none.importing();
      return importing ? new Importing() : new NoTemplate();
    }
    Details input = Details.of(Acts.NAME, name);
    Details asked =
        ttl.map(each -> input.with("ttl", each.isZero() ? "never" : each.toSeconds() + "s"))
            .orElse(input);
    return switch (run(view.get().id(), "create", asked)) {
      case Ran.Done _ ->
          item(template, name)
              .<Creation>map(item -> shown(template, item))
              .orElseGet(() -> new Refused(Why.FAILED, name + " went as soon as it was made"));
      case Ran.Declined declined ->
          switch (declined.why()) {
            // A name that is free, but whose link leads to another template's data, is a clash.
            case EXISTS ->
                there(view.get(), name) ? new Exists() : new Refused(Why.BUSY, declined.reason());
            case NOT_YET -> new Importing();
            case NOT_FOUND -> new NoTemplate();
            case FORBIDDEN -> new Refused(Why.FORBIDDEN, declined.reason());
            case TOO_MANY -> new Refused(Why.TOO_MANY, declined.reason());
            case NO_ROOM -> new Refused(Why.NO_ROOM, declined.reason());
          };
      case Ran.Not not ->
          not.why() == Why.BUSY ? new Exists() : new Refused(not.why(), not.reason());
    };
  }

  /** Whether there is a copy of that name, whosever it is. */
  private boolean there(ResourceView before, String name) {
    return plane.resource(before.id()).orElse(before).items().stream()
        .anyMatch(item -> item.sort().equals(Shelf.COPY) && item.name().equals(name));
  }

  @Override
  public Removal remove(String template, String name) throws InterruptedException {
    if (item(template, name).isEmpty()) {
      return new NoCopy();
    }
    ResourceId id = new ResourceId(KIND, template);
    return switch (run(id, "delete", Details.of(Acts.NAME, name))) {
      case Ran.Done _ -> new Removed();
      case Ran.Declined _ -> new NoCopy();
      case Ran.Not not -> new Refused(not.why(), not.reason());
    };
  }

  /** What came of an operation that was waited for. */
  private sealed interface Ran {
    record Done() implements Ran {}

    record Declined(io.cotidal.engine.Declined.Why why, String reason) implements Ran {}

    record Not(Why why, String reason) implements Ran {}
  }

  private Ran run(ResourceId id, String type, Details input) throws InterruptedException {
    Command begin =
        new Command.Begin(caller.actor(), caller.token().permission(), type, input, null, false);
    try (OperationWatch watch = new OperationWatch(plane)) {
      CompletableFuture<Reply> future = plane.command(id, begin);
      Reply reply = future.get(REPLY.toMillis(), TimeUnit.MILLISECONDS);
      return switch (reply) {
        case Reply.Accepted accepted -> end(watch, accepted.operation());
        case Reply.Declined declined -> new Ran.Declined(declined.why(), declined.reason());
        case Reply.Conflict conflict -> new Ran.Not(Why.BUSY, conflict.reason());
        case Reply.NotFound missing -> new Ran.Not(Why.INVALID, missing.what());
        case Reply.Invalid invalid -> new Ran.Not(Why.INVALID, invalid.reason());
        case Reply.NotLeading following -> new Ran.Not(Why.UNAVAILABLE, following.reason());
        case Reply.StoreFailed failed -> new Ran.Not(Why.UNAVAILABLE, failed.reason());
        case Reply.Preview _ -> throw new IllegalStateException("no dry run was asked for");
        case Reply.Noted _ -> throw new IllegalStateException("no note was asked for");
      };
    } catch (TimeoutException e) {
      return new Ran.Not(Why.LATE, "the daemon did not answer in time");
    } catch (ExecutionException e) {
      return new Ran.Not(Why.UNAVAILABLE, "the daemon is stopping");
    }
  }

  private static Ran end(OperationWatch watch, Operation begun) throws InterruptedException {
    Operation ended = watch.settled(begun, PATIENCE);
    return switch (ended.state()) {
      case DONE -> new Ran.Done();
      case FAILED, CANCELLED, SUPERSEDED, ATTENTION -> new Ran.Not(Why.FAILED, ended.note());
      case PROPOSED, QUEUED, RUNNING, WAITING, CANCELLING ->
          new Ran.Not(Why.LATE, begun.id() + " goes on");
    };
  }
}
