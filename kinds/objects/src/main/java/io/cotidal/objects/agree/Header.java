package io.cotidal.objects.agree;

import io.cotidal.objects.compare.SiteSet;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a file is about.
 *
 * @param generation of the agreed listing; the log belongs to the same one
 * @param container whose it is
 * @param sites by name, in the order of the sets of sites in the file
 * @param joined sites that have been through a whole pass
 */
record Header(long generation, String container, List<String> sites, SiteSet joined) {
  private static final String FORM = "cotidal agreed 1";

  Header {
    sites = List.copyOf(sites);
  }

  void write(BlockWriter to) throws IOException {
    to.entry(Kind.HEADER);
    Packed block = to.block();
    block.text(FORM);
    block.number(generation);
    block.text(container);
    block.number(sites.size());
    sites.forEach(block::text);
    block.number(joined.bits());
    to.flush();
  }

  static Header read(BlockReader from) throws IOException {
    int kind = from.kind();
    if (kind < 0) {
      throw new EOFException("it is empty");
    }
    if (kind != Kind.HEADER) {
      throw new IOException("there is no header");
    }
    Unpacked block = from.block();
    String form = block.text();
    if (!form.equals(FORM)) {
      throw new IOException("it is of the form '" + form + "', and we know '" + FORM + "'");
    }
    long generation = block.number();
    String container = block.text();
    int count = block.count();
    List<String> sites = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      sites.add(block.text());
    }
    return new Header(generation, container, sites, new SiteSet(block.number()));
  }

  /** The place of each of these sites in {@code now}; -1 where it is none of them. */
  int[] places(List<String> now) {
    return sites.stream().mapToInt(now::indexOf).toArray();
  }

  /** The same sites by their places in {@code now}. */
  SiteSet moved(SiteSet set, List<String> now) {
    int[] places = places(now);
    SiteSet moved = SiteSet.NONE;
    for (int i = 0; i < places.length; i++) {
      moved = set.has(i) && places[i] >= 0 ? moved.with(places[i]) : moved;
    }
    return moved;
  }
}
