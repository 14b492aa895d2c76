package io.cotidal.feeds.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads how a layer is shown. */
final class Faces {
  private static final int TITLE = 1_000;
  private static final int SUMMARY = 100_000;
  private static final int MOST = 256;
  private static final Pattern CRS =
      Pattern.compile("[A-Za-z]{2,10}:[A-Za-z0-9_.-]{1,32}|urn:ogc:def:crs:[A-Za-z0-9:._-]{1,64}");
  private static final Pattern BETWEEN_KEYWORDS = Pattern.compile("[,;|]");
  private static final String BUILTIN = "builtin";
  private static final int DECADE = 315_360_000;

  private Faces() {}

  static Face read(Fields fields) throws BadJob {
    SortedMap<String, Blob> styles = styles(fields);
    return new Face(
        fields.prose("title", TITLE),
        fields.prose("abstract", SUMMARY),
        keywords(fields),
        crs(fields),
        box(fields),
        fields.truth("override_bbox", false),
        styles,
        defaultStyle(fields, styles),
        cache(fields),
        service(fields));
  }

  private static String crs(Fields fields) throws BadJob {
    String field = fields.has("crs") ? "crs" : "srs";
    String crs = fields.text(field, 128);
    if (!crs.isEmpty() && !CRS.matcher(crs).matches()) {
      throw fields.bad(
          field, BadJob.quoted(crs) + " is no reference system; write EPSG:4326 for example");
    }
    return crs;
  }

  private static List<String> keywords(Fields fields) throws BadJob {
    Object value = fields.get("keywords");
    List<String> keywords = new ArrayList<>();
    if (value instanceof String text) {
      BETWEEN_KEYWORDS.splitAsStream(text).forEach(keywords::add);
    } else {
      for (Object item : fields.list("keywords")) {
        if (!(item instanceof String keyword)) {
          throw fields.bad("keywords", "holds what is no text; write texts in quotes");
        }
        keywords.add(keyword);
      }
    }
    List<String> words =
        keywords.stream().map(String::strip).filter(word -> !word.isEmpty()).distinct().toList();
    if (words.size() > MOST || words.stream().anyMatch(Faces::odd)) {
      throw fields.bad(
          "keywords", "holds too many, too long or unreadable ones; write fewer words");
    }
    return words;
  }

  private static boolean odd(String keyword) {
    return keyword.length() > MOST || !Grammar.visible(keyword, false);
  }

  /** The oldest jobs have one style and call it by nothing. */
  private static SortedMap<String, Blob> styles(Fields fields) throws BadJob {
    SortedMap<String, Blob> styles = new TreeMap<>();
    Optional<Blob> oldest = Addresses.blob(fields, "style_path", "style_md5");
    oldest.ifPresent(blob -> styles.put(BUILTIN, blob));
    Optional<Fields> all = fields.object("styles");
    if (all.isPresent()) {
      for (String name : all.get().values().keySet()) {
        String checked = all.get().checkedName(BadJob.line(name), name);
        Optional<Fields> style = all.get().object(name);
        if (style.isPresent()) {
          Addresses.blob(style.get(), "file", "md5").ifPresent(blob -> styles.put(checked, blob));
        }
      }
    }
    if (styles.size() > MOST) {
      throw fields.bad("styles", "are more than " + MOST + "; publish fewer");
    }
    return styles;
  }

  private static String defaultStyle(Fields fields, SortedMap<String, Blob> styles) throws BadJob {
    if (styles.isEmpty()) {
      return "";
    }
    String named = fields.name("default_style", "");
    if (!named.isEmpty() && !styles.containsKey(named)) {
      throw fields.bad(
          "default_style", BadJob.quoted(named) + " is none of its styles; publish it with them");
    }
    Optional<Fields> all = fields.object("styles");
    for (String name : styles.keySet()) {
      Optional<Fields> style = all.isPresent() ? all.get().object(name) : Optional.empty();
      if (named.isEmpty() && style.isPresent() && style.get().truth("default", false)) {
        named = name;
      }
    }
    return Stream.of(named, styles.containsKey(BUILTIN) ? BUILTIN : "", styles.firstKey())
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static Optional<Face.Box> box(Fields fields) throws BadJob {
    Object value = fields.get("bbox");
    Object read =
        value instanceof String text
            ? Json.read(fields.place() + ": " + fields.prefix() + "bbox", boxed(text)).get("bbox")
            : value;
    if (read == null || read.equals(List.of())) {
      return Optional.empty();
    }
    List<?> sides = read instanceof List<?> list ? list : List.of();
    double[] box =
        sides.stream()
            .mapToDouble(side -> side instanceof Number n ? n.doubleValue() : Double.NaN)
            .toArray();
    if (box.length != 4 || !(box[0] <= box[2] && box[1] <= box[3])) {
      throw fields.bad("bbox", "is no rectangle; write [min x, min y, max x, max y]");
    }
    return Optional.of(new Face.Box(box[0], box[1], box[2], box[3]));
  }

  private static String boxed(String text) {
    return "{\"bbox\":" + (text.isBlank() ? "null" : text) + "}";
  }

  private static Optional<Face.Cache> cache(Fields fields) throws BadJob {
    Optional<Fields> settings = fields.object("geoserver_setting");
    if (settings.isEmpty() || !settings.get().truth("create_cache_layer", false)) {
      return Optional.empty();
    }
    Fields cache = settings.get();
    List<?> factor = cache.list("meta_tiling_factor");
    Fields sides =
        new Fields(
            cache.place(),
            cache.prefix() + "meta_tiling_factor.",
            factor.size() == 2
                ? Map.of("width", side(factor.getFirst()), "height", side(factor.getLast()))
                : Map.of());
    if (!factor.isEmpty() && factor.size() != 2) {
      throw cache.bad("meta_tiling_factor", "has not two sides; write [1, 1] for example");
    }
    return Optional.of(
        new Face.Cache(
            cache.whole("server_cache_expire", 0, 0, DECADE),
            cache.whole("client_cache_expire", 0, 0, DECADE),
            sides.whole("width", 1, 1, 64),
            sides.whole("height", 1, 1, 64)));
  }

  private static Object side(@Nullable Object value) {
    return value == null ? 0L : value;
  }

  private static String service(Fields fields) throws BadJob {
    String service = fields.text("service_type", 64);
    if (!service.isEmpty() && !service.equals("WFS") && !service.equals("WMS")) {
      throw fields.bad("service_type", BadJob.quoted(service) + " is not known; write WFS or WMS");
    }
    return service;
  }
}
