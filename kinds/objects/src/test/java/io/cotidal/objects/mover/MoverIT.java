package io.cotidal.objects.mover;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.lab.swift.SwiftDaemon;
import io.cotidal.objects.ledger.Entry;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.spec.ObjectsSpec.Losers;
import io.cotidal.objects.swift.Applied;
import io.cotidal.objects.swift.Reading;
import io.cotidal.objects.swift.Writing;
import io.cotidal.remote.http.kept.Header;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A pass over a container of two real sites")
@Timeout(180)
@ExtendWith(TwoSites.Given.class)
class MoverIT {
  private static final Timestamp THEN = Box.THEN;

  /** Each is legal, and none is another one. */
  private static final List<String> ODD =
      List.of(
          "../dots",
          "//dbl//x",
          "/lead",
          "a b",
          "a%2Fb",
          "a+b",
          "a/./b",
          ";p=1",
          "?q=1#f",
          "~tilde",
          "%25",
          "\\back",
          "\"quoted\"",
          "ä/ö",
          "\uffee",
          "😀",
          "tail/",
          "a&b=c");

  @TempDir Path folder;

  private static Header[] large() {
    Header[] lines = new Header[60];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = Header.text("X-Object-Meta-Line-" + i, "grün".repeat(6));
    }
    return lines;
  }

  @Test
  @DisplayName(
      "objects/S14: copies all that there is, both ways, with its time and what goes with it")
  void copies(TwoSites two) throws Exception {
    try (Box box = new Box(two, folder, "copies")) {
      byte[] long1 = new byte[5 * 1024 * 1024 + 17];
      new Random(7).nextBytes(long1);
      int odd = 0;
      for (String name : ODD) {
        box.put(odd++ % 2, name, THEN, name);
      }
      box.put(0, "empty", THEN, "");
      box.put(0, "long", THEN, long1, new Header("Content-Type", "video/x"));
      box.put(1, "metadata", THEN, "m", large());
      String expires = Long.toString(Instant.now().getEpochSecond() + 86_400);
      box.put(
          1,
          "typed",
          THEN,
          "packed",
          new Header("Content-Type", "text/x; charset=utf-8"),
          new Header("Content-Encoding", "gzip"),
          new Header("Content-Disposition", "attachment; filename=\"a b\""),
          new Header("X-Delete-At", expires));
      PassReport report = box.converge();
      assertThat(report.why()).isEmpty();
      assertThat(report.copied()).isEqualTo(ODD.size() + 4);
      assertThat(report.equal()).isTrue();
      box.assertSame();
      assertThat(box.head(0, "typed").orElseThrow().headers().first("X-Delete-At"))
          .contains(expires);
      assertThat(box.head(0, "typed").orElseThrow().written()).isEqualTo(THEN);
      assertThat(box.look().equal()).isTrue();
      PassReport again = box.converge();
      assertThat(again.copied() + again.bytes()).isZero();
      assertThat(again.equal()).isTrue();
    }
  }

  @Test
  @DisplayName("writes metadata alone where nothing else has changed")
  void metadata(TwoSites two) throws Exception {
    try (Box box = new Box(two, folder, "metadata")) {
      box.put(0, "o", THEN, "text", new Header("X-Object-Meta-A", "1"));
      box.converge();
      box.post(
          1,
          "o",
          THEN.next(),
          new Header("X-Object-Meta-B", "2"),
          new Header("Content-Type", "a/b"));
      PassReport report = box.converge();
      assertThat(report.copied()).isEqualTo(1);
      assertThat(report.bytes()).isZero();
      box.assertSame();
      assertThat(box.head(0, "o").orElseThrow().headers().has("X-Object-Meta-A")).isFalse();
      assertThat(box.head(0, "o").orElseThrow().written()).isEqualTo(THEN.next());
      assertThat(two.ways.get(0).seen()).contains("POST /v1/AUTH_test/metadata/o");
      assertThat(two.ways.get(0).seen().stream().filter("PUT /v1/AUTH_test/metadata/o"::equals))
          .hasSize(1);
    }
  }

  @Test
  @DisplayName(
      "objects/S9: of one object that both have written the later stays, and the ledger has the other")
  void conflict(TwoSites two) throws Exception {
    try (Box box = new Box(two, folder, "conflict")) {
      box.put(0, "o", THEN, "first");
      box.converge();
      Timestamp late = Timestamp.of(Instant.now());
      box.put(0, "o", late, "of the east");
      box.put(1, "o", late.next(), "of the west");
      PassReport report =
          ContainerPass.of(box.order(Losers.KEEP)).converge(0, Progress.NONE, Box.soon());
      assertThat(report.overruled()).isEqualTo(1);
      assertThat(box.text(0, Reading.raw(box.name, "o"))).isEqualTo("of the west");
      assertThat(box.losses()).hasSize(1);
      Entry loss = box.losses().getFirst();
      assertThat(loss.site()).isEqualTo("east");
      assertThat(loss.lost().orElseThrow().written()).isEqualTo(late);
      String kept = "o.lost-east-" + late;
      assertThat(box.text(0, Reading.raw(box.name, kept))).isEqualTo("of the east");
      assertThat(box.converge().equal()).isTrue();
      assertThat(box.names(1)).containsExactly("o", kept);
      box.assertSame();
    }
  }

  @Test
  @DisplayName(
      "objects/S10: what was deleted while the other was away stays deleted, though the site forgot it")
  void reclaimed(TwoSites two) throws Exception {
    try (Box box = new Box(two, folder, "reclaimed")) {
      box.put(0, "o", THEN, "x");
      box.put(0, "p", THEN, "x");
      box.converge();
      // So long ago that Swift keeps nothing of it.
      box.delete(0, "o", THEN.next());
      PassReport report = box.converge();
      assertThat(report.deleted()).isEqualTo(1);
      assertThat(box.names(0)).containsExactly("p");
      assertThat(box.names(1)).containsExactly("p");
      // An old copy comes to light, as from a disk that was away.
      two.sites.get(1).once(SwiftDaemon.CONTAINER_REPLICATOR);
      box.put(1, "o", THEN, "x");
      assertThat(box.converge().deleted()).isEqualTo(1);
      assertThat(box.names(1)).containsExactly("p");
      // And what is written later is another object.
      box.put(1, "o", Timestamp.of(Instant.now()), "new");
      assertThat(box.converge().copied()).isEqualTo(1);
      box.assertSame();
      assertThat(box.names(0)).containsExactly("o", "p");
    }
  }

  @Test
  @DisplayName("objects/S20: holds deletions that are too many until somebody approves of them")
  void brake(TwoSites two) throws Exception {
    try (Box box = new Box(two, folder, "brake")) {
      for (int i = 0; i < 6; i++) {
        box.put(0, "o" + i, THEN, "x");
      }
      box.converge();
      for (int i = 0; i < 4; i++) {
        box.delete(0, "o" + i, THEN.next());
      }
      box.put(0, "new", THEN, "x");
      PassLook look = box.look();
      assertThat(look.braked()).isTrue();
      assertThat(look.deletions()).isEqualTo(4);
      assertThat(look.copies()).isEqualTo(1);
      PassReport report = box.converge();
      assertThat(report.held()).isEqualTo(4);
      assertThat(report.deleted()).isZero();
      assertThat(report.copied()).isEqualTo(1);
      assertThat(report.equal()).isFalse();
      assertThat(String.join("\n", report.why())).contains("4 deletions are held", "'o0'");
      assertThat(box.names(1)).hasSize(7);
      PassReport approved =
          ContainerPass.of(box.order(Losers.LEDGER)).converge(4, Progress.NONE, Box.soon());
      assertThat(approved.deleted()).isEqualTo(4);
      assertThat(approved.equal()).isTrue();
      box.assertSame();
    }
  }

  @Test
  @DisplayName("objects/S19: finds exactly what was planted, and mends it")
  void planted(TwoSites two) throws Exception {
    try (Box box = new Box(two, folder, "planted")) {
      for (int i = 0; i < 30; i++) {
        box.put(i % 2, "o%02d".formatted(i), THEN, "text " + i);
      }
      assertThat(box.converge().equal()).isTrue();
      PassLook equal = box.look();
      assertThat(equal.equal()).isTrue();
      assertThat(equal.objects()).isEqualTo(30);
      box.put(1, "o07", THEN.next(), "other!");
      box.delete(1, "o11", THEN.next());
      PassLook look = box.look();
      assertThat(look.copies()).isEqualTo(1);
      assertThat(look.bytes()).isEqualTo("other!".length());
      assertThat(look.deletions()).isEqualTo(1);
      assertThat(look.equal()).isFalse();
      // A look changes nothing: the second one finds the same.
      assertThat(box.look()).isEqualTo(look);
      PassReport report = box.converge();
      assertThat(report.copied()).isEqualTo(1);
      assertThat(report.deleted()).isEqualTo(1);
      assertThat(report.equal()).isTrue();
      box.assertSame();
      // Older than what is there: a site does not even take it.
      Optional<ObjectRow> row =
          box.rows(0, false).stream().filter(one -> one.name().equals("o07")).findFirst();
      assertThat(row.orElseThrow().hash())
          .isEqualTo(
              java.util.HexFormat.of()
                  .formatHex(
                      java.security.MessageDigest.getInstance("MD5")
                          .digest("other!".getBytes(StandardCharsets.UTF_8))));
    }
  }

  @Test
  @DisplayName("takes a later deletion from a site that has joined, and not from its former life")
  void deletedLater(TwoSites two) throws Exception {
    try (Box box = new Box(two, folder, "later")) {
      // West had the container before: it remembers a deletion that is none of ours.
      forget(box, "o");
      box.put(0, "o", THEN, "x");
      PassReport first = box.converge();
      assertThat(first.copied()).isEqualTo(1);
      assertThat(String.join("\n", first.why())).contains("a site that joins");
      assertThat(box.converge().equal()).isTrue();
      box.assertSame();
      assertThat(box.names(0)).containsExactly("o");
      // Now both have been through a whole pass, so there somebody deleted it after it was written.
      forget(box, "p");
      box.put(0, "p", THEN, "y");
      PassReport later = box.converge();
      assertThat(String.join("\n", later.why())).contains("deleted after it was written");
      assertThat(box.names(0)).containsExactly("o", "p");
      PassReport gone = box.converge();
      assertThat(gone.deleted()).isEqualTo(1);
      assertThat(gone.overruled()).isEqualTo(1);
      assertThat(gone.equal()).isTrue();
      box.assertSame();
      assertThat(box.names(0)).containsExactly("o");
    }
  }

  private static void forget(Box box, String object) throws Exception {
    Writing gone = Writing.of(box.name, object, Timestamp.of(Instant.now()), Box.KEY);
    assertThat(box.swift(1).objects().delete(gone, Box.soon())).isEqualTo(Applied.NOTHING_THERE);
  }
}
