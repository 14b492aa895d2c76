package io.cotidal.gateway.reading;

import io.cotidal.gateway.door.Head;
import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.swift.ObjectHead;
import io.cotidal.objects.swift.Reading;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** What one other site keeps, and what the own one says, on paper; in the account AUTH_test. */
final class PaperStock implements Stock {
  private final MemberId site;
  private final TreeMap<String, Thing> things = new TreeMap<>();
  private final Map<String, Integer> words = new HashMap<>();

  /** What clients have asked the own site. */
  final List<Head> heard = new ArrayList<>();

  private record Thing(String text, Headers headers) {
    String etag() {
      return Sums.md5(text.getBytes(StandardCharsets.UTF_8));
    }

    ObjectHead head(boolean whole) {
      boolean large = whole && headers.has("X-Static-Large-Object");
      Headers shown = large ? headers.with("X-Manifest-Etag", '"' + etag() + '"') : headers;
      return new ObjectHead(
          new Timestamp(1),
          large ? headers.first("Slo-Etag").orElseThrow() : etag(),
          large ? Long.parseLong(headers.first("Slo-Size").orElseThrow()) : text.length(),
          "text/plain",
          shown.with("Last-Modified", "Mon, 23 Nov 2026 00:00:00 GMT"));
    }
  }

  PaperStock(MemberId site) {
    this.site = site;
  }

  /** An object, by container and name, with that text and pairs of headers. */
  void put(String path, String text, String... headers) {
    Headers all = Headers.NONE;
    for (int i = 0; i < headers.length; i += 2) {
      all = all.with(headers[i], headers[i + 1]);
    }
    things.put("AUTH_test/" + path, new Thing(text, all));
  }

  /** An object, as it stands in a manifest. */
  String segment(String path, String text) {
    put(path, text);
    return entry(path, "");
  }

  /** One that is there, as it stands in a manifest. */
  String entry(String path, String more) {
    Thing thing = things.get("AUTH_test/" + path);
    boolean large = thing.headers.has("X-Static-Large-Object");
    ObjectHead head = thing.head(true);
    return "{\"name\": \"/%s\", \"hash\": \"%s\", \"bytes\": %d%s%s}"
        .formatted(path, head.etag(), head.bytes(), large ? ", \"sub_slo\": true" : "", more);
  }

  /** A large object of these. */
  void manifest(String path, String... entries) throws Unsure {
    String text = "[" + String.join(", ", entries) + "]";
    Manifest manifest = Manifest.read(text.getBytes(StandardCharsets.UTF_8));
    put(
        path,
        text,
        "X-Static-Large-Object",
        "True",
        "Slo-Etag",
        manifest.etag(),
        "Slo-Size",
        Long.toString(manifest.bytes()));
  }

  /** What the own site says to a client of that path. */
  void says(String path, int status) {
    words.put("/AUTH_test/" + path, status);
  }

  private Optional<Thing> at(MemberId asked, Reading reading) {
    String version = reading.version().map(id -> "@" + id).orElse("");
    return asked.equals(site)
        ? Optional.ofNullable(things.get(reading.container() + "/" + reading.object() + version))
        : Optional.empty();
  }

  @Override
  public Optional<ObjectHead> head(MemberId asked, Reading reading, Deadline deadline) {
    return at(asked, reading).map(thing -> thing.head(reading.form() == Reading.Form.WHOLE));
  }

  @Override
  public Kept kept(MemberId asked, Reading reading, int most, Deadline deadline) throws Unsure {
    Thing thing = at(asked, reading).orElseThrow(() -> new Unsure("it is not there"));
    return new Kept(thing.head(false), thing.text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public List<ObjectRow> rows(Within within, int most, Deadline deadline) throws Unsure {
    String prefix = within.container() + "/" + within.prefix();
    List<ObjectRow> rows = new ArrayList<>();
    things
        .tailMap(prefix)
        .forEach((path, thing) -> {
          if (path.startsWith(prefix)) {
            String name = path.substring((within.container() + "/").length());
            rows.add(ObjectRow.plain(name, new Timestamp(1), thing.etag(), thing.text.length()));
          }
        });
    if (rows.size() > most) {
      throw new Unsure("there are more than " + most);
    }
    return rows;
  }

  @Override
  public OptionalInt says(MemberId asked, Head head, Deadline deadline) {
    heard.add(head);
    Integer word = words.get(head.target());
    return word == null || asked.equals(site) ? OptionalInt.empty() : OptionalInt.of(word);
  }
}
