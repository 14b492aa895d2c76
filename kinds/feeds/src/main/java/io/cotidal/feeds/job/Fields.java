package io.cotidal.feeds.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a document, or of an object in it, by what they must be. A field that is missing or
 * null is as good as empty. Values of secret fields are never quoted.
 *
 * @param place the document
 * @param prefix of the names of its fields, for messages: {@code geoserver_setting.}
 */
record Fields(String place, String prefix, Map<String, Object> values) {
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern SECRET =
      Pattern.compile("pass|secret|token|credential", Pattern.CASE_INSENSITIVE);

  Fields(String place, Map<String, Object> values) {
    this(place, "", values);
  }

  /** Whether a field of that name holds what nobody may see. */
  static boolean secret(String field) {
    return SECRET.matcher(field).find();
  }

  @Nullable Object get(String field) {
    return values.get(field);
  }

  boolean has(String field) {
    Object value = get(field);
    return value != null && !value.equals("");
  }

  BadJob bad(String field, String reason) {
    return new BadJob(place, prefix + BadJob.line(field) + ": " + reason);
  }

  /** The value as a message may quote it. */
  String quoted(String field) {
    return secret(field) ? "what it says" : BadJob.quoted(get(field));
  }

  /** A text of at most so many characters; lines may end in it. */
  String prose(String field, int most) throws BadJob {
    return text(field, most, true);
  }

  /** A text on one line, without blanks around it. */
  String text(String field, int most) throws BadJob {
    return text(field, most, false).strip();
  }

  private String text(String field, int most, boolean lines) throws BadJob {
    String text =
        switch (get(field)) {
          case null -> "";
          case String string -> string;
          case Long number -> number.toString();
          default -> throw bad(field, "is no text; write one in quotes");
        };
    if (text.length() > most) {
      throw bad(field, "is longer than " + most + " characters; shorten it");
    }
    if (!Grammar.visible(text, lines)) {
      throw bad(field, "holds characters that cannot be shown; remove them");
    }
    return text;
  }

  /** A name, or {@code otherwise} if there is none. */
  String name(String field, String otherwise) throws BadJob {
    String name = text(field, Integer.MAX_VALUE);
    return name.isEmpty() ? otherwise : checkedName(field, name);
  }

  /** A name that must be there. */
  String name(String field) throws BadJob {
    String name = name(field, "");
    if (name.isEmpty()) {
      throw bad(field, "is missing; name it");
    }
    return name;
  }

  String checkedName(String field, String name) throws BadJob {
    if (!Grammar.name(name)) {
      throw bad(
          field,
          BadJob.quoted(name) + " is no name; use 1 to 63 of A-Z a-z 0-9 _ - and dots inside");
    }
    return name;
  }

  /** A workspace, or {@code otherwise}. */
  String workspace(String field, String otherwise) throws BadJob {
    String name = text(field, Integer.MAX_VALUE);
    if (!name.isEmpty() && !Grammar.workspace(name)) {
      throw bad(field, BadJob.quoted(name) + " is no workspace; use 1 to 63 of A-Z a-z 0-9 _ -");
    }
    return name.isEmpty() ? otherwise : name;
  }

  /** A schema of ours, or {@code otherwise}, which must be one too. */
  String schema(String field, String otherwise) throws BadJob {
    String text = text(field, Integer.MAX_VALUE);
    String name = text.isEmpty() ? otherwise : text;
    if (!Grammar.schema(name)) {
      throw bad(
          field,
          BadJob.quoted(name)
              + " is no schema for jobs; use 1 to 63 of A-Z a-z 0-9 _ -, none of PostgreSQL's, not"
              + " public and not cotidal");
    }
    return name;
  }

  boolean truth(String field, boolean otherwise) throws BadJob {
    return switch (get(field)) {
      case null -> otherwise;
      case Boolean truth -> truth;
      case Long number when number == 0 || number == 1 -> number == 1;
      case String text when text.isEmpty() -> otherwise;
      case String text when text.toLowerCase(Locale.ROOT).equals("true") -> true;
      case String text when text.toLowerCase(Locale.ROOT).equals("false") -> false;
      default -> throw bad(field, quoted(field) + " is neither true nor false; write one of them");
    };
  }

  int whole(String field, int otherwise, int least, int most) throws BadJob {
    if (!has(field)) {
      return otherwise;
    }
    long value =
        switch (get(field)) {
          case Long number -> number;
          case Double real when real == Math.rint(real) && Math.abs(real) < 1e15 ->
              real.longValue();
          case String text when WHOLE.matcher(text.strip()).matches() ->
              Long.parseLong(text.strip());
          case null, default -> Long.MIN_VALUE;
        };
    if (value < least || value > most) {
      throw bad(
          field, quoted(field) + " is out of range; write a number from " + least + " to " + most);
    }
    return (int) value;
  }

  /** An object, if there is one. */
  Optional<Fields> object(String field) throws BadJob {
    return switch (get(field)) {
      case null -> Optional.empty();
      case Map<?, ?> map -> Optional.of(new Fields(place, prefix + field + ".", keyed(map)));
      case String text when text.isEmpty() -> Optional.empty();
      default -> throw bad(field, "is no object; write { }");
    };
  }

  /** The objects of a list. */
  List<Fields> objects(String field) throws BadJob {
    List<Fields> objects = new ArrayList<>();
    for (Object item : list(field)) {
      if (!(item instanceof Map<?, ?> map)) {
        throw bad(field, "holds what is no object; write a list of { }");
      }
      objects.add(new Fields(place, prefix + field + "[" + objects.size() + "].", keyed(map)));
    }
    return objects;
  }

  /** A list; empty if there is none. */
  List<?> list(String field) throws BadJob {
    return switch (get(field)) {
      case null -> List.of();
      case List<?> list -> list;
      case String text when text.isEmpty() -> List.of();
      default -> throw bad(field, "is no list; write [ ]");
    };
  }

  /** Keys are texts: the maps come from JSON. */
  @SuppressWarnings("unchecked")
  private static Map<String, Object> keyed(Map<?, ?> map) {
    return (Map<String, Object>) map;
  }
}
