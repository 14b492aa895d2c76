package io.cotidal.objects.swift;

import io.cotidal.model.Secret;
import io.cotidal.objects.spec.Site.Identity;
import io.cotidal.remote.http.HttpAddress;
import io.cotidal.remote.http.kept.Answer;
import io.cotidal.remote.http.kept.Body;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import io.cotidal.remote.http.kept.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** How a token is asked for. */
sealed interface Login {
  /** The status for one whose token is not taken. */
  int STRANGER = 401;

  /** Where. */
  HttpAddress address();

  /** What is sent. */
  Request request();

  /** The token in the answer; empty if there is none. */
  Optional<Secret> token(Answer answer);

  /** What is to be corrected if there is no token for us. */
  String remedy();

  /**
   * What is to be corrected if a site refuses what was asked with a fresh token.
   *
   * @param status with which it did
   */
  String refused(int status);

  /** That of an identity. */
  static Login of(Identity identity) {
    return switch (identity) {
      case Identity.TempAuth temp -> new ByTempAuth(HttpAddress.parse(temp.auth()), temp);
      case Identity.Keystone keystone ->
          new ByKeystone(HttpAddress.parse(keystone.auth()), keystone);
    };
  }

  /** By two headers. */
  record ByTempAuth(HttpAddress address, Identity.TempAuth identity) implements Login {
    @Override
    public Request request() {
      return Request.of(
          "GET",
          address.path().isEmpty() ? "/" : address.path(),
          Headers.of(
              Header.text("X-Auth-User", identity.user()),
              Header.text("X-Auth-Key", identity.key().reveal())));
    }

    @Override
    public Optional<Secret> token(Answer answer) {
      return answer.headers().first("X-Auth-Token").map(Secret::new);
    }

    @Override
    public String remedy() {
      return "correct user and key";
    }

    @Override
    public String refused(int status) {
      return "correct user and key, or what they may do there";
    }
  }

  /** By a document. */
  record ByKeystone(HttpAddress address, Identity.Keystone identity) implements Login {
    @Override
    public Request request() {
      Map<String, Object> user =
          Map.of(
              "name", identity.user(),
              "domain", Map.of("name", identity.userDomain()),
              "password", identity.password().reveal());
      Map<String, Object> project =
          Map.of("name", identity.project(), "domain", Map.of("name", identity.projectDomain()));
      Map<String, Object> all =
          Map.of(
              "auth",
              Map.of(
                  "identity",
                  Map.of("methods", List.of("password"), "password", Map.of("user", user)),
                  "scope",
                  Map.of("project", project)));
      byte[] text = JsonMapper.shared().writeValueAsString(all).getBytes(StandardCharsets.UTF_8);
      // Without the catalogue, which may be long and which nobody reads.
      return Request.of(
              "POST",
              address.under("/auth/tokens?nocatalog"),
              Headers.of(
                  new Header("Content-Type", "application/json"),
                  new Header("Accept", "application/json")))
          .with(Body.of(text));
    }

    @Override
    public Optional<Secret> token(Answer answer) {
      return answer.headers().first("X-Subject-Token").map(Secret::new);
    }

    /** Keystone says the same whichever of them is wrong. */
    @Override
    public String remedy() {
      return "correct user, password, project or a domain of theirs, or give the user a role in the"
          + " project";
    }

    @Override
    public String refused(int status) {
      return status == STRANGER
          ? "it does not take a token that was just given; its authtoken must ask the same Keystone,"
              + " and reach it"
          : "give the user the role ResellerAdmin in its project";
    }
  }
}
