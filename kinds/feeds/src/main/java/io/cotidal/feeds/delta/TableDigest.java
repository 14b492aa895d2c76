package io.cotidal.feeds.delta;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a table holds, whatever the order of its rows: how many there are, and the sum of their
 * hashes modulo 2^64. A row's hash is made of the hashes that PostgreSQL itself gives the binary
 * forms of its values. It tells every accident; against an adversary the file's own digest stands.
 */
public record TableDigest(long rows, long sum) {
  /** Of an empty table. */
  public static final TableDigest EMPTY = new TableDigest(0, 0);

  private static final Pattern FORM = Pattern.compile("([0-9]{1,18}):([0-9a-f]{16})");

  /** Of {@code rows} rows whose hashes, read as signed numbers, have that sum. */
  static TableDigest of(long rows, String sum) {
    return new TableDigest(rows, new BigInteger(sum).longValue());
  }

  /** With those rows besides. */
  public TableDigest plus(TableDigest other) {
    return new TableDigest(rows + other.rows, sum + other.sum);
  }

  /** Reads {@link #toString}. */
  public static Optional<TableDigest> read(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new TableDigest(
                Long.parseLong(matcher.group(1)), HexFormat.fromHexDigitsToLong(matcher.group(2))))
        : Optional.empty();
  }

  /** Rows, a colon, sixteen hexadecimal digits. */
  @Override
  public String toString() {
    return rows + ":" + HexFormat.of().toHexDigits(sum);
  }
}
