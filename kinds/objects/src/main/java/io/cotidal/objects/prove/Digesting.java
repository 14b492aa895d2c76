package io.cotidal.objects.prove;

import io.cotidal.objects.names.Encoded;
import io.cotidal.objects.names.ObjectRow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Makes the digest of a listing, row by row: of what is the same at every site that holds the same,
 * as {@link ObjectRow#anywhere} shows it. Lengths are counted, and are not in it: of a large object
 * each site lists its own idea, the one that of the whole, the other that of the manifest. The hash
 * is over the contents anyway. The order of a name's versions does not count.
 *
 * <p>Where a range ends depends on the names alone: a name whose hash begins with eight zero bits
 * ends a range of rows, and each further four zero bits end a range of ranges. So two sides that
 * have read their listings apart cut them alike, but where names themselves are missing, and an
 * object more or less changes one range on each level. Heap: a few hundred bytes for 256 rows, and
 * 32 for each version of the name that is read.
 */
public final class Digesting {
  private static final int ROW_BITS = 8;
  private static final int LEVEL_BITS = 4;
  private static final int HIGHEST = 12;
  private static final int WORDS = 8;

  private final MessageDigest rowHash = sha256();
  private final MessageDigest nameHash = sha256();
  private final MessageDigest rangeHash = sha256();
  private final List<List<Node>> levels = new ArrayList<>();
  private final List<byte[]> versions = new ArrayList<>();
  private final long[] sum = new long[WORDS];
  private String last = "";
  private byte[] lastCut = {};
  private long rows;
  private long bytes;
  private long rangeRows;
  private long rangeBytes;

  /** Begins with nothing. */
  public Digesting() {
    levels.add(new ArrayList<>());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * The next row.
   *
   * @throws IllegalArgumentException if its name comes before the last one, or it cannot be shown
   *     as every site would
   */
  public void add(ObjectRow listed) {
    ObjectRow row = listed.anywhere();
    byte[] name = row.name().getBytes(StandardCharsets.UTF_8);
    if (!row.name().equals(last) || rows == 0) {
      if (rows > 0) {
        if (Encoded.compare(row.name(), last) < 0) {
          throw new IllegalArgumentException("'" + row.name() + "' comes after '" + last + "'");
        }
        named();
        cut();
      }
      last = row.name();
      lastCut = nameHash.digest(name);
    }
    byte[] hash = hash(row, name);
    add(hash);
    versions.add(hash);
    rows++;
    bytes += row.bytes();
    rangeRows++;
    rangeBytes += row.bytes();
  }

  /** All versions of the last name are known. */
  private void named() {
    versions.sort(Arrays::compareUnsigned);
    versions.forEach(rangeHash::update);
    versions.clear();
  }

  private byte[] hash(ObjectRow row, byte[] name) {
    byte[] version = row.version().getBytes(StandardCharsets.UTF_8);
    byte[] content = row.hash().getBytes(StandardCharsets.UTF_8);
    ByteBuffer all = ByteBuffer.allocate(21 + name.length + version.length + content.length);
    all.putInt(name.length).put(name).putInt(version.length).put(version);
    all.putLong(row.written().steps()).putInt(content.length).put(content);
    all.put((byte) (row.marker() ? 1 : 0));
    return rowHash.digest(all.array());
  }

  /** Adds modulo 2^256, the most significant word first. */
  private void add(byte[] hash) {
    ByteBuffer words = ByteBuffer.wrap(hash);
    long carry = 0;
    for (int i = WORDS - 1; i >= 0; i--) {
      long word = sum[i] + (words.getInt(i * 4) & 0xffffffffL) + carry;
      sum[i] = word & 0xffffffffL;
      carry = word >>> 32;
    }
  }

  /** Ends what the last name ends. */
  private void cut() {
    int zeros = zeros(lastCut);
    if (zeros < ROW_BITS) {
      return;
    }
    leaf(last);
    int highest = Math.min((zeros - ROW_BITS) / LEVEL_BITS, HIGHEST);
    for (int level = 1; level <= highest; level++) {
      fold(level, last);
    }
  }

  private static int zeros(byte[] hash) {
    int zeros = 0;
    for (byte one : hash) {
      zeros += Integer.numberOfLeadingZeros(one & 0xff) - 24;
      if (one != 0) {
        break;
      }
    }
    return zeros;
  }

  private void leaf(String end) {
    String hash = HexFormat.of().formatHex(rangeHash.digest());
    levels.get(0).add(new Node(end, rangeRows, rangeBytes, hash, 0, List.of()));
    rangeRows = 0;
    rangeBytes = 0;
  }

  /** Makes one range of all that wait on the level below. */
  private void fold(int level, String end) {
    if (levels.size() <= level) {
      levels.add(new ArrayList<>());
    }
    List<Node> parts = levels.get(level - 1);
    levels.get(level).add(node(level, end, parts));
    parts.clear();
  }

  private Node node(int level, String end, List<Node> parts) {
    long count = 0;
    long size = 0;
    MessageDigest all = sha256();
    for (Node part : parts) {
      count += part.rows();
      size += part.bytes();
      byte[] name = part.last().getBytes(StandardCharsets.UTF_8);
      all.update(ByteBuffer.allocate(4).putInt(name.length).array());
      all.update(name);
      all.update(part.raw());
    }
    return new Node(end, count, size, HexFormat.of().formatHex(all.digest()), level, parts);
  }

  /** The digest of all rows. To be asked for once, at the end. */
  public Digest digest() {
    named();
    leaf("");
    int level = 1;
    while (level < levels.size() || levels.get(level - 1).size() > 1) {
      fold(level++, "");
    }
    ByteBuffer words = ByteBuffer.allocate(WORDS * 4);
    for (long word : sum) {
      words.putInt((int) word);
    }
    Node root = levels.get(levels.size() - 1).get(0);
    return new Digest(rows, bytes, HexFormat.of().formatHex(words.array()), root);
  }
}
