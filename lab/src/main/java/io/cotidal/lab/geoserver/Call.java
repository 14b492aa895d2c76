package io.cotidal.lab.geoserver;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request.
 *
 * @param path decoded segments below {@code /geoserver}
 * @param query parameters, names in lower case
 */
record Call(
    String method, List<String> path, Map<String, String> query, String type, Answer.Bytes body) {

  static List<String> segments(String rawPath) {
    List<String> all = new ArrayList<>();
    for (String one : rawPath.split("/")) {
      if (!one.isEmpty()) {
        all.add(URLDecoder.decode(one.replace("+", "%2B"), StandardCharsets.UTF_8));
      }
    }
    return List.copyOf(all);
  }

  static Map<String, String> parameters(String rawQuery) {
    Map<String, String> all = new HashMap<>();
    for (String one : rawQuery.split("&")) {
      int equals = one.indexOf('=');
      if (equals > 0) {
        all.put(
            one.substring(0, equals).toLowerCase(Locale.ROOT),
            URLDecoder.decode(one.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return Map.copyOf(all);
  }

  boolean is(String wanted) {
    return method.equals(wanted);
  }

  /** The call below its first segment. */
  Call below() {
    return new Call(method, path.subList(1, path.size()), query, type, body);
  }

  int length() {
    return path.size();
  }

  /** A segment; the last one without the extension that asks for a format. */
  String at(int index) {
    String segment = path.get(index);
    if (index < path.size() - 1) {
      return segment;
    }
    for (String extension : List.of(".json", ".xml", ".sld")) {
      if (segment.endsWith(extension)) {
        return segment.substring(0, segment.length() - extension.length());
      }
    }
    return segment;
  }

  boolean asks(String extension) {
    return !path.isEmpty() && path.getLast().endsWith(extension);
  }

  boolean flag(String name) {
    return Boolean.parseBoolean(query.getOrDefault(name, "false"));
  }

  String text() {
    return new String(body.all(), StandardCharsets.UTF_8);
  }

  /** The document in the body, without its one outer field. */
  ObjectNode document(String outer) {
    return Tree.document(body.all(), outer);
  }

  Refusal notAllowed() {
    return new Refusal(405, "Request method '" + method + "' not supported");
  }
}
