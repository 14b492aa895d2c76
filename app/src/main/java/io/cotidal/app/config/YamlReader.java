package io.cotidal.app.config;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Text to {@link Tree}. Takes the plain part of YAML: no tags, anchors, aliases or second
 * documents; bounded in size and depth. Pure.
 */
final class YamlReader {
  /** A configuration of a thousand clusters fits in it. */
  static final int MOST_CHARACTERS = 1_000_000;

  /** Deeper than any key of ours by far. */
  private static final int DEEPEST = 20;

  private final Iterator<Event> events;
  private int line = 1;

  private YamlReader(String file, String text) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setCodePointLimit(MOST_CHARACTERS).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /**
   * The document of {@code text}; an empty one is an empty mapping. Empty if it cannot be read, and
   * then reported.
   */
  static Optional<Tree> read(String file, String text, Report report) {
    if (text.length() > MOST_CHARACTERS) {
      report.problem(
          Place.file(file),
          "",
          "has more than " + MOST_CHARACTERS + " characters",
          "split the configuration");
      return Optional.empty();
    }
    YamlReader reader = null;
    try {
      reader = new YamlReader(file, text);
      return Optional.of(reader.document());
    } catch (Unreadable e) {
      report.problem(Place.line(file, e.line), "", e.reason, e.remedy);
    } catch (MarkedYamlEngineException e) {
      int at = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      report.problem(
          Place.line(file, at), "", "is not YAML: " + reason(e), "correct the text near this line");
    } catch (YamlEngineException e) {
      // Its message may quote the file.
      report.problem(
          Place.line(file, reader == null ? 1 : reader.line),
          "",
          "is not YAML: it holds characters that a text file has not",
          "remove control characters and save the file as UTF-8");
    }
    return Optional.empty();
  }

  /** The parser's reason, unless that could quote the file: what is quoted may be a secret. */
  private static String reason(MarkedYamlEngineException e) {
    String reason = e.getProblem();
    boolean plain =
        reason != null
            && List.of(
                    "mapping values are not allowed",
                    "expected ",
                    "could not find expected",
                    "found character '\\t",
                    "found duplicate",
                    "found unexpected end",
                    "did not find expected")
                .stream()
                .anyMatch(reason::startsWith);
    return plain ? Quote.line(String.valueOf(reason)) : "its marks do not fit together";
  }

  private Tree document() {
    Tree tree = Tree.Mapping.none(1);
    boolean found = false;
    while (events.hasNext()) {
      Event event = next();
      switch (event.getEventId()) {
        case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
        case DocumentStart -> {
          if (found) {
            throw new Unreadable(line, "a second document begins", "keep one document in the file");
          }
          found = true;
        }
        case Scalar, SequenceStart, MappingStart, Alias -> tree = node(event, 1);
        case SequenceEnd, MappingEnd ->
            throw new Unreadable(line, "a collection ends that never began", "correct this line");
      }
    }
    return tree instanceof Tree.Text text && text.empty() ? Tree.Mapping.none(1) : tree;
  }

  private Event next() {
    Event event = events.next();
    line = event.getStartMark().map(Mark::getLine).orElse(line - 1) + 1;
    return event;
  }

  private Tree node(Event event, int depth) {
    refuseReferences(event);
    if (depth > DEEPEST) {
      throw new Unreadable(
          line, "is nested more than " + DEEPEST + " levels deep", "remove the inner levels");
    }
    return switch (event.getEventId()) {
      case Scalar -> {
        ScalarEvent scalar = (ScalarEvent) event;
        yield new Tree.Text(line, scalar.getValue(), !scalar.isPlain());
      }
      case SequenceStart -> items(depth);
      default -> mapping(depth);
    };
  }

  private void refuseReferences(Event event) {
    if (event instanceof AliasEvent
        || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
      throw new Unreadable(
          line,
          "anchors and aliases (& and *) are not taken",
          "write the value itself, or quote it");
    }
    boolean tagged =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag().isPresent();
          case CollectionStartEvent collection -> collection.getTag().isPresent();
          default -> false;
        };
    if (tagged) {
      throw new Unreadable(line, "tags (!) are not taken", "remove the tag, or quote the value");
    }
  }

  private Tree items(int depth) {
    int begins = line;
    List<Tree> items = new ArrayList<>();
    for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
      items.add(node(event, depth + 1));
    }
    return new Tree.Items(begins, items);
  }

  private Tree mapping(int depth) {
    int begins = line;
    Map<String, Tree.Entry> entries = new LinkedHashMap<>();
    List<Tree.Repeated> repeated = new ArrayList<>();
    for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
      int keyLine = line;
      if (!(node(event, depth + 1) instanceof Tree.Text key)) {
        throw new Unreadable(keyLine, "a key is not a text", "write a plain word before the colon");
      }
      Tree.Entry entry = new Tree.Entry(keyLine, node(next(), depth + 1));
      if (entries.putIfAbsent(key.text(), entry) != null) {
        repeated.add(new Tree.Repeated(key.text(), keyLine));
      }
    }
    return new Tree.Mapping(begins, entries, repeated);
  }

  /** Ends the reading from within; never leaves this class. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int line;
    private final String reason;
    private final String remedy;

    Unreadable(int line, String reason, String remedy) {
      super(reason, null, false, false);
      this.line = line;
      this.reason = reason;
      this.remedy = remedy;
    }
  }
}
