package io.cotidal.postgres.observe;

import io.cotidal.model.MemberId;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** Names of replication slots. */
public final class SlotNames {
  private static final Pattern PLAIN = Pattern.compile("[a-z0-9_]{1,63}");
  private static final int KEPT = 50;

  private SlotNames() {}

  /**
   * The slot of a member, the same on every upstream: the member's own name where the server's
   * grammar (a–z, 0–9, _) allows it, else that name with the other characters replaced and a
   * checksum behind.
   */
  public static String of(MemberId member) {
    String name = member.name();
    if (PLAIN.matcher(name).matches()) {
      return name;
    }
    CRC32 sum = new CRC32();
    sum.update(name.getBytes(StandardCharsets.UTF_8));
    String replaced = name.replaceAll("[^a-z0-9_]", "_");
    String kept = replaced.substring(0, Math.min(KEPT, replaced.length()));
    return kept + "_" + String.format(Locale.ROOT, "%08x", sum.getValue());
  }
}
