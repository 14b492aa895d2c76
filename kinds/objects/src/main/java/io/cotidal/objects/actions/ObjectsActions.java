package io.cotidal.objects.actions;

import io.cotidal.model.Action;
import io.cotidal.model.Action.Field;
import io.cotidal.model.Permission;
import io.cotidal.model.Risk;
import java.util.List;

/** What people can ask of a namespace. */
public final class ObjectsActions {
  /** How containers stand, and how far each site is behind. */
  public static final String CONTAINERS = "containers";

  /** Writes that a later one overruled. */
  public static final String CONFLICTS = "conflicts";

  private static final Field WHERE =
      new Field(
          "container",
          Action.Type.TEXT,
          true,
          "account and container, for example AUTH_test/photos");

  /** Every action. */
  public static final List<Action> ALL =
      List.of(
          new Action(
              "objects",
              CONTAINERS,
              "The containers that are not the same everywhere: what is missing, since when, and what it waits for.",
              Permission.VIEWER,
              Risk.NONE,
              List.of()),
          new Action(
              "objects",
              CONFLICTS,
              "The writes and deletions that a later one at another site overruled.",
              Permission.VIEWER,
              Risk.NONE,
              List.of()),
          new Action(
              "objects",
              "prove",
              "Read every listing at every site, compare, and sign what was found; changes nothing.",
              Permission.OPERATOR,
              Risk.SAFE,
              List.of(
                  new Field(
                      "container",
                      Action.Type.TEXT,
                      false,
                      "account and container; everything if not given"))),
          new Action(
              "objects",
              "converge",
              "Make a container the same at all its sites now, without waiting for the next comparison.",
              Permission.OPERATOR,
              Risk.SAFE,
              List.of(WHERE)),
          new Action(
              "objects",
              "promote",
              "Let the gateway of a site serve clients, whatever role it has in the file; told to every gateway.",
              Permission.OPERATOR,
              Risk.DISRUPTIVE,
              List.of(new Field("site", Action.Type.MEMBER, true, "the site"))),
          new Action(
              "objects",
              "demote",
              "Let the gateway of a site refuse clients, as that of a backup does; told to every gateway.",
              Permission.OPERATOR,
              Risk.DISRUPTIVE,
              List.of(new Field("site", Action.Type.MEMBER, true, "the site"))));

  private ObjectsActions() {}
}
