package io.cotidal.objects.swift;

import io.cotidal.objects.names.Encoded;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Answer;
import io.cotidal.remote.http.kept.BodyBroken;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import io.cotidal.remote.http.kept.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Accounts at one site, with our token. Thread-safe. */
public final class SwiftAccounts {
  private static final int MISSING = 404;
  private static final int MOST = 32 * 1024 * 1024;

  private final SiteLine line;

  SwiftAccounts(SiteLine line) {
    this.line = line;
  }

  /**
   * What the site says of an account; empty if it is not there.
   *
   * @throws SwiftTrouble if nobody can tell
   */
  public Optional<AccountHead> head(String account, Deadline deadline) throws SwiftTrouble {
    Request request = Request.of("HEAD", target(account), Headers.NONE.with("X-Newest", "true"));
    try (Answer answer = line.withToken(request, Set.of(200, 204, MISSING), deadline)) {
      if (answer.status() == MISSING) {
        return Optional.empty();
      }
      HeadReader head = new HeadReader(line.troubles(), request, answer);
      return Optional.of(
          new AccountHead(
              head.count("X-Account-Container-Count"),
              head.count("X-Account-Object-Count"),
              head.count("X-Account-Bytes-Used"),
              answer.headers()));
    }
  }

  /**
   * Changes an account: what is not named stays, what is named with an empty value goes. Where
   * accounts are made when they are written to, one that is not there is made.
   *
   * @throws SwiftTrouble missing, if it is not there and is not made
   */
  public void post(String account, Headers headers, Deadline deadline) throws SwiftTrouble {
    Request request = Request.of("POST", target(account), headers);
    line.withToken(request, Set.of(200, 201, 202, 204), deadline).close();
  }

  /**
   * A page of an account's containers, in the order of their names. Only an empty page is the last
   * one.
   *
   * @param after they come after this name; empty for the first page
   * @throws SwiftTrouble if they cannot be read, or the account is not there
   */
  public List<ContainerRow> containers(String account, String after, Deadline deadline)
      throws SwiftTrouble {
    String marker = after.isEmpty() ? "" : "&marker=" + Encoded.segment(after);
    Request request =
        Request.of(
            "GET",
            target(account) + "?format=json" + marker,
            Headers.of(new Header("Accept", "application/json")));
    try (Answer answer = line.withToken(request, Set.of(200, 204), deadline)) {
      byte[] text = answer.bytes(MOST);
      return text.length == 0
          ? List.of()
          : rows(request, JsonMapper.shared().readTree(text), after);
    } catch (BodyBroken e) {
      throw line.troubles().of(request, e);
    } catch (JacksonException e) {
      throw line.troubles().broken(request, "the listing is no JSON");
    }
  }

  /**
   * A page of an account's list as a client is shown it who asks for that.
   *
   * @param query what is asked for beside the format, encoded; empty, or ends with {@code &}
   * @throws SwiftTrouble if it cannot be read; a conflict if the site gives no page so long
   */
  public AccountPage page(String account, String query, Deadline deadline) throws SwiftTrouble {
    Request request =
        Request.of("GET", target(account) + "?" + query + "format=json", Headers.NONE);
    try (Answer answer = line.withToken(request, Set.of(200, 204, MISSING), deadline)) {
      if (answer.status() == MISSING) {
        return AccountPage.NONE;
      }
      HeadReader head = new HeadReader(line.troubles(), request, answer);
      byte[] text = answer.bytes(MOST);
      List<AccountPage.Row> rows = new ArrayList<>();
      if (text.length > 0) {
        JsonMapper.shared().readTree(text).forEach(one -> rows.add(row(one)));
      }
      return new AccountPage(
          rows,
          head.count("X-Account-Container-Count"),
          head.count("X-Account-Object-Count"),
          head.count("X-Account-Bytes-Used"));
    } catch (BodyBroken e) {
      throw line.troubles().of(request, e);
    } catch (JacksonException e) {
      throw line.troubles().broken(request, "the listing is no JSON");
    }
  }

  private static AccountPage.Row row(JsonNode one) {
    boolean several = one.has("subdir");
    return new AccountPage.Row(
        one.path(several ? "subdir" : "name").asString(""),
        several,
        one.path("count").asLong(0),
        one.path("bytes").asLong(0),
        one.path("last_modified").asString(""));
  }

  private List<ContainerRow> rows(Request request, JsonNode page, String after)
      throws SwiftTrouble {
    List<ContainerRow> rows = new ArrayList<>();
    String last = after;
    for (JsonNode one : page) {
      String name = one.path("name").asString("");
      if (Encoded.compare(name, last) <= 0) {
        throw line.troubles().broken(request, "the listing does not go forward");
      }
      last = name;
      rows.add(
          new ContainerRow(
              name, one.path("count").asLong(0), one.path("bytes").asLong(0), time(one)));
    }
    return rows;
  }

  /** Older Swifts do not say it. */
  private static Timestamp time(JsonNode row) {
    try {
      return Timestamp.listed(row.path("last_modified").asString(""));
    } catch (RuntimeException e) {
      return Timestamp.NEVER;
    }
  }

  private String target(String account) {
    return line.target("/" + Encoded.segment(account));
  }
}
