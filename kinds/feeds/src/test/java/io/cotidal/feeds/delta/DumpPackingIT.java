package io.cotidal.feeds.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.feeds.delta.DumpPacking.Order;
import io.cotidal.feeds.delta.DumpPacking.Places;
import io.cotidal.feeds.delta.DumpPacking.Result;
import io.cotidal.feeds.job.Offer;
import io.cotidal.pgclient.PgSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("feeds: deltas that lead from dump to dump")
final class DumpPackingIT extends DeltaTrial {
  private Path files = Path.of("");
  private Path states = Path.of("");

  @BeforeEach
  void folders() throws Exception {
    parcels();
    states = states();
    files = Files.createDirectory(folder.resolve("files" + number.incrementAndGet()));
  }

  private Result pack(String dump) throws Exception {
    Path file = Files.writeString(files.resolve("dump.db"), dump);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    // A session for each: what is locked is let go with it.
    try (PgSession session = lab.session("source")) {
      return new DumpPacking(session, new Places(states, files, "m@h:/d"), DeltaLab.soon())
          .pack(new Order("data", "parcels", file, ""));
    }
  }

  private void renamed(int id) throws Exception {
    change("UPDATE data.parcels SET name = name || '!' WHERE id = " + id);
  }

  private Path file(Offer offer) {
    return files.resolve(offer.file().substring("m@h:/d/".length()));
  }

  @Test
  @DisplayName("the first has no base; each later one leads on from the one before")
  void chain() throws Exception {
    Result first = pack("one");
    assertThat(first.sentence()).contains("there is no base for a delta yet");
    assertThat(first.offers()).isEmpty();
    renamed(1);
    Result second = pack("two");
    renamed(2);
    Result third = pack("three");
    assertThat(third.offers()).hasSize(2).startsWith(second.offers().getFirst());
    Offer one = third.offers().get(0);
    Offer two = third.offers().get(1);
    assertThat(List.of(one.from(), one.to(), two.from(), two.to()))
        .containsExactly(first.dump(), second.dump(), second.dump(), third.dump());
    assertThat(Files.getPosixFilePermissions(file(two)))
        .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
    replica.run("BEGIN", DeltaLab.LONG);
    try (DeltaChain chain = DeltaChain.open(List.of(file(one), file(two)), DeltaLimits.USUAL)) {
      chain.inPlace(new DeltaChain.Where(replica, DeltaLab.soon(), "data"), "parcels");
    }
    replica.run("COMMIT", DeltaLab.LONG);
    assertThat(content(replica, "parcels")).isEqualTo(content(source, "parcels"));
  }

  @Test
  @DisplayName("the same dump again says the same again; another one of the same rows is led to")
  void again() throws Exception {
    pack("one");
    renamed(1);
    Result second = pack("two");
    Result same = pack("two");
    assertThat(same.offers()).isEqualTo(second.offers());
    assertThat(same.sentence()).contains("was packed already");
    Result third = pack("three");
    assertThat(third.offers()).hasSize(2);
    try (DeltaReader reader = DeltaReader.open(file(third.offers().get(1)), DeltaLimits.USUAL)) {
      assertThat(reader.upserts() + reader.deletes()).isZero();
    }
  }

  @Test
  @DisplayName("what no delta can hold, an index for example, begins anew")
  void build() throws Exception {
    pack("one");
    change("CREATE INDEX ON data.parcels (name)");
    renamed(1);
    Result second = pack("two");
    assertThat(second.sentence()).contains("its indexes or constraints changed");
    assertThat(second.offers()).isEmpty();
    assertThat(files).isDirectoryNotContaining("glob:**.delta");
    renamed(2);
    assertThat(pack("three").offers()).hasSize(1);
    change("ALTER TABLE data.parcels ADD COLUMN more text");
    assertThat(pack("four").sentence()).contains("its columns changed");
  }

  @Test
  @DisplayName("a packing that broke off between its files says that there is no base")
  void brokenOff() throws Exception {
    pack("one");
    renamed(1);
    // As it is if the process dies before it has noted which dump that was.
    new Packing(source, states, DeltaLab.soon())
        .pack("data", "parcels", folder.resolve("nobody's" + number.incrementAndGet()));
    renamed(2);
    Result after = pack("two");
    assertThat(after.sentence()).contains("the last packing broke off");
    assertThat(after.offers()).isEmpty();
    renamed(3);
    assertThat(pack("three").offers()).hasSize(1);
  }

  @Test
  @DisplayName("two at once: one is refused")
  void alone() throws Exception {
    try (PgSession other = lab.session("source")) {
      other.run(
          "SELECT pg_advisory_lock(hashtextextended('cotidal feed pack data.parcels', 0))",
          DeltaLab.LONG);
      assertThatThrownBy(() -> pack("one"))
          .isInstanceOfSatisfying(
              DeltaException.class, e -> assertThat(e.line()).contains("by somebody else"));
    }
  }
}
