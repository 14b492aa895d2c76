package io.cotidal.objects.placing;

import io.cotidal.model.MemberId;
import io.cotidal.objects.spec.Placement;
import io.cotidal.objects.spec.Promise;
import io.cotidal.objects.spec.Site.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A placing as a JSON document. */
public final class PlacingText {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final int VERSION = 1;

  private PlacingText() {}

  /** The document. */
  public static String write(Placing placing) {
    ObjectNode document = JSON.createObjectNode();
    document.put("version", VERSION);
    document.put("generation", placing.generation());
    document.put("answer", placing.usual().word());
    var sites = document.putArray("sites");
    placing
        .sites()
        .forEach(
            (site, role) -> sites.addObject().put("name", site.name()).put("role", word(role)));
    var rules = document.putArray("rules");
    placing.lines().forEach(line -> put(rules.addObject(), line));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
  }

  private static String word(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  private static void put(ObjectNode node, Placing.Line line) {
    Placement.Rule rule = line.rule();
    rule.account().ifPresent(account -> node.put("account", account));
    rule.container().ifPresent(container -> node.put("container", container));
    rule.policy().ifPresent(policy -> node.put("policy", policy));
    rule.header()
        .ifPresent(header ->
            node.putObject("header").put("name", header.name()).put("value", header.value()));
    var at = node.putArray("sites");
    rule.sites().forEach(site -> at.add(site.name()));
    node.put("answer", line.promise().word());
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException in one line, if it is none, or not whole
   */
  public static Placing read(String text) {
    try {
      JsonNode document = JSON.readTree(text);
      only(document, Set.of("version", "generation", "answer", "sites", "rules"));
      if (document.path("version").asInt(0) != VERSION) {
        throw new IllegalArgumentException("it is of another version");
      }
      Map<MemberId, Role> sites = new LinkedHashMap<>();
      for (JsonNode each : array(document.get("sites"))) {
        only(each, Set.of("name", "role"));
        if (sites.put(new MemberId(string(each, "name")), role(string(each, "role"))) != null) {
          throw new IllegalArgumentException("it names a site twice");
        }
      }
      List<Placing.Line> lines = new ArrayList<>();
      for (JsonNode each : array(document.get("rules"))) {
        lines.add(line(each));
      }
      return new Placing(generation(document), sites, lines, promise(string(document, "answer")));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("it is no JSON document", e);
    }
  }

  private static long generation(JsonNode document) {
    JsonNode value = document.get("generation");
    if (value == null || !value.isIntegralNumber() || value.longValue() < 0) {
      throw new IllegalArgumentException("it has no generation");
    }
    return value.longValue();
  }

  private static Placing.Line line(JsonNode node) {
    only(node, Set.of("account", "container", "policy", "header", "sites", "answer"));
    List<MemberId> sites = new ArrayList<>();
    for (JsonNode site : array(node.get("sites"))) {
      sites.add(new MemberId(site.asString("")));
    }
    if (sites.isEmpty()) {
      throw new IllegalArgumentException("a rule names no site");
    }
    Optional<Placement.Header> header = Optional.empty();
    JsonNode named = node.get("header");
    if (named != null) {
      only(named, Set.of("name", "value"));
      header = Optional.of(new Placement.Header(string(named, "name"), string(named, "value")));
    }
    return new Placing.Line(
        new Placement.Rule(
            text(node, "account"), text(node, "container"), text(node, "policy"), header, sites),
        promise(string(node, "answer")));
  }

  private static Promise promise(String word) {
    return Promise.of(word)
        .orElseThrow(() -> new IllegalArgumentException("it promises something that is unknown"));
  }

  private static Role role(String word) {
    for (Role role : Role.values()) {
      if (word(role).equals(word)) {
        return role;
      }
    }
    throw new IllegalArgumentException("a site has a role that is unknown");
  }

  private static void only(@Nullable JsonNode node, Set<String> keys) {
    if (node == null || !node.isObject() || !keys.containsAll(node.propertyNames())) {
      throw new IllegalArgumentException("it holds something that is unknown");
    }
  }

  private static JsonNode array(@Nullable JsonNode node) {
    if (node == null || !node.isArray()) {
      throw new IllegalArgumentException("it is not whole");
    }
    return node;
  }

  private static Optional<String> text(JsonNode node, String key) {
    return node.has(key) ? Optional.of(string(node, key)) : Optional.empty();
  }

  private static String string(JsonNode node, String key) {
    JsonNode value = node.get(key);
    if (value == null || !value.isString()) {
      throw new IllegalArgumentException("it is not whole: " + key + " is missing");
    }
    return value.stringValue();
  }
}
