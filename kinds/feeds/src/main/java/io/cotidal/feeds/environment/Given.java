package io.cotidal.feeds.environment;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The variables that are set; one that is set to nothing counts as not set. */
final class Given {
  private static final Pattern COMMA = Pattern.compile(",");

  private final Map<String, String> environment;
  private final FeedsValues values;

  Given(Map<String, String> environment, FeedsValues values) {
    this.environment = Map.copyOf(environment);
    this.values = values;
  }

  FeedsValues values() {
    return values;
  }

  /** A password may begin or end with a blank; nothing else does. */
  Optional<String> text(FeedsVariable variable) {
    return Optional.ofNullable(environment.get(variable.name()))
        .map(text -> variable.shown() ? text.strip() : text)
        .filter(text -> !text.isBlank());
  }

  String text(FeedsVariable variable, String otherwise) {
    return text(variable).orElse(otherwise);
  }

  boolean set(FeedsVariable variable) {
    return text(variable).isPresent();
  }

  /** The value of a variable that is needed; empty, and a problem, if it is not set. */
  String need(FeedsVariable variable) {
    Optional<String> text = text(variable);
    if (text.isEmpty()) {
      values.missing(variable);
    }
    return text.orElse("");
  }

  boolean truth(FeedsVariable variable, boolean otherwise) {
    return text(variable).map(text -> values.truth(variable, text)).orElse(otherwise);
  }

  int number(FeedsVariable variable, int otherwise, int least, int most) {
    return text(variable).map(text -> values.number(variable, text, least, most)).orElse(otherwise);
  }

  Optional<Path> path(FeedsVariable variable) {
    return text(variable).map(text -> values.path(variable, text));
  }

  long size(FeedsVariable variable, long otherwise) {
    return text(variable).map(text -> values.size(variable, text)).orElse(otherwise);
  }

  static List<String> parts(String text) {
    return COMMA.splitAsStream(text).map(String::strip).filter(part -> !part.isEmpty()).toList();
  }

  /** As many values as asked for: one stands for all of them. */
  List<String> each(FeedsVariable variable, String text, int count) {
    List<String> parts = count == 1 ? List.of(text) : parts(text);
    if (text.isEmpty()) {
      return Collections.nCopies(count, text);
    }
    if (parts.size() == 1) {
      return Collections.nCopies(count, parts.getFirst());
    }
    if (parts.size() != count) {
      values.wrong(
          variable, text, "write one value, or " + count + " with commas, one for each GeoServer");
      return Collections.nCopies(count, "");
    }
    return parts;
  }
}
