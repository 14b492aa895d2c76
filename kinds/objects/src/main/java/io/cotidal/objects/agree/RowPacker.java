package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Verdict;
import io.cotidal.objects.compare.Verdict.Loser;
import io.cotidal.objects.names.ObjectRow;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Writes rows into a block. A name only has what differs from the one before it in its block. */
final class RowPacker {
  static final int MARKER = 1;
  static final int GONE = 2;
  static final int VERSION = 4;
  static final int EARLIER = 8;
  static final int MD5 = 16;
  static final int HASH_BYTES = 16;

  private final Packed to;
  private byte[] last = {};

  RowPacker(Packed to) {
    this.to = to;
  }

  /** A new block begins. */
  void begin() {
    last = new byte[0];
  }

  void name(String name) {
    byte[] utf = name.getBytes(StandardCharsets.UTF_8);
    int mismatch = Arrays.mismatch(last, utf);
    int shared = mismatch < 0 ? utf.length : mismatch;
    to.number(shared);
    to.number(utf.length - shared);
    to.raw(utf, shared, utf.length - shared);
    last = utf;
  }

  void row(Agreed row) {
    boolean md5 = md5(row.hash());
    boolean version = !row.key().version().isEmpty();
    boolean earlier = !row.earlier().isEmpty();
    to.one(
        (row.marker() ? MARKER : 0)
            | (row.gone() ? GONE : 0)
            | (version ? VERSION : 0)
            | (earlier ? EARLIER : 0)
            | (md5 ? MD5 : 0));
    name(row.key().name());
    if (version) {
      to.text(row.key().version());
    }
    to.number(row.written().steps());
    hash(row.hash(), md5);
    to.number(row.bytes());
    if (row.gone()) {
      to.number(row.since().steps());
    }
    to.number(row.held().bits());
    if (earlier) {
      to.number(row.earlier().size());
      for (Agreed.Earlier one : row.earlier()) {
        to.number(((long) one.site() << 1) | (one.present() ? 1 : 0));
        to.number(one.written().steps());
      }
    }
  }

  private static boolean md5(String hash) {
    if (hash.length() != 2 * HASH_BYTES) {
      return false;
    }
    for (int i = 0; i < hash.length(); i++) {
      char c = hash.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private void hash(String hash, boolean md5) {
    if (md5) {
      to.raw(HexFormat.of().parseHex(hash), 0, HASH_BYTES);
    } else {
      to.text(hash);
    }
  }

  void deletion(Deferred deferred) {
    row(deferred.before());
    Verdict.Delete delete = deferred.delete();
    to.number(delete.at().bits());
    to.number(delete.stamp().steps());
    to.number(delete.verify().bits());
    to.number(delete.losers().size());
    for (Loser loser : delete.losers()) {
      to.number(((long) loser.site() << 1) | (loser.write().isPresent() ? 1 : 0));
      loser.write().ifPresent(this::lost);
    }
    to.number(delete.over().size());
    for (Verdict.Over over : delete.over()) {
      to.number(over.site());
      to.number(over.written().steps());
    }
  }

  private void lost(ObjectRow row) {
    to.number(row.written().steps());
    to.text(row.hash());
    to.number(row.bytes());
    to.one((row.latest() ? 2 : 0) | (row.marker() ? 1 : 0));
  }

  void cursor(Cursor cursor) {
    to.text(cursor.after());
    to.number(cursor.objects());
    to.number(cursor.deferred());
    to.number(cursor.deferredBytes());
    sites(cursor.whole());
  }

  void sites(SiteSet sites) {
    to.number(sites.bits());
  }
}
