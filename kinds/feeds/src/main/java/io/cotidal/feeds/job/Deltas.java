package io.cotidal.feeds.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads which deltas a job offers beside its dump. One that is written as it should be and leads
 * nowhere does no harm: who finds no way by them loads the dump.
 */
final class Deltas {
  private static final int MOST = 64;

  private Deltas() {}

  /**
   * Those of {@code data}. Each leads from one dump's content to another's, and names both by the
   * dumps' checksums; without an end it leads to the job's own dump.
   */
  static List<Body.Delta> read(
      Subject subject, Optional<Fields> data, Body.Schemas schemas, Optional<Blob> dump)
      throws BadJob {
    List<Body.Delta> deltas = new ArrayList<>();
    if (data.isEmpty()) {
      return deltas;
    }
    List<Fields> given = data.get().objects("deltas");
    if (given.size() > MOST) {
      throw data.get().bad("deltas", "holds more than " + MOST + "; name the newest alone");
    }
    for (Fields each : given) {
      Optional<Blob> file = Addresses.blob(each, "file", "md5");
      if (file.isEmpty()) {
        throw each.bad("file", "is missing; write user@host:/path");
      }
      String from = Addresses.checksum(each, "from");
      if (from.isEmpty() || !file.get().pinned()) {
        String lacks = from.isEmpty() ? "from" : "md5";
        throw each.bad(lacks, "is missing; write 32 hexadecimal digits of an MD5");
      }
      String said = Addresses.checksum(each, "to");
      String to = said.isEmpty() ? dump.map(Blob::md5).orElse("") : said;
      // A dump without a checksum is known by its batch: nothing can be said to lead to it.
      if (!to.isEmpty()) {
        deltas.add(
            new Body.Delta(
                file.get(),
                Digests.table(subject, schemas, from),
                Digests.table(subject, schemas, to)));
      }
    }
    return deltas;
  }
}
