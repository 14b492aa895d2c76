package io.cotidal.sources.roll;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON: one whole document, no name twice, bounded in depth. */
public final class Json {
  private static final int DEEPEST = 40;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /**
   * The document.
   *
   * @throws NoAnswer if it is none
   */
  public static JsonNode read(String text) throws NoAnswer {
    try {
      JsonNode node = MAPPER.readTree(text);
      if (node.isMissingNode()) {
        throw new NoAnswer("the answer has no content: does something else answer there?");
      }
      return node;
    } catch (JacksonException e) {
      throw new NoAnswer(
          "the answer is not JSON, it begins with "
              + Words.quote(text.substring(0, Math.min(40, text.length())))
              + ": does something else answer there?",
          e);
    }
  }

  /**
   * The elements of a list. {@code null} is an empty one: so some servers write a list without
   * elements.
   *
   * @throws NoAnswer if it is something else
   */
  public static List<JsonNode> list(JsonNode node, String what) throws NoAnswer {
    if (node.isNull()) {
      return List.of();
    }
    if (!node.isArray()) {
      throw new NoAnswer(
          what
              + " is no list but "
              + Words.quote(node.toString())
              + ": does something else answer?");
    }
    List<JsonNode> elements = new ArrayList<>();
    node.forEach(elements::add);
    return elements;
  }

  /**
   * The elements of a list in an object; none if it is absent.
   *
   * @throws NoAnswer if it is something else
   */
  static List<JsonNode> elements(JsonNode object, String name) throws NoAnswer {
    JsonNode field = field(object, name);
    return field.isMissingNode() ? List.of() : list(field, name);
  }

  /**
   * A field of an object; {@code null} is as good as absent.
   *
   * @throws NoAnswer if {@code node} is no object
   */
  static JsonNode field(JsonNode node, String name) throws NoAnswer {
    if (!node.isObject()) {
      throw new NoAnswer(
          "a member is written as " + Words.quote(node.toString()) + ": an object was expected");
    }
    return node.path(name);
  }

  /**
   * The text of a field; empty if it is absent or {@code null}.
   *
   * @throws NoAnswer if it is there and no text
   */
  static String text(JsonNode node, String name) throws NoAnswer {
    JsonNode field = field(node, name);
    if (field.isMissingNode() || field.isNull()) {
      return "";
    }
    if (!field.isString()) {
      throw new NoAnswer(name + " is " + Words.quote(field.toString()) + ": a text was expected");
    }
    return field.asString();
  }

  /**
   * A port, written as number or text; 0 if it is absent, {@code null} or 0.
   *
   * @throws NoAnswer if it is something else
   */
  static int port(JsonNode node, String name) throws NoAnswer {
    JsonNode field = field(node, name);
    boolean none = field.isMissingNode() || field.isNull();
    if (none || (field.isIntegralNumber() && field.asLong() == 0)) {
      return 0;
    }
    return Address.port(field.isString() ? field.asString() : field.toString());
  }

  /**
   * The texts of an object's fields.
   *
   * @throws NoAnswer if a field is no text
   */
  static Map<String, String> texts(JsonNode node, String name) throws NoAnswer {
    JsonNode field = field(node, name);
    Map<String, String> texts = new TreeMap<>();
    if (field.isMissingNode() || field.isNull()) {
      return texts;
    }
    if (!field.isObject()) {
      throw new NoAnswer(
          name + " is " + Words.quote(field.toString()) + ": an object was expected");
    }
    for (String one : field.propertyNames()) {
      texts.put(one, text(field, one));
    }
    return texts;
  }
}
