package io.cotidal.objects.mover;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Secret;
import io.cotidal.objects.ledger.Entry;
import io.cotidal.objects.ledger.Ledger;
import io.cotidal.objects.listing.Rows;
import io.cotidal.objects.listing.Span;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.spec.ObjectsSpec.Care;
import io.cotidal.objects.spec.ObjectsSpec.Losers;
import io.cotidal.objects.swift.Applied;
import io.cotidal.objects.swift.Capabilities;
import io.cotidal.objects.swift.Download;
import io.cotidal.objects.swift.Listing;
import io.cotidal.objects.swift.ObjectHead;
import io.cotidal.objects.swift.Reading;
import io.cotidal.objects.swift.Swift;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.objects.swift.Writing;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Body;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A container at two sites, with what a pass over it keeps. */
final class Box implements AutoCloseable {
  static final Secret KEY = new Secret("container-key");
  static final Headers KEYED = Headers.of(new Header("X-Container-Sync-Key", KEY.reveal()));
  static final Timestamp THEN = Timestamp.parse("1716000000.12345");
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** What differs between any two answers. */
  private static final Set<String> PASSING =
      Set.of("date", "x-trans-id", "x-openstack-request-id", "connection", "keep-alive");

  final ContainerName name;
  final Path folder;
  final Ledger ledger;
  private final List<PassSite> sites;

  Box(TwoSites two, Path folder, String name) throws Exception {
    this(two.clients, folder, name, KEYED);
  }

  Box(List<Swift> clients, Path folder, String name, Headers headers) throws Exception {
    this.name = new ContainerName("AUTH_test", name);
    this.folder = folder;
    this.ledger = Ledger.open(folder.resolve("ledger"), 1 << 20, 2);
    this.sites =
        clients.stream().map(client -> new PassSite(client, new Governor(8), true)).toList();
    for (Swift client : clients) {
      client.containers().put(this.name, headers, soon());
    }
  }

  static Deadline soon() {
    return Deadline.in(PATIENCE);
  }

  PassSite site(int number) {
    return sites.get(number);
  }

  Swift swift(int site) {
    return sites.get(site).swift();
  }

  PassOrder order(Losers losers) {
    return order(new Care(Duration.ofSeconds(2), 2, 0.3, Duration.ofDays(14), losers), 8);
  }

  PassOrder order(Care care, int objects) {
    return new PassOrder(
        name,
        sites,
        folder.resolve("book"),
        ledger,
        care,
        objects,
        new Throttle(0),
        InstantSource.system(),
        new Random(1));
  }

  PassReport converge() throws InterruptedException {
    return ContainerPass.of(order(Losers.LEDGER)).converge(0, Progress.NONE, soon());
  }

  PassLook look() throws InterruptedException {
    return ContainerPass.of(order(Losers.LEDGER)).look(soon());
  }

  void put(int site, String object, Timestamp at, String text, Header... headers)
      throws SwiftTrouble {
    put(site, object, at, text.getBytes(StandardCharsets.UTF_8), headers);
  }

  void put(int site, String object, Timestamp at, byte[] bytes, Header... headers)
      throws SwiftTrouble {
    Writing writing = Writing.of(name, object, at, KEY).with(Headers.of(headers));
    assertThat(swift(site).objects().put(writing, Body.of(bytes), soon())).isEqualTo(Applied.DONE);
  }

  void post(int site, String object, Timestamp at, Header... headers) throws SwiftTrouble {
    Writing writing = Writing.of(name, object, at, KEY).with(Headers.of(headers));
    assertThat(swift(site).objects().post(writing, soon())).isEqualTo(Applied.DONE);
  }

  void delete(int site, String object, Timestamp at) throws SwiftTrouble {
    assertThat(swift(site).objects().delete(Writing.of(name, object, at, KEY), soon()))
        .isEqualTo(Applied.DONE);
  }

  Optional<ObjectHead> head(int site, String object) throws SwiftTrouble {
    return swift(site).objects().head(Reading.raw(name, object), soon());
  }

  String text(int site, Reading reading) throws SwiftTrouble, IOException {
    try (Download download = swift(site).objects().get(reading, soon())) {
      return new String(download.body().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  List<ObjectRow> rows(int site, boolean versions) throws Exception {
    List<ObjectRow> all = new ArrayList<>();
    Listing listing =
        new Listing(name, Span.ALL, versions, Capabilities.UNTOLD.listing(), PATIENCE);
    try (Rows rows = swift(site).containers().rows(listing)) {
      for (Optional<ObjectRow> row = rows.next(); row.isPresent(); row = rows.next()) {
        all.add(row.get());
      }
    }
    return all;
  }

  List<String> names(int site) throws Exception {
    return rows(site, false).stream().map(ObjectRow::name).toList();
  }

  List<Entry> losses() throws IOException {
    return ledger.read(new Ledger.Query(Optional.of(name), "", 100));
  }

  /** That no client could tell one site from the other. */
  void assertSame() throws Exception {
    assertThat(rows(1, false)).isEqualTo(rows(0, false));
    for (ObjectRow row : rows(0, false)) {
      assertThat(lines(1, row.name())).as(row.name()).isEqualTo(lines(0, row.name()));
      Reading raw = Reading.raw(name, row.name());
      assertThat(text(1, raw)).as(row.name()).isEqualTo(text(0, raw));
    }
  }

  private List<String> lines(int site, String object) throws SwiftTrouble {
    return head(site, object).orElseThrow().headers().list().stream()
        .filter(line -> !PASSING.contains(line.name().toLowerCase(java.util.Locale.ROOT)))
        .map(line -> line.name() + ": " + line.value())
        .sorted()
        .toList();
  }

  @Override
  public void close() throws IOException {
    ledger.close();
  }
}
