package io.cotidal.feeds.delta;

import io.cotidal.feeds.delta.DeltaException.Why;
import io.cotidal.feeds.job.Offer;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Trouble;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Packs what changed in a table between its last dump and this one, and keeps account of the deltas
 * that lead from dump to dump. Asked again for the same dump it says the same again, so that a
 * process that died after it packed loses nothing.
 */
public final class DumpPacking {
  /** So many deltas are kept account of. */
  private static final int MOST = 64;

  /** How long another packing of the table is waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /** What of a table is in a dump and in no delta. */
  private static final String BUILD =
      """
      SELECT coalesce(string_agg(d, chr(10) ORDER BY d), '') FROM (
        SELECT pg_get_indexdef(i.indexrelid) AS d FROM pg_index i
         WHERE i.indrelid = to_regclass(format('%I.%I', ?::text, ?::text))
        UNION ALL
        SELECT k.conname || ' ' || pg_get_constraintdef(k.oid) FROM pg_constraint k
         WHERE k.conrelid = to_regclass(format('%I.%I', ?::text, ?::text))) all_of_it
      """;

  private final PgSession session;
  private final Places places;
  private final Deadline deadline;

  /**
   * Where things lie.
   *
   * @param states a private folder of the packer's
   * @param files the folder that deltas come into
   * @param address that folder as jobs name it: {@code user@host:/path}
   */
  public record Places(Path states, Path files, String address) {}

  /**
   * What is packed.
   *
   * @param dump of the table, made in the same snapshot
   * @param snapshot what {@code pg_export_snapshot()} gave for the dump; empty for one of our own,
   *     if nobody writes to the table meanwhile
   */
  public record Order(String schema, String table, Path dump, String snapshot) {}

  /**
   * What came of it.
   *
   * @param sentence for people
   * @param dump its MD5
   * @param offers the deltas that lead to this dump, the oldest first; none after the first packing
   */
  public record Result(String sentence, String dump, List<Offer> offers) {
    /** Copies the list. */
    public Result {
      offers = List.copyOf(offers);
    }
  }

  /** With a session that has no transaction under way. */
  public DumpPacking(PgSession session, Places places, Deadline deadline) {
    this.session = session;
    this.places = places;
    this.deadline = deadline;
  }

  /** Held until the session ends; a server that has just lost one gives its lock back soon. */
  private void alone(String name) throws DeltaException, PgException {
    session.run("SET lock_timeout = " + PATIENCE.toMillis(), deadline.left());
    try {
      session.run(
          "SELECT pg_advisory_lock(hashtextextended(?, 0))",
          deadline.left(),
          "cotidal feed pack " + name);
    } catch (PgException e) {
      if (e.trouble() instanceof Trouble.Rejected rejected
          && rejected.state().equals(LOCK_NOT_AVAILABLE)) {
        throw new DeltaException(
            Why.FILE, "table " + name + " is being packed by somebody else; wait for it");
      }
      throw e;
    }
    session.run("RESET lock_timeout", deadline.left());
  }

  /**
   * Packs one table.
   *
   * @throws DeltaException if the table does not fit, or a file cannot be read or written
   * @throws PgException if the server did not do its part
   */
  public Result pack(Order order) throws DeltaException, PgException {
    String name = order.schema() + "." + order.table();
    alone(name);
    String dump = md5(order.dump());
    Path file = places.states().resolve(KeyState.name(order.schema(), order.table()) + ".json");
    Optional<Ledger> last = Ledger.read(file);
    if (last.isPresent() && last.get().dump().equals(dump)) {
      return new Result(name + ": this dump was packed already", dump, last.get().offers());
    }
    return packed(order, dump, last, file);
  }

  private Result packed(Order order, String dump, Optional<Ledger> last, Path file)
      throws DeltaException, PgException {
    String name = order.schema() + "." + order.table();
    String build = build(order);
    String from = last.map(Ledger::dump).orElse("none");
    Path delta = places.files().resolve(from + "-" + dump + ".delta");
    Packed packed =
        new Packing(session, places.states(), deadline)
            .evenIfSame()
            .pack(order.schema(), order.table(), delta, order.snapshot());
    List<Offer> offers = new ArrayList<>();
    String sentence;
    if (packed instanceof Packed.Changed changed) {
      String gap = gap(changed, last, build);
      if (gap.isEmpty()) {
        offers.addAll(last.map(Ledger::offers).orElse(List.of()));
        offers.add(offer(order, delta, from, dump));
        sentence =
            "%s: %d rows come or change, %d go, in %d bytes"
                .formatted(name, changed.upserts(), changed.deletes(), changed.bytes());
      } else {
        delete(delta);
        sentence = first(name, gap);
      }
    } else {
      sentence = first(name, packed instanceof Packed.Fresh fresh ? fresh.reason() : "");
    }
    List<Offer> newest = offers.subList(Math.max(0, offers.size() - MOST), offers.size());
    new Ledger(dump, packed.target(), build, newest).write(file);
    return new Result(sentence, dump, newest);
  }

  private static String first(String name, String reason) {
    return name + ": there is no base for a delta yet (" + reason + "); the next packing has one";
  }

  /** Why a delta does not lead from the last dump to this one; empty if it does. */
  private static String gap(Packed.Changed changed, Optional<Ledger> last, String build) {
    if (last.isEmpty() || !last.get().held().equals(changed.base())) {
      return "the last packing broke off";
    }
    return last.get().build().equals(build) ? "" : "its indexes or constraints changed";
  }

  private Offer offer(Order order, Path delta, String from, String to) throws DeltaException {
    try {
      // Whoever may fetch the dump may fetch it.
      Files.setPosixFilePermissions(delta, Files.getPosixFilePermissions(order.dump()));
    } catch (IOException e) {
      throw unusable(delta, e);
    }
    return new Offer(places.address() + "/" + delta.getFileName(), md5(delta), from, to);
  }

  private String build(Order order) throws PgException {
    String text =
        session.one(
            BUILD,
            deadline.left(),
            row -> row.getString(1),
            order.schema(),
            order.table(),
            order.schema(),
            order.table());
    byte[] digest = DeltaReader.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest);
  }

  private static void delete(Path file) throws DeltaException {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private static DeltaException unusable(Path file, IOException e) {
    return new DeltaException(Why.FILE, file + " cannot be used: " + e + "; see the disk");
  }

  private static String md5(Path file) throws DeltaException {
    try (DigestInputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("MD5"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (IOException e) {
      throw unusable(file, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
