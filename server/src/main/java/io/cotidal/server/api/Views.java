package io.cotidal.server.api;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Action;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.Item;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Permission;
import io.cotidal.model.Secret;
import io.cotidal.model.Step;
import io.cotidal.model.Token;
import io.cotidal.model.Wanted;
import io.cotidal.server.Doctor;
import io.cotidal.server.events.EventView;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The bodies of answers and requests that are not records of the model. */
final class Views {
  private Views() {}

  /** All resources that the caller may see. */
  record Resources(List<ResourceView> resources) {}

  /** What is wanted of a resource, and what waits for an approval. */
  record Plan(Diagnosis diagnosis, boolean inSync, List<Wanted> wanted, List<Operation> proposals) {
    static Plan of(ResourceView view) {
      List<Operation> proposals =
          view.operations().stream()
              .filter(operation -> operation.state() == OperationState.PROPOSED)
              .toList();
      return new Plan(view.diagnosis(), view.inSync(), view.wanted(), proposals);
    }
  }

  /** Operations, newest first. */
  record Operations(List<Operation> operations) {}

  /** What an operation would do. */
  record Preview(List<Step> steps, List<Step> predicted) {}

  /** Items of a resource, by sort and name. */
  record Items(List<Item> items) {}

  /**
   * How an item is reached.
   *
   * @param access connection strings by dialect; they hold secrets
   */
  record Access(String sort, String name, Map<String, String> access) {
    static Access of(Item item, SortedMap<String, Secret> access) {
      Map<String, String> revealed = new TreeMap<>();
      access.forEach((dialect, way) -> revealed.put(dialect, way.reveal()));
      return new Access(item.sort(), item.name(), revealed);
    }

    @Override
    public String toString() {
      return sort + "/" + name + " " + access.keySet();
    }
  }

  /** Events, oldest first, and the sequence after which the next ones come. */
  record Events(List<EventView> events, long last) {}

  /** What people can ask for. */
  record Actions(List<Action> actions) {}

  /** What a doctor found. */
  record Report(List<Doctor.Check> checks) {}

  /** What answers. */
  record Version(String version) {}

  /** Who calls. */
  record Me(String name, Permission permission, String scope, long expiresMicros) {
    static Me of(Token token) {
      return new Me(token.id(), token.permission(), token.scope(), token.expiresMicros());
    }
  }

  /** A token without its secret. */
  record TokenView(
      String id,
      Permission permission,
      String scope,
      long createdMicros,
      long expiresMicros,
      long lastUsedMicros) {
    static TokenView of(Token token) {
      return new TokenView(
          token.id(),
          token.permission(),
          token.scope(),
          token.createdMicros(),
          token.expiresMicros(),
          token.lastUsedMicros());
    }
  }

  /** All tokens. */
  record Tokens(List<TokenView> tokens) {}

  /** A new token; its secret is shown this once. */
  record Issued(
      String id,
      String secret,
      Permission permission,
      String scope,
      long createdMicros,
      long expiresMicros) {}

  /** Asks for a token; {@code days} is 90 if absent, {@code scope} {@code *}. */
  record TokenRequest(String id, Permission permission, String scope, long days) {}

  /** A person's word on the end of an operation. */
  record Resolution(boolean done, String word) {}

  /** Asks for a pause; without {@code seconds} until it is resumed. */
  record PauseRequest(long seconds, String reason) {}

  /** Asks for a changed configuration; without {@code text} the daemon's own file is read. */
  record ApplyRequest(String text, boolean dryRun) {}

  /** Signs in. */
  record SignIn(String token) {}
}
