package io.cotidal.server;

import static io.cotidal.server.fake.Scenes.SHOP;

import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.ItemChange;
import io.cotidal.model.Lock;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.Permission;
import io.cotidal.model.Secret;
import io.cotidal.model.Step;
import io.cotidal.server.fake.Scenes;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;

/** A server over one template, with a copy of ann and one of bob, and people of each role. */
final class CopiesFixture implements AutoCloseable {
  static final String BASE = "/api/v1/resources/copies/shop/";
  static final String CANARY = "postgresql://app:canary-7f3a@127.0.0.1:5501/shop";

  final Fixture fixture;
  final Http ann;
  final Http bob;
  final Http viewer;
  final Http operator;

  CopiesFixture() throws IOException {
    fixture = new Fixture();
    fixture.plane.show(
        Scenes.template(
            SHOP,
            List.of(
                Scenes.item("copy", "anns-copy", "ann", "ready"),
                Scenes.item("copy", "bobs-copy", "bob", "ready"),
                Scenes.item("generation", "g3", "", "ready"))));
    fixture.plane.onAccess((_, item) -> {
      TreeMap<String, Secret> ways = new TreeMap<>();
      if (item.sort().equals("copy")) {
        ways.put("url", new Secret(CANARY));
      }
      return ways;
    });
    ann = fixture.named("ann", Permission.USER);
    bob = fixture.named("bob", Permission.USER);
    viewer = fixture.named("eve", Permission.VIEWER);
    operator = fixture.named("otto", Permission.OPERATOR);
  }

  /** Shows an operation on a copy. */
  Operation put(String type, String name, Actor actor, OperationState state) {
    OperationId id = new OperationId(SHOP, fixture.plane.nextNumber(SHOP));
    Operation operation =
        Scenes.operation(id, type, Details.of("name", name), state, actor)
            .holding(List.of(new Lock("item:copy/" + name, true)))
            .withSteps(
                Scenes.planned(
                    List.of(
                        Step.decision("reserve", "reserve " + name, Details.NONE)
                            .changing(
                                new ItemChange.Put(
                                    "copy", name, actor.name(), "ready", Details.NONE, 0)))));
    fixture.plane.put(operation);
    return operation;
  }

  @Override
  public void close() {
    fixture.close();
  }
}
