package io.cotidal.objects.state;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.state.Agreed.Base;
import io.cotidal.objects.state.Agreed.Form;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What was agreed of one container, as one JSON document. Holds marks of secrets, no secrets. */
public final class AgreedText {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final int VERSION = 1;
  private static final String GONE = "gone";
  private static final String SITES = "sites";
  private static final String STATE = "state";
  private static final String DUE = "due";
  private static final String DELETED = "deleted";

  private AgreedText() {}

  /** The document, on one line. */
  public static String write(ContainerName container, Agreed agreed) {
    var document = JSON.createObjectNode();
    document.put("version", VERSION);
    document.put("account", container.account());
    document.put("container", container.container());
    switch (agreed.form()) {
      case Form.Live live -> put(document.putObject(STATE), live.state());
      case Form.Tombstone tombstone -> document.put(DELETED, tombstone.at().toString());
    }
    document.put("key", agreed.key());
    var sites = document.putObject(SITES);
    agreed
        .bases()
        .forEach((site, base) -> {
          switch (base) {
            case Base.Gone _ -> sites.put(site.name(), GONE);
            case Base.Held held -> {
              var one = sites.putObject(site.name());
              put(one.putObject(STATE), held.state());
              held.due().ifPresent(due -> put(one.putObject(DUE), due));
              one.put("key", held.key());
              one.put("policy", held.policy());
              one.put("written", held.written());
              one.put("sure", held.sure());
            }
          }
        });
    return JSON.writeValueAsString(document);
  }

  private static void put(ObjectNode node, Imprint imprint) {
    imprint.shown().forEach(node::put);
  }

  /**
   * Reads it again.
   *
   * @throws IllegalArgumentException in one line, if it is not whole, or another container's
   */
  public static Agreed read(ContainerName container, String text) {
    try {
      JsonNode document = JSON.readTree(text);
      known(document, Set.of("version", "account", "container", STATE, DELETED, "key", SITES));
      if (number(document) != VERSION) {
        throw new IllegalArgumentException("is of another version");
      }
      if (!string(document, "account").equals(container.account())
          || !string(document, "container").equals(container.container())) {
        throw new IllegalArgumentException("belongs to another container");
      }
      if (document.has(STATE) == document.has(DELETED)) {
        throw new IllegalArgumentException("says neither that it lives nor that it is deleted");
      }
      Form form =
          document.has(STATE)
              ? new Form.Live(imprint(document.get(STATE)))
              : new Form.Tombstone(Timestamp.parse(string(document, DELETED)));
      return new Agreed(form, string(document, "key"), bases(document.get(SITES)));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("is no JSON document", e);
    }
  }

  private static SortedMap<MemberId, Base> bases(@Nullable JsonNode sites) {
    TreeMap<MemberId, Base> bases = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : object(sites).properties()) {
      bases.put(new MemberId(each.getKey()), base(each.getValue()));
    }
    return bases;
  }

  private static Base base(JsonNode node) {
    if (node.isString() && node.stringValue().equals(GONE)) {
      return new Base.Gone();
    }
    known(node, Set.of(STATE, DUE, "key", "policy", "written", "sure"));
    Optional<Imprint> due = node.has(DUE) ? Optional.of(imprint(node.get(DUE))) : Optional.empty();
    return new Base.Held(
        imprint(node.get(STATE)),
        due,
        string(node, "key"),
        string(node, "policy"),
        string(node, "written"),
        truth(node, "sure"));
  }

  private static Imprint imprint(@Nullable JsonNode node) {
    JsonNode whole = object(node);
    TreeMap<String, String> shown = new TreeMap<>();
    whole.propertyNames().forEach(name -> shown.put(name, string(whole, name)));
    return new Imprint(shown);
  }

  private static void known(JsonNode node, Set<String> keys) {
    if (!keys.containsAll(object(node).propertyNames())) {
      throw new IllegalArgumentException("holds something that this version does not know");
    }
  }

  private static JsonNode object(@Nullable JsonNode node) {
    if (node == null || !node.isObject()) {
      throw new IllegalArgumentException("is not whole");
    }
    return node;
  }

  private static int number(JsonNode document) {
    JsonNode value = document.get("version");
    return value != null && value.isInt() ? value.intValue() : 0;
  }

  private static boolean truth(JsonNode node, String key) {
    JsonNode value = node.get(key);
    if (value == null || !value.isBoolean()) {
      throw new IllegalArgumentException("is not whole: " + key + " is missing");
    }
    return value.booleanValue();
  }

  private static String string(JsonNode node, String key) {
    JsonNode value = node.get(key);
    if (value == null || !value.isString()) {
      throw new IllegalArgumentException("is not whole: " + key + " is missing");
    }
    return value.stringValue();
  }
}
