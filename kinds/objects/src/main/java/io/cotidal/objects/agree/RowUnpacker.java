package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.Agreed.Earlier;
import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Verdict;
import io.cotidal.objects.compare.Verdict.Loser;
import io.cotidal.objects.compare.Verdict.Over;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Reads the rows of one block: the other side of {@link RowPacker}. */
final class RowUnpacker {
  private final Unpacked from;
  private final byte[] hash = new byte[RowPacker.HASH_BYTES];
  private byte[] last = {};

  RowUnpacker(Unpacked from) {
    this.from = from;
  }

  String name() throws IOException {
    int shared = from.count();
    int more = from.count();
    if (shared > last.length) {
      throw new IOException("a name begins like one that is shorter");
    }
    byte[] utf = new byte[shared + more];
    System.arraycopy(last, 0, utf, 0, shared);
    from.raw(utf, shared, more);
    last = utf;
    return new String(utf, StandardCharsets.UTF_8);
  }

  Agreed row() throws IOException {
    int flags = from.one();
    String name = name();
    String version = has(flags, RowPacker.VERSION) ? from.text() : "";
    Timestamp written = time();
    String content = hash(has(flags, RowPacker.MD5));
    long bytes = from.number();
    Timestamp since = has(flags, RowPacker.GONE) ? time() : Timestamp.NEVER;
    SiteSet held = sites();
    List<Earlier> earlier = has(flags, RowPacker.EARLIER) ? earlier() : List.of();
    return new Agreed(
        new Key(name, version),
        written,
        content,
        bytes,
        has(flags, RowPacker.MARKER),
        since,
        held,
        earlier);
  }

  private static boolean has(int flags, int flag) {
    return (flags & flag) != 0;
  }

  private List<Earlier> earlier() throws IOException {
    int count = from.count();
    List<Earlier> all = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long site = from.number();
      all.add(new Earlier(site(site), time(), (site & 1) != 0));
    }
    return all;
  }

  private static int site(long packed) throws IOException {
    if (packed < 0 || packed >>> 1 >= SiteSet.MOST) {
      throw new IOException("a site with the number " + (packed >>> 1));
    }
    return (int) (packed >>> 1);
  }

  private Timestamp time() throws IOException {
    long steps = from.number();
    if (steps < 0) {
      throw new IOException("a time before 1970");
    }
    return new Timestamp(steps);
  }

  private String hash(boolean md5) throws IOException {
    if (!md5) {
      return from.text();
    }
    from.raw(hash, 0, hash.length);
    return HexFormat.of().formatHex(hash);
  }

  Deferred deletion() throws IOException {
    Agreed before = row();
    SiteSet at = sites();
    Timestamp stamp = time();
    SiteSet verify = sites();
    int count = from.count();
    List<Loser> losers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long site = from.number();
      boolean write = (site & 1) != 0;
      losers.add(new Loser(site(site), write ? Optional.of(lost(before.key())) : Optional.empty()));
    }
    List<Over> over = over();
    return new Deferred(before, new Verdict.Delete(at, stamp, verify, losers, over, true));
  }

  private List<Over> over() throws IOException {
    int count = from.count();
    List<Over> all = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      all.add(new Over(site(from.number() << 1), time()));
    }
    return all;
  }

  private ObjectRow lost(Key key) throws IOException {
    Timestamp written = time();
    String content = from.text();
    long bytes = from.number();
    int flags = from.one();
    return new ObjectRow(
        key.name(), written, content, bytes, key.version(), has(flags, 2), has(flags, 1));
  }

  Cursor cursor() throws IOException {
    return new Cursor(from.text(), from.number(), from.number(), from.number(), sites());
  }

  SiteSet sites() throws IOException {
    return new SiteSet(from.number());
  }
}
