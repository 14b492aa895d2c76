package io.cotidal.server.api;

import static io.cotidal.server.http.Kinds.RESOURCES;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Item;
import io.cotidal.model.Names;
import io.cotidal.model.Permission;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.http.Access.Reach;
import io.cotidal.server.http.Answer;
import io.cotidal.server.http.Call;
import io.cotidal.server.http.Parameter;
import io.cotidal.server.http.Problem;
import io.cotidal.server.http.Problem.Code;
import io.cotidal.server.http.Route;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a resource has many of, and how their owners reach them. */
final class ItemRoutes {
  private static final Logger log = LoggerFactory.getLogger(ItemRoutes.class);
  private static final String ALL = RESOURCES + "/{kind}/{name}/items";
  private static final String ONE = ALL + "/{sort}/{item}";

  private final ControlPlane plane;
  private final Sight sight;

  ItemRoutes(ControlPlane plane, Sight sight) {
    this.plane = plane;
    this.sight = sight;
  }

  List<Route> all() {
    return List.of(
        Route.get(ALL, "Items of a resource: the caller's and nobody's; all, for an operator")
            .needs(Permission.VIEWER, Reach.RESOURCE)
            .with(Parameter.query("sort", Parameter.Type.TEXT, "Only of this sort"))
            .gives(Views.Items.class, this::items),
        Route.get(ONE, "One item")
            .needs(Permission.VIEWER, Reach.RESOURCE)
            .gives(Item.class, call -> Answer.ok(item(call))),
        Route.get(ONE + "/access", "How an item is reached, secrets included; for its owner")
            .needs(Permission.USER, Reach.RESOURCE)
            .gives(Views.Access.class, this::access));
  }

  /** Where an item is. */
  static String location(ResourceId resource, Item item) {
    return RESOURCES + "/" + resource + "/items/" + item.key();
  }

  private Answer items(Call call) {
    Optional<String> sort = call.query("sort").filter(text -> !text.isEmpty());
    sort.filter(text -> !Names.valid(text))
        .ifPresent(text -> {
          throw Problem.of(Code.BAD_REQUEST, "sort is no name of a sort", "write sort=copy")
              .refusal();
        });
    return Answer.ok(
        new Views.Items(
            view(call).items().stream()
                .filter(item -> sort.isEmpty() || item.sort().equals(sort.get()))
                .filter(item -> sight.sees(call.caller(), item))
                .sorted()
                .toList()));
  }

  /** What belongs to somebody else is not there, as far as the caller can tell. */
  private Item item(Call call) {
    String key = Item.key(call.variable("sort"), call.variable("item"));
    ResourceView view = view(call);
    return view.items().stream()
        .filter(item -> item.key().equals(key) && sight.sees(call.caller(), item))
        .findFirst()
        .orElseThrow(() -> noSuch(key + " of " + view.id()));
  }

  private Answer access(Call call) {
    Item item = item(call);
    ResourceId resource = call.resource();
    if (!sight.owns(call.caller(), item)) {
      throw noSuch("access to " + item.key() + " of " + resource);
    }
    SortedMap<String, Secret> ways;
    try {
      ways = plane.access(resource, item);
    } catch (IllegalStateException e) {
      throw Problem.of(
              Code.NOT_YET, String.valueOf(e.getMessage()), "look at its state, and try again")
          .refusal();
    }
    if (ways.isEmpty()) {
      throw noSuch("access to " + item.key() + " of " + resource);
    }
    log.info(
        "event=access-shown resource={} item={} owner={} actor={}",
        resource,
        item.key(),
        item.owner(),
        call.caller().actor());
    return Answer.ok(Views.Access.of(item, ways)).with("Cache-Control", "no-store");
  }

  private ResourceView view(Call call) {
    return plane.resource(call.resource()).orElseThrow(() -> noSuch("resource " + call.resource()));
  }

  private static Problem.Refusal noSuch(String what) {
    return Problem.of(Code.NOT_FOUND, "there is no " + what, "see cot get").refusal();
  }
}
