package io.cotidal.store;

import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.WhenUnknown;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * Values as column texts and back. The same value always gives the same text. JSON is pure ASCII,
 * so control characters and all others survive.
 */
final class Codec {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private static final char REPLACEMENT = '\ufffd';

  private Codec() {}

  static String details(Details details) {
    return json(out -> {
      out.writeStartObject();
      details
          .entries()
          .forEach((name, text) -> out.writeStringProperty(wellFormed(name), wellFormed(text)));
      out.writeEndObject();
    });
  }

  static Details details(String text) {
    TreeMap<String, String> entries = new TreeMap<>();
    read(
        text,
        in -> {
          expect(in, JsonToken.START_OBJECT);
          while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            in.nextToken();
            entries.put(name, in.getString());
          }
        });
    return new Details(entries);
  }

  static String list(List<Details> all) {
    return texts(out -> {
      for (Details each : all) {
        out.writeString(details(each));
      }
    });
  }

  static List<Details> list(String json) {
    List<Details> all = new ArrayList<>();
    eachText(json, text -> all.add(details(text)));
    return all;
  }

  private static String texts(Consumer<JsonGenerator> content) {
    return json(out -> {
      out.writeStartArray();
      content.accept(out);
      out.writeEndArray();
    });
  }

  private static void eachText(String json, Consumer<String> then) {
    read(
        json,
        in -> {
          expect(in, JsonToken.START_ARRAY);
          while (in.nextToken() != JsonToken.END_ARRAY) {
            then.accept(in.getString());
          }
        });
  }

  static String texts(Collection<String> texts) {
    return texts(out -> new TreeSet<>(texts).forEach(text -> out.writeString(wellFormed(text))));
  }

  static Set<String> texts(String json) {
    Set<String> texts = new HashSet<>();
    eachText(json, texts::add);
    return texts;
  }

  static String locks(List<Lock> locks) {
    return json(out -> {
      out.writeStartArray();
      for (Lock lock : locks) {
        out.writeStartObject();
        out.writeStringProperty("scope", wellFormed(lock.scope()));
        out.writeBooleanProperty("exclusive", lock.exclusive());
        out.writeEndObject();
      }
      out.writeEndArray();
    });
  }

  static List<Lock> locks(String json) {
    List<Lock> locks = new ArrayList<>();
    read(
        json,
        in -> {
          expect(in, JsonToken.START_ARRAY);
          while (in.nextToken() != JsonToken.END_ARRAY) {
            locks.add(lock(in));
          }
        });
    return locks;
  }

  private static Lock lock(JsonParser in) {
    String scope = "";
    boolean exclusive = true;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "scope" -> scope = in.getString();
        case "exclusive" -> exclusive = in.getBooleanValue();
        default -> throw new StoreException("lock with an unknown part '" + name + "'");
      }
    }
    return new Lock(scope, exclusive);
  }

  static String whenUnknown(WhenUnknown answer) {
    return switch (answer) {
      case WhenUnknown.RetryFor retry -> "retry " + retry.limit();
      case WhenUnknown.Fail() -> "fail";
      case WhenUnknown.Attention() -> "attention";
    };
  }

  static WhenUnknown whenUnknown(String text) {
    return switch (text) {
      case "fail" -> new WhenUnknown.Fail();
      case "attention" -> new WhenUnknown.Attention();
      default -> {
        if (!text.startsWith("retry ")) {
          throw new StoreException("unknown word '" + text + "' in column when_unknown");
        }
        yield new WhenUnknown.RetryFor(Duration.parse(text.substring("retry ".length())));
      }
    };
  }

  /** An enum's constant as the word in its column. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** The constant of a word. */
  static <E extends Enum<E>> E word(Class<E> type, String text) {
    try {
      return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new StoreException(
          "unknown word '" + text + "' for " + type.getSimpleName() + "; a newer Cotidal wrote it",
          e);
    }
  }

  /** A sentence as every database can hold it: PostgreSQL takes no NUL, which becomes U+FFFD. */
  static String sentence(String text) {
    return wellFormed(text).replace('\u0000', REPLACEMENT);
  }

  /**
   * The text with each half of a surrogate pair that stands alone, which no reader takes, replaced
   * by U+FFFD.
   */
  static String wellFormed(String text) {
    if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
      return text;
    }
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> {
          boolean alone = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
          clean.appendCodePoint(alone ? REPLACEMENT : point);
        });
    return clean.toString();
  }

  private static String json(Consumer<JsonGenerator> content) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      content.accept(out);
    }
    return text.toString();
  }

  private static void read(String text, Consumer<JsonParser> content) {
    try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), text)) {
      content.accept(in);
    } catch (JacksonException e) {
      throw new StoreException(
          "a column holds text that is not the JSON it should be: " + e.getOriginalMessage(), e);
    }
  }

  private static void expect(JsonParser in, JsonToken wanted) {
    JsonToken found = in.nextToken();
    if (found != wanted) {
      throw new StoreException("a column holds " + found + " where " + wanted + " was expected");
    }
  }
}
