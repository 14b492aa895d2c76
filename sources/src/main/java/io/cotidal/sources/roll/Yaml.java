package io.cotidal.sources.roll;

import java.util.Iterator;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the plain part of YAML as if it were JSON: no tags, anchors, aliases or second documents,
 * no key twice, bounded in depth. Every value is a text, but for the words for nothing.
 */
public final class Yaml {
  private static final int DEEPEST = 20;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Iterator<Event> events;

  private Yaml(String text) {
    LoadSettings settings = LoadSettings.builder().setCodePointLimit(text.length() + 1).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /**
   * The document; one without content is {@code null}.
   *
   * @throws NoAnswer if it is none
   */
  public static JsonNode read(String text) throws NoAnswer {
    try {
      return new Yaml(text).document();
    } catch (YamlEngineException e) {
      throw new NoAnswer("it is not YAML: correct it", e);
    }
  }

  private JsonNode document() throws NoAnswer {
    JsonNode node = NODES.nullNode();
    boolean found = false;
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
        case DocumentStart -> {
          if (found) {
            throw new NoAnswer("it holds a second document: keep one in a file");
          }
          found = true;
        }
        default -> node = node(event, 1);
      }
    }
    return node;
  }

  private JsonNode node(Event event, int depth) throws NoAnswer {
    boolean anchored = event instanceof NodeEvent node && node.getAnchor().isPresent();
    boolean tagged =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag().isPresent();
          case CollectionStartEvent collection -> collection.getTag().isPresent();
          default -> false;
        };
    if (event instanceof AliasEvent || anchored || tagged) {
      throw new NoAnswer("anchors, aliases and tags (& * !) are not taken: write the value itself");
    }
    if (depth > DEEPEST) {
      throw new NoAnswer("it is nested more than " + DEEPEST + " levels deep: make it flat");
    }
    return switch (event.getEventId()) {
      case Scalar -> scalar((ScalarEvent) event);
      case SequenceStart -> items(depth);
      default -> mapping(depth);
    };
  }

  private static JsonNode scalar(ScalarEvent event) {
    String text = event.getValue();
    boolean nothing =
        event.isPlain() && (text.isEmpty() || text.equals("null") || text.equals("~"));
    return nothing ? NODES.nullNode() : NODES.stringNode(text);
  }

  private JsonNode items(int depth) throws NoAnswer {
    ArrayNode items = NODES.arrayNode();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      items.add(node(event, depth + 1));
    }
    return items;
  }

  private JsonNode mapping(int depth) throws NoAnswer {
    ObjectNode mapping = NODES.objectNode();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      JsonNode key = node(event, depth + 1);
      if (!key.isString()) {
        throw new NoAnswer("a key is no text: write a plain word before the colon");
      }
      JsonNode value = node(events.next(), depth + 1);
      if (mapping.has(key.asString())) {
        throw new NoAnswer(
            "the key " + Words.quote(key.asString()) + " stands there twice: remove one");
      }
      mapping.set(key.asString(), value);
    }
    return mapping;
  }
}
