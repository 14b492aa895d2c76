package io.cotidal.postgres.losses;

import io.cotidal.model.Details;
import io.cotidal.pgclient.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The words in which a {@link Loss} is written down: evidence of a step, and then the ledger. */
public final class LossFacts {
  /** The name by which it is asked for, also that of its folder. */
  public static final String ID = "id";

  /** Whose log it was. */
  public static final String MEMBER = "old-primary";

  /** Who has it not. */
  public static final String PRIMARY = "primary";

  /** The timeline of that primary's promotion. */
  public static final String REIGN = "primary-timeline";

  /** The timeline that was left at the fork. */
  static final String TIMELINE = "timeline";

  /** Where the primary's log left it. */
  static final String FORK = "fork";

  /** Up to where it was read. */
  static final String END = "end";

  /** How many bytes of log those are. */
  static final String BYTES = "bytes";

  /** Committed transactions that changed something beside system catalogs. */
  static final String TRANSACTIONS = "transactions";

  /** Subtransactions that went with them. */
  static final String SUBTRANSACTIONS = "subtransactions";

  /** Committed transactions that changed system catalogs alone, or no row. */
  static final String SYSTEM = "system";

  /** Transactions that were prepared and not committed. */
  static final String PREPARED = "prepared";

  /** Transactions and subtransactions that were rolled back: nobody has lost them. */
  static final String ROLLED_BACK = "rolled-back";

  /** Transactions that had not come to an end: nobody was told that they were committed. */
  static final String UNFINISHED = "unfinished";

  /** Lost transactions that may have written rows before where reading began. */
  static final String UNCERTAIN = "uncertain";

  /** When the first of them was committed. */
  static final String FIRST = "first";

  /** When the last of them was committed. */
  static final String LAST = "last";

  /** The relations, as {@code name: 1 inserted; name: 2 deleted}. */
  static final String TABLES = "tables";

  /** How many relations have lost something beside those. */
  static final String MORE = "tables-more";

  /** Where it is kept. */
  static final String FOLDER = "folder";

  /** What became of the segments. */
  static final String LOG = "log";

  /** Why not all of it was counted. */
  public static final String PROBLEM = "problem";

  /** Whether the quorum list was in force until the end. */
  static final String QUORUM = "quorum";

  /** When it was found, in UTC. */
  static final String AT = "at";

  /** All of them; those are the entries that the ledger keeps. */
  static final List<String> ALL =
      List.of(
          ID,
          MEMBER,
          PRIMARY,
          REIGN,
          TIMELINE,
          FORK,
          END,
          BYTES,
          TRANSACTIONS,
          SUBTRANSACTIONS,
          SYSTEM,
          PREPARED,
          ROLLED_BACK,
          UNFINISHED,
          UNCERTAIN,
          FIRST,
          LAST,
          TABLES,
          MORE,
          FOLDER,
          LOG,
          PROBLEM,
          QUORUM,
          AT);

  private static final int LISTED = 40;
  private static final Pattern POSITION = Pattern.compile("[0-9A-F]{1,8}/[0-9A-F]{1,8}");

  /** The last record is shorter than this. */
  private static final long RECORD = 1L << 30;

  private LossFacts() {}

  /**
   * Of whom it is.
   *
   * @param id the name by which it is asked for
   * @param member whose log it was
   * @param primary who has it not
   * @param reign the timeline of that primary's promotion
   * @param at when it was found, in UTC
   * @param quorum whether commits that were acknowledged had waited for the quorum list
   */
  public record Origin(
      String id, String member, String primary, long reign, String at, boolean quorum) {
    Details facts() {
      return Details.of(ID, id)
          .with(MEMBER, member)
          .with(PRIMARY, primary)
          .with(REIGN, reign)
          .with(AT, at)
          .with(QUORUM, quorum);
    }
  }

  /** Nothing could be found out, because {@code problem}. */
  public static Details unknown(Origin origin, String problem) {
    return origin.facts().with(PROBLEM, line(problem));
  }

  /** There is nothing. */
  public static Details nothing(Origin origin) {
    return origin.facts().with(TRANSACTIONS, 0);
  }

  /**
   * What was counted.
   *
   * @param names what the relations are called; those that are not there are told by their files
   * @param known byte position of a record that the log is known to have had
   */
  public static Details counted(
      Origin origin, Divergence.Parted where, Tally tally, Map<String, Name> names, long known) {
    long end = Math.max(where.fork(), end(tally));
    Details facts =
        origin
            .facts()
            .with(TIMELINE, where.timeline())
            .with(FORK, Lsn.format(where.fork()))
            .with(END, Lsn.format(end))
            .with(BYTES, end - where.fork());
    for (String number :
        List.of(
            TRANSACTIONS, SUBTRANSACTIONS, SYSTEM, PREPARED, ROLLED_BACK, UNFINISHED, UNCERTAIN)) {
      facts = facts.with(number, tally.number(number));
    }
    facts = filled(facts, FIRST, tally.first());
    facts = filled(facts, LAST, tally.finished());
    facts = tables(facts, tally, names);
    facts = filled(facts, FOLDER, line(tally.folder()));
    facts = filled(facts, LOG, tally.log().map(LossFacts::log).orElse(""));
    return filled(facts, PROBLEM, tally.gap(known).map(LossFacts::line).orElse(""));
  }

  private static Details filled(Details facts, String name, String value) {
    return value.isEmpty() ? facts : facts.with(name, value);
  }

  private static String log(Tally.Log log) {
    return log.isKept()
        ? log.segments() + " segments, " + log.bytes() + " bytes, kept"
        : "not kept: " + log.kept() + (log.bytes() == 0 ? "" : " (" + log.bytes() + " bytes)");
  }

  /** Where the last record ends, if pg_waldump names it; else where it begins. */
  private static long end(Tally tally) {
    long end = tally.last();
    Matcher named = POSITION.matcher(tally.why());
    while (named.find()) {
      long position = Lsn.parse(named.group());
      end = position > end && position - tally.last() < RECORD ? position : end;
    }
    return end;
  }

  /** What is PostgreSQL's own is left out; several files of one table are one. */
  private static Details tables(Details facts, Tally tally, Map<String, Name> names) {
    TreeMap<String, RowCounts> tables = new TreeMap<>();
    for (Tally.File file : tally.files()) {
      Name name = file.made() ? null : names.get(file.name());
      switch (name) {
        case null -> tables.merge(file.name(), file.counts(), RowCounts::plus);
        case Name.Table table -> tables.merge(line(table.text()), file.counts(), RowCounts::plus);
        case Name.Inner _ -> {
          // Indexes, TOAST and catalogs change with what is counted already.
        }
      }
    }
    List<Map.Entry<String, RowCounts>> all = new ArrayList<>(tables.entrySet());
    all.sort((a, b) -> Long.compare(weight(b.getValue()), weight(a.getValue())));
    long more =
        Math.max(0, all.size() - LISTED) + Math.max(0, tally.relations() - tally.files().size());
    String listed =
        all.stream()
            .limit(LISTED)
            .map(table -> table.getKey() + ": " + table.getValue())
            .collect(Collectors.joining("; "));
    return filled(facts, TABLES, listed).with(MORE, more);
  }

  private static long weight(RowCounts counts) {
    return counts.rows() + counts.truncated();
  }

  /** One line, without what separates entries. */
  private static String line(String text) {
    return text.replaceAll("\\p{Cntrl}", "?").replace(';', ',');
  }
}
