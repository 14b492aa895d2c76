package io.cotidal.sources.roll;

import io.cotidal.model.Details;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Lists of members as files and HTTP servers hold them. An element is a text ({@code HOST:PORT}), a
 * member ({@code {name, host, port, labels}}), or a group of Prometheus' service discovery ({@code
 * {targets, labels}}). The list may stand under the key {@code members}.
 */
public final class Lists {
  private static final Set<String> OF_MEMBER = Set.of("name", "host", "port", "labels");
  private static final Set<String> OF_GROUP = Set.of("targets", "labels");
  private static final String MEMBERS = "members";

  /** A label of a group of one that names its member. */
  private static final String NAME = "name";

  private Lists() {}

  /**
   * The candidates of a document.
   *
   * @throws NoAnswer if any part of it is not understood
   */
  public static List<Candidate> candidates(JsonNode document) throws NoAnswer {
    JsonNode list = document;
    if (document.isObject() && document.has(MEMBERS)) {
      only(document, Set.of(MEMBERS));
      list = document.path(MEMBERS);
    }
    List<Candidate> candidates = new ArrayList<>();
    for (JsonNode element : Json.list(list, "the list of members")) {
      if (element.isString()) {
        candidates.add(new Candidate("", Address.parse(element.asString()), Details.NONE, true));
      } else if (element.isObject() && element.has("targets")) {
        group(element, candidates);
      } else {
        candidates.add(member(element));
      }
    }
    return candidates;
  }

  private static Candidate member(JsonNode element) throws NoAnswer {
    only(element, OF_MEMBER);
    String host = Json.text(element, "host");
    String name = Json.text(element, "name");
    if (host.isEmpty()) {
      throw new NoAnswer(
          "a member has no host"
              + (name.isEmpty() ? "" : " (" + Words.quote(name) + ")")
              + ": add it");
    }
    Address parsed = Address.parse(host);
    int port = Json.port(element, "port");
    if (port != 0 && parsed.port() != 0) {
      throw new NoAnswer("the member " + Words.quote(host) + " has two ports: leave one");
    }
    Details labels = Details.NONE;
    for (Map.Entry<String, String> label : Json.texts(element, "labels").entrySet()) {
      labels = Labels.with(labels, label.getKey(), label.getValue());
    }
    return new Candidate(
        name, new Address(parsed.host(), port == 0 ? parsed.port() : port), labels, true);
  }

  private static void group(JsonNode element, List<Candidate> candidates) throws NoAnswer {
    only(element, OF_GROUP);
    List<JsonNode> targets = Json.list(element.path("targets"), "targets");
    String name = "";
    Details labels = Details.NONE;
    for (Map.Entry<String, String> label : Json.texts(element, "labels").entrySet()) {
      if (label.getKey().equals(NAME) && targets.size() == 1) {
        name = label.getValue();
      } else if (!label.getKey().startsWith("__")) {
        // Those are meant for Prometheus' own relabelling.
        labels = Labels.with(labels, label.getKey(), label.getValue());
      }
    }
    for (JsonNode target : targets) {
      if (!target.isString()) {
        throw new NoAnswer(
            "a target is " + Words.quote(target.toString()) + ": a text was expected");
      }
      candidates.add(new Candidate(name, Address.parse(target.asString()), labels, true));
    }
  }

  private static void only(JsonNode object, Set<String> known) throws NoAnswer {
    if (!object.isObject()) {
      throw new NoAnswer(
          "a member is written as " + Words.quote(object.toString()) + ": write HOST or HOST:PORT");
    }
    for (String name : object.propertyNames()) {
      if (!known.contains(name)) {
        throw new NoAnswer(
            "the key "
                + Words.quote(name)
                + " is not known: use "
                + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }
}
