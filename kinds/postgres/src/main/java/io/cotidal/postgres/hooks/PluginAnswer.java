package io.cotidal.postgres.hooks;

import io.cotidal.model.Details;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a plug-in said: one JSON object with {@code ok} true or false and, beside it, texts,
 * numbers, flags and lists of texts.
 *
 * @param reason why not; empty if it gave none
 * @param evidence everything else that it said; lists with commas between
 */
record PluginAnswer(boolean ok, String reason, Details evidence) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final int LONGEST = 1_000;
  private static final int MOST = 50;

  /** The question as it is sent. */
  static byte[] question(Map<String, Object> question) {
    return JSON.writeValueAsString(question).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads an answer.
   *
   * @throws PluginProcess.Failed if it is none
   */
  static PluginAnswer read(String text) throws PluginProcess.Failed {
    JsonNode node;
    try {
      node = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new PluginProcess.Failed("its answer is no JSON");
    }
    JsonNode ok = node == null ? null : node.get("ok");
    if (node == null || !node.isObject() || ok == null || !ok.isBoolean()) {
      throw new PluginProcess.Failed("its answer is no JSON object with ok true or false");
    }
    Details evidence = Details.NONE;
    for (String name : node.propertyNames()) {
      String value = text(node.get(name));
      boolean fits = name.matches("[a-z][a-z0-9-]{0,39}") && value != null;
      if (!fits || evidence.entries().size() > MOST) {
        throw new PluginProcess.Failed("its answer holds more than texts, numbers and lists");
      }
      if (!name.equals("ok") && value != null) {
        evidence = evidence.with(name, value);
      }
    }
    return new PluginAnswer(ok.booleanValue(), evidence.get("reason", ""), evidence);
  }

  private static @Nullable String text(JsonNode node) {
    if (node.isArray()) {
      List<String> texts = new ArrayList<>();
      for (JsonNode each : node) {
        if (!each.isString()) {
          return null;
        }
        texts.add(each.stringValue());
      }
      return shortened(String.join(",", texts));
    }
    return node.isString() || node.isNumber() || node.isBoolean()
        ? shortened(node.asString())
        : null;
  }

  private static String shortened(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", " ");
    return plain.length() > LONGEST ? plain.substring(0, LONGEST) : plain;
  }
}
