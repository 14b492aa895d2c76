package io.cotidal.copies.database;

import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;

/** What PostgreSQL calls the charsets of clients. */
final class PostgresCharsets {
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("utf-8", "UTF8"),
          Map.entry("us-ascii", "UTF8"),
          Map.entry("iso-8859-1", "LATIN1"),
          Map.entry("iso-8859-2", "LATIN2"),
          Map.entry("iso-8859-3", "LATIN3"),
          Map.entry("iso-8859-4", "LATIN4"),
          Map.entry("iso-8859-5", "ISO_8859_5"),
          Map.entry("iso-8859-6", "ISO_8859_6"),
          Map.entry("iso-8859-7", "ISO_8859_7"),
          Map.entry("iso-8859-8", "ISO_8859_8"),
          Map.entry("iso-8859-9", "LATIN5"),
          Map.entry("iso-8859-15", "LATIN9"),
          Map.entry("windows-1250", "WIN1250"),
          Map.entry("windows-1251", "WIN1251"),
          Map.entry("windows-1252", "WIN1252"),
          Map.entry("koi8-r", "KOI8R"),
          Map.entry("koi8-u", "KOI8U"),
          Map.entry("euc-jp", "EUC_JP"),
          Map.entry("euc-kr", "EUC_KR"),
          Map.entry("gbk", "GBK"),
          Map.entry("big5", "BIG5"),
          Map.entry("shift_jis", "SJIS"));

  private PostgresCharsets() {}

  static String of(Charset charset) throws EngineException {
    String name = NAMES.get(charset.name().toLowerCase(Locale.ROOT));
    if (name == null) {
      throw new EngineException(
          "PostgreSQL has no charset for " + charset.name() + "; convert it to UTF-8");
    }
    return name;
  }
}
