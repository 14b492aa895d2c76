package io.cotidal.objects.mover;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.lab.swift.RawBody;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.swift.ObjectHead;
import io.cotidal.objects.swift.Reading;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.http.kept.Header;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A pass and what is made of other objects")
@Timeout(180)
@ExtendWith(TwoSites.Given.class)
class LargeIT {
  private static final Timestamp THEN = Box.THEN;

  @TempDir Path folder;

  private static String md5(String text) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String part(Box in, String name, String text) throws Exception {
    return "{\"name\": \"/%s/%s\", \"hash\": \"%s\", \"bytes\": %d, \"content_type\": \"a/b\","
            .formatted(in.name.container(), name, md5(text), text.length())
        + " \"last_modified\": \"2024-05-18T02:40:00.123450\"}";
  }

  private static void manifest(Box box, String name, String type, String... parts)
      throws SwiftTrouble {
    box.put(
        0,
        name,
        THEN,
        "[" + String.join(", ", parts) + "]",
        new Header("X-Static-Large-Object", "True"),
        new Header("Content-Type", type));
  }

  @Test
  @DisplayName("objects/S16: brings the segments first, and says where they need a place")
  void segments(TwoSites two) throws Exception {
    ContainerName elsewhere = new ContainerName("AUTH_test", "large-segments");
    two.clients.getFirst().containers().put(elsewhere, Box.KEYED, Box.soon());
    try (Box box = new Box(two, folder, "large")) {
      box.put(0, "zz/1", THEN, "one,");
      box.put(0, "zz/2", THEN, "two,");
      try (Box parts =
          new Box(
              two.clients.subList(0, 1), folder.resolve("parts"), "large-segments", Box.KEYED)) {
        parts.put(0, "s/3", THEN, "three");
        manifest(box, "a-inner", "b/c", part(box, "zz/1", "one,"), part(box, "zz/2", "two,"));
        manifest(
            box,
            "a-outer",
            "d/e",
            part(box, "zz/1", "one,"),
            part(box, "zz/2", "two,"),
            part(parts, "s/3", "three"));
      }
      PassReport report = box.converge();
      assertThat(report.needs()).containsExactly(new Need(elsewhere, new MemberId("west")));
      assertThat(report.left()).isEqualTo(1);
      assertThat(report.equal()).isFalse();
      assertThat(String.join("\n", report.why())).contains("a-outer", "not placed there yet");
      assertThat(box.head(1, "a-outer")).isEmpty();
      assertThat(box.text(1, Reading.shown(box.name, "a-inner"))).isEqualTo("one,two,");
      two.clients.get(1).containers().put(elsewhere, Box.KEYED, Box.soon());
      PassReport second = box.converge();
      assertThat(second.why()).isEmpty();
      assertThat(second.equal()).isTrue();
      assertThat(box.text(1, Reading.shown(box.name, "a-outer"))).isEqualTo("one,two,three");
      assertThat(
              two.clients
                  .get(1)
                  .objects()
                  .head(Reading.shown(box.name, "a-outer"), Box.soon())
                  .orElseThrow()
                  .type())
          .isEqualTo("d/e");
      box.assertSame();
      // One that a client made: a site lists the length of the whole only if it made it itself.
      String parts = "[{\"path\": \"/large/zz/1\"}, {\"path\": \"/large/zz/2\"}]";
      assertThat(
              two.sites
                  .get(0)
                  .user(SwiftLogin.TESTER)
                  .put(
                      "/large/made?multipart-manifest=put",
                      RawBody.of(parts),
                      new RawHeader("Content-Type", "f/g"))
                  .status())
          .isEqualTo(201);
      assertThat(box.converge().equal()).isTrue();
      assertThat(box.look().equal()).isTrue();
      Reading made = Reading.shown(box.name, "made");
      assertThat(box.text(1, made)).isEqualTo("one,two,");
      ObjectHead there = two.clients.get(1).objects().head(made, Box.soon()).orElseThrow();
      ObjectHead here = two.clients.get(0).objects().head(made, Box.soon()).orElseThrow();
      assertThat(there.type()).isEqualTo("f/g");
      assertThat(there.etag()).isEqualTo(here.etag());
      assertThat(there.bytes()).isEqualTo(8);
    }
  }

  @Test
  @DisplayName("takes dynamic large objects and links as they are, wherever they lead")
  void links(TwoSites two) throws Exception {
    try (Box box = new Box(two, folder, "links")) {
      box.put(0, "zz/1", THEN, "one,");
      box.put(0, "zz/2", THEN, "two");
      box.put(0, "dynamic", THEN, "", new Header("X-Object-Manifest", "links/zz/"));
      box.put(0, "link", THEN, "", new Header("X-Symlink-Target", "links/zz/1"));
      box.put(
          0,
          "fixed",
          THEN,
          "",
          new Header("X-Symlink-Target", "links/zz/2"),
          new Header("X-Symlink-Target-Etag", md5("two")),
          new Header("X-Symlink-Target-Bytes", "3"));
      box.put(0, "nowhere", THEN, "", new Header("X-Symlink-Target", "none/at-all"));
      PassReport report = box.converge();
      assertThat(report.why()).isEmpty();
      assertThat(report.equal()).isTrue();
      box.assertSame();
      assertThat(box.text(1, Reading.shown(box.name, "dynamic"))).isEqualTo("one,two");
      assertThat(box.text(1, Reading.shown(box.name, "link"))).isEqualTo("one,");
      assertThat(box.text(1, Reading.shown(box.name, "fixed"))).isEqualTo("two");
      // Nothing but their own lines has changed.
      Timestamp late = Timestamp.of(java.time.Instant.now());
      box.put(
          0,
          "link",
          late,
          "",
          new Header("X-Symlink-Target", "links/zz/2"),
          new Header("X-Object-Meta-A", "1"));
      assertThat(box.converge().equal()).isTrue();
      assertThat(box.text(1, Reading.shown(box.name, "link"))).isEqualTo("two");
      box.assertSame();
    }
  }

  @Test
  @DisplayName("objects/S17: a container that keeps versions has the same ones everywhere")
  void versions(TwoSites two) throws Exception {
    try (Box box =
        new Box(two.clients, folder, "versioned", Box.KEYED.with("X-Versions-Enabled", "true"))) {
      Timestamp second = THEN.next();
      Timestamp third = second.next();
      box.put(0, "o", THEN, "first", new Header("X-Object-Meta-A", "1"));
      box.put(0, "o", second, "second");
      box.delete(0, "o", third);
      box.put(0, "o", third.next(), "fourth");
      box.put(1, "p", THEN, "p");
      box.put(0, "q", THEN, "q");
      box.delete(0, "q", second);
      PassReport report = box.converge();
      assertThat(report.why()).isEmpty();
      assertThat(report.copied()).isEqualTo(7);
      assertThat(versions(box, 1)).isEqualTo(versions(box, 0));
      assertThat(box.rows(0, true)).hasSize(7);
      assertThat(box.text(1, Reading.raw(box.name, "o").version(THEN.toString())))
          .isEqualTo("first");
      assertThat(box.converge().equal()).isTrue();
      // A version goes, and the metadata of the current one change.
      Timestamp now = Timestamp.of(java.time.Instant.now());
      io.cotidal.objects.swift.Writing gone =
          io.cotidal.objects.swift.Writing.of(box.name, "o", now, Box.KEY)
              .version(second.toString());
      box.swift(1).objects().delete(gone, Box.soon());
      box.post(1, "p", now, new Header("X-Object-Meta-B", "2"));
      PassReport after = box.converge();
      assertThat(after.why()).isEmpty();
      assertThat(after.deleted()).isEqualTo(1);
      assertThat(versions(box, 1)).isEqualTo(versions(box, 0));
      assertThat(box.rows(0, true)).hasSize(6);
      assertThat(
              box.swift(0)
                  .objects()
                  .head(Reading.shown(box.name, "p"), Box.soon())
                  .orElseThrow()
                  .headers()
                  .first("X-Object-Meta-B"))
          .contains("2");
      assertThat(box.converge().equal()).isTrue();
    }
  }

  /** When a site made what stands for a deletion is its own affair. */
  private static List<ObjectRow> versions(Box box, int site) throws Exception {
    return box.rows(site, true).stream()
        .map(row ->
            row.marker()
                ? new ObjectRow(
                    row.name(), THEN, row.hash(), row.bytes(), row.version(), row.latest(), true)
                : row)
        .toList();
  }

  @Test
  @DisplayName("compares nothing while versions are kept at one site only")
  void uneven(TwoSites two) throws Exception {
    try (Box box = new Box(two, folder, "uneven")) {
      box.put(0, "o", THEN, "x");
      two.clients
          .getFirst()
          .containers()
          .post(
              box.name,
              io.cotidal.remote.http.kept.Headers.of(new Header("X-Versions-Enabled", "true")),
              Box.soon());
      PassReport report = box.converge();
      assertThat(report.ended()).isFalse();
      assertThat(report.why().getFirst()).contains("keeps versions at site east");
      assertThat(box.look().why()).isEqualTo(report.why());
      // And what was there before they were kept comes along when both do.
      two.clients
          .get(1)
          .containers()
          .post(
              box.name,
              io.cotidal.remote.http.kept.Headers.of(new Header("X-Versions-Enabled", "true")),
              Box.soon());
      assertThat(box.converge().why()).isEmpty();
      assertThat(box.text(1, Reading.shown(box.name, "o"))).isEqualTo("x");
      assertThat(box.converge().equal()).isTrue();
    }
  }
}
