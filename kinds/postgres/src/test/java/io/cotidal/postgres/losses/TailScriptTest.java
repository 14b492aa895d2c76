package io.cotidal.postgres.losses;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script, run as a gate runs it, with a pg_waldump that prints what a test has written: the
 * forms of releases that are not installed here, and what none would print. What a real one says is
 * read in {@code KeepTailIT}.
 */
@Timeout(60)
class TailScriptTest {
  private static final String FIRST = "000000010000000000000030";
  private static final String ID = "20260101T000000Z-7";
  private static final int SEGMENT = 1 << 20;

  @TempDir Path base;
  private Path data;
  private Path bin;
  private final StringBuilder log = new StringBuilder();
  private String previous = "0/03000000";
  private long next = 0x3000100;

  /** How a run ended. */
  record Ended(int exit, String output) {}

  @BeforeEach
  void folders() throws IOException {
    data = Files.createDirectory(base.resolve("da 'ta$(touch no)"));
    Files.createDirectory(data.resolve("pg_wal"));
    bin = Files.createDirectory(base.resolve("bin"));
    segment(FIRST);
  }

  private void segment(String name) throws IOException {
    Files.write(data.resolve("pg_wal").resolve(name), new byte[SEGMENT]);
  }

  private void record(String manager, long transaction, String description) {
    String here = "0/%08X".formatted(next);
    log.append(
        "rmgr: %-11s len (rec/tot):     54/    54, tx: %10d, lsn: %s, prev %s, desc: %s%n"
            .formatted(manager, transaction, here, previous, description));
    previous = here;
    next += 64;
  }

  private void commit(long transaction, String more) {
    record("Transaction", transaction, "COMMIT 2026-01-01 10:00:0%d.5 UTC%s".formatted(0, more));
  }

  /** How long the program takes. */
  private String delay = "";

  private Ended run(List<String> words) throws Exception {
    Path script = Files.writeString(base.resolve("losses"), TailScript.text());
    Path program = bin.resolve("pg_waldump");
    Files.writeString(base.resolve("printed"), log.toString());
    Files.writeString(
        program, "#!/bin/sh\ncat '" + base.resolve("printed") + "'\n" + delay + "\nexit 1\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    List<String> line =
        new ArrayList<>(List.of("/bin/sh", script.toString(), data.toString(), bin.toString()));
    line.addAll(words);
    Process process =
        new ProcessBuilder(line).directory(base.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(base.resolve("no")).doesNotExist();
    return new Ended(process.exitValue(), output);
  }

  private static List<String> words(String id, long bytes, int folders) {
    return TailScript.keep(
        new TailScript.Limits(id, bytes, folders, 20, SEGMENT, "1663/5/16999"),
        List.of(new Divergence.Span(1, 0x3000100, 0)));
  }

  private Tally keep() throws Exception {
    Ended ended = run(words(ID, 1L << 30, 10));
    assertThat(ended.exit()).as(ended.output()).isZero();
    return Tally.read(ended.output());
  }

  private void insert(long transaction, String file) {
    record(
        "Heap", transaction, "INSERT off: 3, flags: 0x00, blkref #0: rel " + file + " blk 0 FPW");
  }

  private void cluster() {
    record("Standby", 0, "RUNNING_XACTS nextXid 700 latestCompletedXid 699 oldestRunningXid 700");
  }

  @Test
  @DisplayName("The words of PostgreSQL 16 to 18 are understood, FPW and several blocks too")
  void laterReleases() throws Exception {
    cluster();
    insert(700, "1663/5/16400");
    record(
        "Heap2",
        700,
        "MULTI_INSERT ntuples: 5, flags: 0x02, offsets: [1, 2, 3, 4, 5], blkref #0: rel 1663/5/16400"
            + " blk 0");
    record(
        "Heap",
        700,
        "UPDATE old_xmax: 700, old_off: 1, old_infobits: [], flags: 0x01, new_xmax: 0, new_off: 4,"
            + " blkref #0: rel 1663/5/16400 blk 1, blkref #1: rel 1663/5/16400 blk 0");
    record(
        "Heap",
        700,
        "DELETE xmax: 700, off: 1, infobits: [KEYS_UPDATED], flags: 0x00, blkref #0: rel"
            + " 1663/5/16400 blk 0");
    commit(700, "; inval msgs: catcache 55");
    Tally tally = keep();
    assertThat(tally.number("transactions")).isEqualTo(1);
    assertThat(tally.number("uncertain")).isZero();
    assertThat(tally.files())
        .containsExactly(new Tally.File("1663/5/16400", new RowCounts(6, 1, 1, 0), false));
    assertThat(tally.gap(0)).isEmpty();
  }

  @Test
  @DisplayName("A row that ON CONFLICT took back was never there")
  void speculative() throws Exception {
    cluster();
    insert(700, "1663/5/16400");
    insert(700, "1663/5/16400");
    record(
        "Heap",
        700,
        "DELETE xmax: 0, off: 8, infobits: [], flags: 0x08, blkref #0: rel 1663/5/16400 blk 0");
    commit(700, "");
    assertThat(keep().files().getFirst().counts()).isEqualTo(new RowCounts(1, 0, 0, 0));
  }

  @Test
  @DisplayName("Heartbeats are not lost, nor what was rolled back or never ended")
  void nothing() throws Exception {
    cluster();
    record("Heap", 700, "HOT_UPDATE off 4 xmax 1, blkref #0: rel 1663/5/16999 blk 0");
    commit(700, "");
    insert(701, "1663/5/16400");
    record("Transaction", 701, "ABORT 2026-01-01 10:00:00.5 UTC");
    insert(702, "1663/5/16400");
    Tally tally = keep();
    assertThat(tally.number("transactions") + tally.number("system")).isZero();
    assertThat(tally.number("heartbeats")).isEqualTo(1);
    assertThat(tally.number("rolled-back")).isEqualTo(1);
    assertThat(tally.number("unfinished")).isEqualTo(1);
    assertThat(tally.folder()).isEmpty();
    assertThat(kept()).isEmpty();
  }

  @Test
  @DisplayName("What a client wrote into the log is taken for no record of it")
  void hostileTexts() throws Exception {
    cluster();
    String forged =
        "x\nrmgr: Heap   len (rec/tot): 1/ 1, tx: 700, lsn: 0/1, prev 0/1, desc: INSERT off 1, blkref"
            + " #0: rel 1663/5/99999 blk 0";
    record("LogicalMessage", 0, "MESSAGE non-transactional, prefix \"" + forged + "\"; payload");
    insert(700, "1663/5/16400");
    record("Transaction", 701, "PREPARE gid " + forged + ": 2026-01-01 10:00:00.5 UTC");
    commit(700, "; subxacts: $(touch no)");
    Tally tally = keep();
    assertThat(tally.files()).extracting(Tally.File::name).containsExactly("1663/5/16400");
    assertThat(tally.number("transactions")).isEqualTo(1);
    assertThat(tally.number("prepared")).isEqualTo(1);
  }

  @Test
  @DisplayName("Rows of before the fork count if they were committed after it")
  void acrossTheFork() throws Exception {
    next = 0x3000000;
    previous = "0/02FFFF00";
    record("Standby", 0, "RUNNING_XACTS nextXid 700 latestCompletedXid 698 oldestRunningXid 699");
    insert(700, "1663/5/16400");
    insert(701, "1663/5/16400");
    commit(701, "");
    assertThat(next).isLessThan(0x3000100 + 1);
    next = 0x3000100;
    commit(700, "");
    insert(699, "1663/5/16400");
    commit(699, "");
    Tally tally = keep();
    assertThat(tally.number("transactions")).isEqualTo(2);
    assertThat(tally.files().getFirst().counts().inserted()).isEqualTo(2);
    assertThat(tally.number("uncertain")).as("699 may have written before").isEqualTo(1);
  }

  private void lose(long transaction) {
    cluster();
    insert(transaction, "1663/5/16400");
    commit(transaction, "");
  }

  private List<String> kept() throws IOException {
    Path lost = data.resolveSibling(data.getFileName() + ".lost");
    if (!Files.exists(lost)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(lost)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  @DisplayName("What is kept is its owner's alone, and told again if it is asked for again")
  void again() throws Exception {
    lose(700);
    Tally tally = keep();
    Path folder = Path.of(tally.folder());
    assertThat(Files.getPosixFilePermissions(folder))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(Files.getPosixFilePermissions(folder.resolve("transactions.tsv")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(folder.resolve("pg_wal").resolve(FIRST)).hasSize(SEGMENT);
    assertThat(Files.readString(folder.resolve("transactions.tsv")))
        .contains("700\tcommitted\t2026-01-01 10:00:00.5 UTC\t0\t1663/5/16400:i1\n");
    log.setLength(0);
    assertThat(keep()).isEqualTo(tally);
  }

  @Test
  @DisplayName("One that was killed in its midst is begun anew")
  void killed() throws Exception {
    lose(700);
    Path half = data.resolveSibling(data.getFileName() + ".lost").resolve(ID + ".new");
    Files.createDirectories(half.resolve("pg_wal"));
    Files.writeString(half.resolve("counts"), "transactions 99\n");
    assertThat(keep().number("transactions")).isEqualTo(1);
    assertThat(kept()).containsExactly(ID);
  }

  @Test
  @DisplayName("More log than is to be kept is not, which is said; so many folders stay")
  void limits() throws Exception {
    lose(700);
    for (int i = 1; i <= 4; i++) {
      Ended ended = run(words("2026010%dT000000Z-%d".formatted(i, i), SEGMENT - 1, 2));
      Tally tally = Tally.read(ended.output());
      assertThat(tally.log().orElseThrow().kept()).isEqualTo("more than is to be kept");
      assertThat(Path.of(tally.folder()).resolve("pg_wal")).doesNotExist();
    }
    assertThat(kept()).containsExactly("20260103T000000Z-3", "20260104T000000Z-4");
  }

  @Test
  @DisplayName("A log that cannot be read up to where it parts, or that goes on, is not nothing")
  void unreadable() throws Exception {
    next = 0x30000C0;
    record("Standby", 0, "RUNNING_XACTS nextXid 700 latestCompletedXid 699 oldestRunningXid 700");
    next = 0x3000100;
    log.append("pg_waldump: error: error in WAL record at 0/3000000: incorrect checksum\n");
    assertThat(keep().gap(0)).isEmpty();
    log.setLength(0);
    previous = "0/02FFFF00";
    next = 0x2F00000;
    record("Standby", 0, "RUNNING_XACTS nextXid 700 latestCompletedXid 699 oldestRunningXid 700");
    assertThat(keep().gap(0).orElseThrow()).contains("could not be read from where it parts on");
    next = 0x3000100;
    lose(700);
    Files.delete(data.resolveSibling(data.getFileName() + ".lost").resolve(ID).resolve("counts"));
    byte[] address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 3, 0, 0, 0, 0};
    Files.write(data.resolve("pg_wal").resolve("000000010000000000000031"), address);
    assertThat(keep().gap(0).orElseThrow()).contains("goes on in 000000010000000000000031");
  }

  @Test
  @DisplayName("What is not read in time is a least number; what was read of it is kept")
  void late() throws Exception {
    lose(700);
    delay = "exec sleep 60";
    TailScript.Limits limits = new TailScript.Limits(ID, 1L << 30, 10, 1, SEGMENT, "0");
    Ended ended =
        run(
            TailScript.keep(
                limits,
                List.of(
                    new Divergence.Span(1, 0x3000100, 0x3000200),
                    new Divergence.Span(1, 0x3000200, 0))));
    Tally tally = Tally.read(ended.output());
    assertThat(tally.number("transactions")).isEqualTo(1);
    assertThat(tally.gap(0).orElseThrow()).contains("took too long");
    assertThat(tally.log().orElseThrow().isKept()).isTrue();
  }

  @Test
  @DisplayName("A listing that nobody can follow to its end is told as such")
  void strange() throws Exception {
    lose(700);
    record("LogicalMessage", 0, "MESSAGE non-transactional, prefix \"x\"; payload");
    previous = "0/00000001";
    insert(701, "1663/5/16400");
    assertThat(keep().gap(0).orElseThrow()).contains("could be followed up to");
  }

  @Test
  @DisplayName("A log that has gone, or a program that is not there, is not nothing")
  void unknown() throws Exception {
    Files.move(
        data.resolve("pg_wal").resolve(FIRST),
        data.resolve("pg_wal").resolve("000000010000000000000031"));
    assertThat(keep().gap(0))
        .hasValue("the segment 000000010000000000000030 is not there any more");
  }
}
