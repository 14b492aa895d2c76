package io.cotidal.copies.compat;

import io.cotidal.copies.compat.CopyDesk.Container;
import io.cotidal.copies.compat.CopyDesk.Creation;
import io.cotidal.copies.compat.CopyDesk.Exists;
import io.cotidal.copies.compat.CopyDesk.Importing;
import io.cotidal.copies.compat.CopyDesk.Lookup;
import io.cotidal.copies.compat.CopyDesk.NoCopy;
import io.cotidal.copies.compat.CopyDesk.NoTemplate;
import io.cotidal.copies.compat.CopyDesk.Refused;
import io.cotidal.copies.compat.CopyDesk.Removal;
import io.cotidal.copies.compat.CopyDesk.Removed;
import io.cotidal.copies.compat.CopyDesk.Shown;
import io.cotidal.model.Names;
import io.cotidal.model.Permission;
import io.cotidal.model.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP API of the original, DB replicator: its routes, codes, words and oddities, and the same
 * below {@code /v1}, where its proxy put them. Everything that it does is in one function without a
 * clock or a socket.
 *
 * <p>Where it differs on purpose: a POST answers when the copy answers queries, not before; 423 is
 * only said while a template has no data at all; a template is never deleted, whatever its name
 * looks like; names are checked; {@code ?all} holds no password; a lifetime that is no number
 * answers 400 and not 500.
 */
public final class MyaasApi {
  private static final String PREFIX = "/v1";
  private static final String IMPORTING = "Database not available, content is being imported.";

  private final String prefix;

  /**
   * The API.
   *
   * @param prefix what containers are called by in {@code ?all}, before template and name; the
   *     original's {@code MYAAS_PREFIX}
   */
  public MyaasApi(String prefix) {
    this.prefix = prefix;
  }

  /**
   * Answers {@code request} on behalf of the caller whose desk this is. HEAD is answered as GET is;
   * whoever sends it leaves the body out.
   *
   * @throws InterruptedException if the thread is interrupted while the desk waits
   */
  public MyaasAnswer answer(MyaasRequest request, CopyDesk desk) throws InterruptedException {
    String path = request.path();
    if (path.equals(PREFIX) || path.startsWith(PREFIX + "/")) {
      path = path.substring(PREFIX.length());
    }
    return switch (path) {
      case "", "/" -> reading(request, () -> welcome(desk));
      case "/templates" -> reading(request, () -> templates(desk));
      case "/db" -> reading(request, () -> list(request, desk));
      default -> {
        Optional<List<String>> words = words(path);
        yield words.isPresent()
            ? copy(request, desk, words.get().getFirst(), words.get().getLast())
            : notFound();
      }
    };
  }

  private interface Reading {
    MyaasAnswer answer();
  }

  private static MyaasAnswer reading(MyaasRequest request, Reading reading) {
    return switch (request.method()) {
      case "GET", "HEAD" -> reading.answer();
      default -> wrongMethod("GET, HEAD");
    };
  }

  /** Template and name, decoded, if the path is {@code /db/T/N}. */
  private static Optional<List<String>> words(String path) {
    String[] parts = path.split("/", -1);
    if (parts.length != 4 || !parts[1].equals("db") || parts[2].isEmpty() || parts[3].isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(List.of(decoded(parts[2]), decoded(parts[3])));
    } catch (IllegalArgumentException e) {
      // Whatever was meant by it, there is nothing under it.
      return Optional.empty();
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private MyaasAnswer copy(MyaasRequest request, CopyDesk desk, String template, String name)
      throws InterruptedException {
    boolean named = Names.valid(template) && Names.valid(name);
    return switch (request.method()) {
      case "GET", "HEAD" -> named ? show(request, desk, template, name) : notFound();
      case "POST" -> may(request) ? create(request, desk, template, name) : forbidden();
      case "DELETE" ->
          !may(request) ? forbidden() : named ? remove(desk, template, name) : notFound();
      default -> wrongMethod("DELETE, GET, HEAD, POST");
    };
  }

  private static boolean may(MyaasRequest request) {
    return request.role().allows(Permission.USER);
  }

  private static MyaasAnswer welcome(CopyDesk desk) {
    Map<String, Object> body = new TreeMap<>();
    body.put("status", "Service is running");
    body.put("templates", desk.templates());
    body.put(
        "databases",
        desk.copies().stream().map(copy -> copy.template() + "," + copy.name()).toList());
    return MyaasAnswer.json(200, MyaasJson.text(body));
  }

  private static MyaasAnswer templates(CopyDesk desk) {
    return MyaasAnswer.json(200, MyaasJson.text(Map.of("templates", desk.templates())));
  }

  private static MyaasAnswer list(MyaasRequest request, CopyDesk desk) {
    List<Map<String, Object>> lines = new ArrayList<>();
    desk.copies().forEach(copy -> lines.add(MyaasJson.line(copy, request.micros())));
    return MyaasAnswer.json(200, MyaasJson.text(Map.of("databases", lines)));
  }

  private MyaasAnswer show(MyaasRequest request, CopyDesk desk, String template, String name) {
    if (all(request.query())) {
      Optional<Container> container = desk.inspect(template, name);
      return container.isPresent()
          ? MyaasAnswer.json(
              200,
              MyaasJson.text(Map.of("container", MyaasJson.container(container.get(), prefix))))
          : notFound();
    }
    Lookup found = desk.show(template, name);
    return switch (found) {
      case Shown shown -> shown(200, request, shown);
      case NoCopy _ -> notFound();
      case Refused refused -> refused(refused);
    };
  }

  /** Any text switches it on, {@code false} included; an empty one does not. */
  private static boolean all(String query) {
    for (String part : query.split("&")) {
      if (part.startsWith("all=")) {
        return part.length() > "all=".length();
      }
    }
    return false;
  }

  private static MyaasAnswer shown(int status, MyaasRequest request, Shown shown) {
    @Nullable Secret password = may(request) ? shown.reach().password().orElse(null) : null;
    return MyaasAnswer.json(
        status, MyaasJson.text(MyaasJson.shown(shown, password, request.micros())));
  }

  private static MyaasAnswer create(
      MyaasRequest request, CopyDesk desk, String template, String name)
      throws InterruptedException {
    Optional<Duration> ttl;
    try {
      Names.check("template", template);
      Names.check("database", name);
      ttl = MyaasTtl.of(request);
    } catch (IllegalArgumentException e) {
      return status(400, String.valueOf(e.getMessage()));
    }
    Creation made = desk.create(template, name, ttl);
    return switch (made) {
      case Shown shown -> shown(201, request, shown);
      case Exists _ -> MyaasAnswer.empty(304);
      case NoTemplate _ -> status(404, "Template \"" + template + "\" does not exist.");
      case Importing _ -> status(423, IMPORTING);
      case Refused refused -> refused(refused);
    };
  }

  private static MyaasAnswer remove(CopyDesk desk, String template, String name)
      throws InterruptedException {
    Removal removal = desk.remove(template, name);
    return switch (removal) {
      case Removed _ -> MyaasAnswer.empty(204);
      case NoCopy _ -> notFound();
      case Refused refused -> refused(refused);
    };
  }

  private static MyaasAnswer refused(Refused refused) {
    return status(refused.why().status(), refused.reason());
  }

  private static MyaasAnswer notFound() {
    return status(404, "Not found");
  }

  private static MyaasAnswer forbidden() {
    return status(403, "This needs the role user; ask an administrator for another token");
  }

  private static MyaasAnswer wrongMethod(String allow) {
    return status(405, "This path does not know the method; use " + allow).allowing(allow);
  }

  private static MyaasAnswer status(int status, String sentence) {
    return MyaasAnswer.json(status, MyaasJson.status(sentence));
  }
}
