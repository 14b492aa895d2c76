package io.cotidal.feeds.repository;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code hg manifest --debug} prints. Pure. */
final class HgManifest {
  private static final int HEAD = 47;
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{40}) [0-7]{3} ([ *@td]) ");

  private HgManifest() {}

  /** Reads lines of {@code id mode type path}; Mercurial has no names with line breaks. */
  static Listing read(byte[] bytes) throws IOException {
    List<Entry> entries = new ArrayList<>();
    SortedMap<String, String> refused = new TreeMap<>();
    int start = 0;
    while (start < bytes.length) {
      int end = start;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      if (end - start <= HEAD) {
        throw unreadable();
      }
      String head = new String(bytes, start, HEAD, StandardCharsets.ISO_8859_1);
      Matcher matcher = LINE.matcher(head);
      if (!matcher.matches()) {
        throw unreadable();
      }
      byte[] path = new byte[end - start - HEAD];
      System.arraycopy(bytes, start + HEAD, path, 0, path.length);
      Names.Read name = Names.of(path);
      if (name.refusal().isPresent()) {
        refused.put(name.shown(), name.refusal().get());
      } else if (matcher.group(2).equals("@")) {
        refused.put(name.shown(), "it is a link, and links are not followed");
      } else {
        entries.add(new Entry(name.shown(), matcher.group(1), OptionalLong.empty()));
      }
      start = end + 1;
    }
    return new Listing(entries, refused);
  }

  private static IOException unreadable() {
    return new IOException("hg manifest printed what cannot be read");
  }
}
