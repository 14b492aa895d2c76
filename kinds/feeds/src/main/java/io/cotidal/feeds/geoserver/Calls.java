package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.geoserver.SiteException.Kind;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.HttpTrouble;
import io.cotidal.remote.http.Order;
import io.cotidal.remote.http.Order.Content;
import io.cotidal.remote.http.Order.Method;
import io.cotidal.remote.http.Question;
import io.cotidal.remote.http.Reply;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The calls of one operation: they share its deadline, and those that write are counted. */
final class Calls {
  private static final String ANY = "application/json, application/xml;q=0.9, */*;q=0.8";

  private final Rest rest;
  private final Deadline deadline;
  private final boolean rehearsal;
  private int writes;
  private String held = "";

  Calls(Rest rest, Deadline deadline) {
    this(rest, deadline, false);
  }

  private Calls(Rest rest, Deadline deadline, boolean rehearsal) {
    this.rest = rest;
    this.deadline = deadline;
    this.rehearsal = rehearsal;
  }

  /** Calls that end at the first that would write. */
  static Calls rehearsal(Rest rest, Deadline deadline) {
    return new Calls(rest, deadline, true);
  }

  /** What a rehearsal would have written first; empty if it came to no write. */
  Optional<String> held() {
    return Optional.of(held).filter(one -> !one.isEmpty());
  }

  private void hold(Method method, String path) throws SiteException {
    if (rehearsal) {
      held = method + " " + path.replaceFirst("\\?.*", "");
      throw new SiteException(Kind.FAILED, place(path) + ": held back: it was a rehearsal");
    }
  }

  Deadline deadline() {
    return deadline;
  }

  /** How many calls wrote. */
  int writes() {
    return writes;
  }

  /** A document; empty if it is not there. */
  Optional<JsonNode> get(String path) throws SiteException {
    Reply reply = send(Method.GET, path, Optional.empty());
    if (reply.status() == 404) {
      return Optional.empty();
    }
    return Optional.of(Tree.read(text(expect(Method.GET, path, reply)), place(path)));
  }

  /** A text; empty if it is not there. */
  Optional<String> text(String path) throws SiteException {
    Reply reply = send(Method.GET, path, Optional.empty());
    return reply.status() == 404
        ? Optional.empty()
        : Optional.of(text(expect(Method.GET, path, reply)));
  }

  /** Digest of what is there; empty if it is not. It need not be text. */
  Optional<String> digest(String path) throws SiteException {
    Reply reply = send(Method.GET, path, Optional.empty());
    return reply.status() == 404
        ? Optional.empty()
        : Optional.of(Digest.of(expect(Method.GET, path, reply).bytes()));
  }

  /**
   * Proves that it is GeoServer who says that something is not there: so does every server of
   * another kind, and GeoServer's own while it is being started.
   */
  void prove() throws SiteException {
    String path = Rest.path("workspaces.json");
    Reply reply = expect(Method.GET, path, send(Method.GET, path, Optional.empty()));
    Tree.require(Tree.read(text(reply), place(path)), "workspaces", place(path));
  }

  void put(String path, Content content) throws SiteException {
    write(Method.PUT, path, Optional.of(content));
  }

  void post(String path, Content content) throws SiteException {
    write(Method.POST, path, Optional.of(content));
  }

  void post(String path) throws SiteException {
    write(Method.POST, path, Optional.empty());
  }

  /** Deletes; whether it was there. */
  boolean delete(String path) throws SiteException {
    hold(Method.DELETE, path);
    Reply reply = send(Method.DELETE, path, Optional.empty());
    if (reply.status() == 404) {
      return false;
    }
    writes++;
    Reply _ = expect(Method.DELETE, path, reply);
    return true;
  }

  /** Deletes, if nothing uses it: GeoServer says 403 of what is in use. Whether it is gone. */
  boolean deleteUnused(String path) throws SiteException {
    if (rehearsal) {
      // Only GeoServer knows whether something uses it, and would not do it then.
      return false;
    }
    Reply reply = send(Method.DELETE, path, Optional.empty());
    if (reply.status() == 403) {
      return false;
    }
    if (reply.status() != 404) {
      writes++;
      Reply _ = expect(Method.DELETE, path, reply);
    }
    return true;
  }

  private void write(Method method, String path, Optional<Content> content) throws SiteException {
    hold(method, path);
    writes++;
    Reply _ = expect(method, path, send(method, path, content));
  }

  /** An answer, whatever its status. */
  Reply send(Method method, String path, Optional<Content> content) throws SiteException {
    if (Thread.currentThread().isInterrupted()) {
      throw new SiteException(
          Kind.UNREACHABLE, place(path) + ": interrupted before it was asked: ask again");
    }
    Question question =
        new Question(
            rest.address().under(path),
            Map.of("Accept", ANY),
            Optional.of(rest.header()),
            Question.MOST);
    try {
      return rest.http().send(new Order(method, question, content), deadline);
    } catch (HttpTrouble e) {
      throw new SiteException(Kind.UNREACHABLE, place(path) + ": " + e.getMessage(), e);
    }
  }

  private Reply expect(Method method, String path, Reply reply) throws SiteException {
    int status = reply.status();
    if (status >= 200 && status < 300) {
      return reply;
    }
    throw refusal(method, path, reply);
  }

  private SiteException refusal(Method method, String path, Reply reply) {
    int status = reply.status();
    String said = rest.line(reply);
    String reason =
        place(path) + ": " + method + " is answered " + status + (said.isEmpty() ? "" : " " + said);
    boolean deleting = method == Method.DELETE;
    if (deleting && (status == 403 || said.contains("not empty"))) {
      return new SiteException(
          Kind.REJECTED, reason + ": something still uses it, withdraw that first");
    }
    if (said.contains("referenced by layer group")) {
      return new SiteException(Kind.REJECTED, reason + ": take it out of the group first");
    }
    return switch (status) {
      case 401 ->
          new SiteException(Kind.UNAUTHORISED, reason + ": correct the user and the password");
      case 403 ->
          new SiteException(
              Kind.UNAUTHORISED,
              reason + ": give the user the role ADMIN, and look at security/rest.properties");
      case 301, 302, 303, 307, 308 ->
          new SiteException(
              Kind.REJECTED,
              reason + ": redirects are not followed, name the address that it leads to");
      // It may have gone a moment ago: whoever writes looked for it before.
      case 404 ->
          new SiteException(Kind.FAILED, reason + ": look whether the URL is GeoServer's home");
      default ->
          status < 500
              ? new SiteException(Kind.REJECTED, reason + ": correct the job")
              : new SiteException(Kind.FAILED, reason + ": look at GeoServer's log");
    };
  }

  private String text(Reply reply) throws SiteException {
    try {
      return reply.text();
    } catch (HttpTrouble e) {
      throw new SiteException(Kind.FAILED, rest.place() + ": " + e.getMessage(), e);
    }
  }

  /** Where something happened: the GeoServer and the path, without the query. */
  String place(String path) {
    int query = path.indexOf('?');
    return rest.place() + " " + (query < 0 ? path : path.substring(0, query));
  }
}
