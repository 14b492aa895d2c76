package io.cotidal.postgres.observe;

import io.cotidal.model.MemberId;
import io.cotidal.postgres.guard.Guard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one query told about a server, or what a proxy said.
 *
 * @param version {@code server_version_num}, for example 180006
 * @param systemId the database system identifier: equal on all members of one cluster
 * @param recovering whether {@code pg_is_in_recovery()}
 * @param timeline the timeline that it writes or replays
 * @param position byte position up to which its write-ahead log is on disk: flushed on a primary,
 *     the greater of received and replayed on a standby
 * @param replayed byte position up to which a standby has replayed; on a primary the same as {@code
 *     position}
 * @param upstream whom its {@code primary_conninfo} names; null if nobody, or nobody that the
 *     cluster knows
 * @param receiver its WAL receiver; null if none runs
 * @param senders who streams from it
 * @param syncNames {@code synchronous_standby_names} as in force
 * @param slots names of its physical replication slots
 * @param writable whether it is no standby and its transactions are not read-only by default
 * @param beside what that query did not tell
 */
public record PgFacts(
    int version,
    long systemId,
    boolean recovering,
    long timeline,
    long position,
    long replayed,
    @Nullable MemberId upstream,
    @Nullable Receiver receiver,
    List<Sender> senders,
    String syncNames,
    List<String> slots,
    boolean writable,
    Beside beside) {
  /** Copies the lists. */
  public PgFacts {
    senders = List.copyOf(senders);
    slots = List.copyOf(slots);
  }

  /** Of a server. */
  public PgFacts(
      int version,
      long systemId,
      boolean recovering,
      long timeline,
      long position,
      long replayed,
      @Nullable MemberId upstream,
      @Nullable Receiver receiver,
      List<Sender> senders,
      String syncNames,
      List<String> slots,
      boolean writable) {
    this(
        version,
        systemId,
        recovering,
        timeline,
        position,
        replayed,
        upstream,
        receiver,
        senders,
        syncNames,
        slots,
        writable,
        Beside.NOTHING);
  }

  /** Of a proxy. It never takes writes itself, and it is no candidate for anything. */
  public static PgFacts of(ProxyFacts proxy) {
    return new PgFacts(
        0, 0, true, 0, 0, 0, null, null, List.of(), "", List.of(), false, Beside.of(proxy));
  }

  /** The same with the guards that run there. */
  public PgFacts guarded(List<Guard> guards) {
    return with(new Beside(proxy(), log(), told(), guards, logical(), settings(), stall()));
  }

  /** The same with what it keeps of its log. */
  public PgFacts keeping(@Nullable LogKeeping kept) {
    return with(new Beside(proxy(), kept, told(), guards(), logical(), settings(), stall()));
  }

  /** The same with what a plug-in says. */
  public PgFacts told(@Nullable Told other) {
    return with(new Beside(proxy(), log(), other, guards(), logical(), settings(), stall()));
  }

  /** The same with its logical slots. */
  public PgFacts with(LogicalSlots slotsOfReaders) {
    return with(new Beside(proxy(), log(), told(), guards(), slotsOfReaders, settings(), stall()));
  }

  /** The same with its parameters. */
  public PgFacts set(@Nullable ServerSettings other) {
    return with(new Beside(proxy(), log(), told(), guards(), logical(), other, stall()));
  }

  /** The same with what stands still there. */
  public PgFacts stalled(Stall other) {
    return with(new Beside(proxy(), log(), told(), guards(), logical(), settings(), other));
  }

  private PgFacts with(Beside other) {
    return new PgFacts(
        version,
        systemId,
        recovering,
        timeline,
        position,
        replayed,
        upstream,
        receiver,
        senders,
        syncNames,
        slots,
        writable,
        other);
  }

  /** What it said if the member is a proxy, and then everything else says nothing; else null. */
  public @Nullable ProxyFacts proxy() {
    return beside.proxy();
  }

  /** What it keeps of its log; null if that is not known. */
  public @Nullable LogKeeping log() {
    return beside.log();
  }

  /**
   * What a plug-in says of it; null if none is asked, or has not answered yet. Nothing is decided
   * by it.
   */
  public @Nullable Told told() {
    return beside.told();
  }

  /** Its logical slots. */
  public LogicalSlots logical() {
    return beside.logical();
  }

  /** The guards that run in it; empty too if nobody asked. */
  public List<Guard> guards() {
    return beside.guards();
  }

  /** What stands still there. */
  public Stall stall() {
    return beside.stall();
  }

  /** Its parameters that are ours to set; null if they are not known. */
  public @Nullable ServerSettings settings() {
    return beside.settings();
  }

  /**
   * What is known beside what every server is asked.
   *
   * @param proxy what a proxy said; null for a server
   * @param log what a server keeps of its log; null if that is not known
   * @param told what a plug-in says; null if none is asked, or has not answered yet
   * @param guards the guards that run in a server; empty too if nobody asked
   * @param logical its logical slots
   * @param settings its parameters; null if they are not known
   * @param stall what stands still in a server
   */
  public record Beside(
      @Nullable ProxyFacts proxy,
      @Nullable LogKeeping log,
      @Nullable Told told,
      List<Guard> guards,
      LogicalSlots logical,
      @Nullable ServerSettings settings,
      Stall stall) {
    /** Nothing is known. */
    static final Beside NOTHING = of(null);

    /** Copies the list. */
    public Beside {
      guards = List.copyOf(guards);
    }

    private static Beside of(@Nullable ProxyFacts proxy) {
      return new Beside(proxy, null, null, List.of(), LogicalSlots.NONE, null, Stall.NONE);
    }
  }

  /**
   * A standby's end of a replication path.
   *
   * @param status the server's word, for example {@code streaming}
   * @param sender whom it receives from; null if nobody that the cluster knows
   * @param silentMillis age of the last message from the sender, by the server's clock
   */
  public record Receiver(String status, @Nullable MemberId sender, long silentMillis) {
    /** Whether it is connected and streaming. */
    public boolean streaming() {
      return status.equals("streaming");
    }
  }

  /**
   * A sender's end of a replication path.
   *
   * @param name the standby's {@code application_name}: its member name
   * @param state the server's word, for example {@code streaming}
   * @param flushed byte position up to which the standby has the log on disk
   */
  public record Sender(String name, String state, long flushed) {
    /** Whether it is past catching up. */
    public boolean streaming() {
      return state.equals("streaming");
    }
  }
}
