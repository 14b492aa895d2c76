package io.cotidal.postgres.losses;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What transactions did to one relation.
 *
 * @param inserted rows; with those of COPY
 * @param updated rows
 * @param deleted rows; not those that went with the whole relation
 * @param truncated in how many transactions its file was replaced or removed: TRUNCATE, but also
 *     DROP, VACUUM FULL, CLUSTER and an ALTER TABLE that writes it anew
 */
public record RowCounts(long inserted, long updated, long deleted, long truncated) {
  /** Nothing. */
  public static final RowCounts NONE = new RowCounts(0, 0, 0, 0);

  private static final Pattern PART =
      Pattern.compile("([0-9]{1,18}) (inserted|updated|deleted|truncated)");

  /** Reads what {@link #toString} writes; what is no such part counts as nothing. */
  static RowCounts parse(String text) {
    RowCounts counts = NONE;
    for (String part : text.split(", ", -1)) {
      Matcher matcher = PART.matcher(part);
      if (matcher.matches()) {
        counts = counts.plus(one(Long.parseLong(matcher.group(1)), matcher.group(2)));
      }
    }
    return counts;
  }

  private static RowCounts one(long many, String what) {
    return switch (what) {
      case "inserted" -> new RowCounts(many, 0, 0, 0);
      case "updated" -> new RowCounts(0, many, 0, 0);
      case "deleted" -> new RowCounts(0, 0, many, 0);
      default -> new RowCounts(0, 0, 0, many);
    };
  }

  /** Both together. */
  public RowCounts plus(RowCounts other) {
    return new RowCounts(
        inserted + other.inserted,
        updated + other.updated,
        deleted + other.deleted,
        truncated + other.truncated);
  }

  /** Rows that were written or removed one by one. */
  public long rows() {
    return inserted + updated + deleted;
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    add(parts, inserted, "inserted");
    add(parts, updated, "updated");
    add(parts, deleted, "deleted");
    add(parts, truncated, "truncated");
    return parts.isEmpty() ? "nothing" : String.join(", ", parts);
  }

  private static void add(List<String> parts, long many, String what) {
    if (many != 0) {
      parts.add(many + " " + what);
    }
  }
}
