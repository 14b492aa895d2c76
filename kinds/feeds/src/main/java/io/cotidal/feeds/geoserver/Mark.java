package io.cotidal.feeds.geoserver;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What we leave in a resource's metadata once all of it is as wanted, so that the next look needs
 * one call. GeoServer may write things differently from how they were sent; therefore it holds what
 * was read back, too.
 *
 * @param wanted digest of all that was wanted: resource, styles, tiles
 * @param asked digest of the resource's fields as they were sent
 * @param found digest of the same fields as they were read back
 * @param styles by their names at GeoServer
 */
record Mark(String wanted, String asked, String found, SortedMap<String, Style> styles) {
  /** The entry of the metadata. */
  static final String KEY = "cotidal";

  /** Digests of a style's text as it was sent, and as it was read back. */
  record Style(String sent, String back) {}

  Mark {
    styles = Collections.unmodifiableSortedMap(new TreeMap<>(styles));
  }

  /** The mark in a resource's document; empty if there is none that can be read. */
  static Optional<Mark> of(JsonNode resource) {
    return Tree.entry(resource.path("metadata"), KEY)
        .map(entry -> Tree.text(entry, "$"))
        .flatMap(Mark::parse);
  }

  private static Optional<Mark> parse(String text) {
    String[] words = text.split(" ", -1);
    if (words.length < 4 || !words[0].equals("1")) {
      return Optional.empty();
    }
    SortedMap<String, Style> styles = new TreeMap<>();
    for (String word : Stream.of(words).skip(4).toList()) {
      String[] parts = word.split("[=/]", -1);
      if (parts.length != 3) {
        return Optional.empty();
      }
      try {
        styles.put(
            URLDecoder.decode(parts[0], StandardCharsets.UTF_8), new Style(parts[1], parts[2]));
      } catch (IllegalArgumentException e) {
        // Somebody wrote into it: as good as none.
        return Optional.empty();
      }
    }
    return Optional.of(new Mark(words[1], words[2], words[3], styles));
  }

  /** As it is kept. */
  String text() {
    StringBuilder text = new StringBuilder("1 " + wanted + " " + asked + " " + found);
    styles.forEach((name, style) ->
        text.append(' ')
            .append(Rest.encoded(name))
            .append('=')
            .append(style.sent)
            .append('/')
            .append(style.back));
    return text.toString();
  }
}
