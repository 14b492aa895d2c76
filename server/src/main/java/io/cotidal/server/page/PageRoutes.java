package io.cotidal.server.page;

import io.cotidal.server.http.Answer;
import io.cotidal.server.http.Call;
import io.cotidal.server.http.Parameter;
import io.cotidal.server.http.Route;
import io.cotidal.server.http.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A route for each file of the page. The list of files is made when the page is built; a path that
 * is not in it has no route, so there is nothing to traverse.
 */
public final class PageRoutes {
  private static final String ROOT = "/web/";
  private static final String LIST = ROOT + "files.txt";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html;charset=utf-8",
          "css", "text/css;charset=utf-8",
          "js", "text/javascript;charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "woff2", "font/woff2",
          "txt", "text/plain;charset=utf-8");

  private PageRoutes() {}

  /** The page's routes; the first file, {@code index.html}, is also {@code /}. */
  public static List<Route> all() {
    List<Route> routes = new ArrayList<>();
    for (String name : names()) {
      Answer.Whole file = file(name);
      String path = name.equals("index.html") ? "/" : "/" + name;
      routes.add(
          Route.get(path, "A file of the page")
              .anyone("the page holds no data; it asks for a token")
              .with(Parameter.query("link", Parameter.Type.TEXT, "Why a link did not sign in"))
              .gives(new Shape.Media(file.type()), call -> answer(file, call)));
    }
    return routes;
  }

  private static Answer answer(Answer.Whole file, Call call) {
    String tag = file.headers().get("ETag");
    boolean known = tag != null && call.header("If-None-Match").orElse("").contains(tag);
    return known ? new Answer.Whole(304, "", new byte[0], file.headers()) : file;
  }

  private static List<String> names() {
    return new String(read(LIST), StandardCharsets.UTF_8)
        .lines()
        .filter(l -> !l.isBlank())
        .toList();
  }

  private static Answer.Whole file(String name) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null) {
      throw new IllegalStateException("the page's file " + name + " is of no known type");
    }
    byte[] bytes = read(ROOT + name);
    return Answer.of(200, type, bytes).with("ETag", tag(bytes)).with("Cache-Control", "no-cache");
  }

  private static byte[] read(String resource) {
    try (InputStream in = PageRoutes.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "\"" + HexFormat.of().formatHex(hash, 0, 12) + "\"";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
