package io.cotidal.server.api;

import io.cotidal.engine.TokenStore;
import io.cotidal.model.Permission;
import io.cotidal.model.Token;
import io.cotidal.server.access.Credentials;
import io.cotidal.server.http.Access.Reach;
import io.cotidal.server.http.Answer;
import io.cotidal.server.http.Call;
import io.cotidal.server.http.Problem;
import io.cotidal.server.http.Problem.Code;
import io.cotidal.server.http.Route;
import io.cotidal.server.http.Shape;
import io.cotidal.server.json.Json;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Hands out tokens and takes them back. */
final class TokenRoutes {
  private static final long DAYS = 90;

  private final TokenStore store;
  private final Credentials credentials;

  TokenRoutes(TokenStore store, Credentials credentials) {
    this.store = store;
    this.credentials = credentials;
  }

  List<Route> all() {
    return List.of(
        Route.get("/api/v1/tokens", "All tokens, without their secrets")
            .needs(Permission.ADMIN, Reach.FLEET)
            .gives(Views.Tokens.class, this::list),
        Route.post("/api/v1/tokens", "Make a token; its secret is shown this once")
            .needs(Permission.ADMIN, Reach.FLEET)
            .takes(new Shape.Of(Views.TokenRequest.class))
            .gives(Views.Issued.class, this::issue),
        Route.delete("/api/v1/tokens/{id}", "Take a token back; its sessions end with it")
            .needs(Permission.ADMIN, Reach.FLEET)
            .gives(new Shape.Nothing(), this::remove),
        Route.get("/api/v1/me", "Who the caller is taken for")
            .needs(Permission.VIEWER, Reach.FILTERED)
            .gives(Views.Me.class, call -> Answer.ok(Views.Me.of(call.caller().token()))));
  }

  private Answer list(Call call) {
    return Answer.ok(new Views.Tokens(store.list().stream().map(Views.TokenView::of).toList()));
  }

  private Answer issue(Call call) {
    ObjectNode body = call.body("id", "permission", "scope", "days");
    String id = Call.needText(body, "id");
    Permission permission = permission(Call.needText(body, "permission"));
    String scope = Call.text(body, "scope").orElse("*");
    try {
      return credentials
          .issue(id, permission, scope, Duration.ofDays(days(body.get("days"))))
          .<Answer>map(TokenRoutes::issued)
          .orElseGet(() ->
              Problem.of(
                      Code.CONFLICT,
                      "there is a token '" + id + "'",
                      "use another id, or delete that token first")
                  .answer());
    } catch (IllegalArgumentException e) {
      throw Problem.of(Code.BAD_REQUEST, String.valueOf(e.getMessage())).refusal();
    }
  }

  private static Answer issued(Credentials.Issued issued) {
    Token token = issued.token();
    return Answer.json(
            201,
            new Views.Issued(
                token.id(),
                issued.secret().reveal(),
                token.permission(),
                token.scope(),
                token.createdMicros(),
                token.expiresMicros()))
        .with("Location", "/api/v1/tokens/" + token.id());
  }

  private Answer remove(Call call) {
    String id = call.variable("id");
    return store.remove(id)
        ? Answer.empty(204)
        : Problem.of(Code.NOT_FOUND, "there is no token '" + id + "'", "see cot token list")
            .answer();
  }

  private static long days(@org.jspecify.annotations.Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return DAYS;
    }
    if (!node.isInt() || node.intValue() < 1 || node.intValue() > Credentials.LONGEST.toDays()) {
      throw Problem.of(Code.BAD_REQUEST, "days must be 1 to " + Credentials.LONGEST.toDays())
          .refusal();
    }
    return node.intValue();
  }

  private static Permission permission(String word) {
    return Arrays.stream(Permission.values())
        .filter(permission -> Json.word(permission).equals(word))
        .findFirst()
        .orElseThrow(() ->
            Problem.of(
                    Code.BAD_REQUEST,
                    "permission '" + word + "' is none of " + words(),
                    "write one of them")
                .refusal());
  }

  private static String words() {
    return Arrays.stream(Permission.values()).map(Json::word).collect(Collectors.joining(", "));
  }
}
