package io.cotidal.postgres.reach;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The words with which rsync is run on this machine; {@code gate.sh} has the same ones. Both ends
 * must agree on the letters of the one that sends, so neither takes them from the other. Every file
 * is compared by its bytes, page by page: equal sizes and times do not make equal pages. What rsync
 * 3.1 knows is all that is used.
 */
final class Rsync {
  private static final String PROGRAM = "rsync";
  private static final List<String> SENT =
      List.of("--server", "--sender", "-prIe.Lsfx", "--timeout=300", "--inplace", ".");
  private static final List<String> TAKEN =
      List.of(
          "--recursive",
          "--perms",
          "--ignore-times",
          "--inplace",
          "--block-size=8192",
          "--timeout=300",
          "--blocking-io",
          "--no-protect-args");

  /** Folders of which the content is not copied, and files that are not. */
  private static final List<String> LEFT_OUT =
      List.of(
          "/pg_wal/*",
          "/pg_replslot/*",
          "/pg_dynshmem/*",
          "/pg_notify/*",
          "/pg_serial/*",
          "/pg_snapshots/*",
          "/pg_stat_tmp/*",
          "/pg_subtrans/*",
          "/postmaster.pid",
          "/postmaster.opts",
          "/backup_label",
          "/backup_label.old",
          "/tablespace_map",
          "/tablespace_map.old",
          "/backup_manifest",
          "/standby.signal",
          "/recovery.signal",
          "/promote",
          "/postgresql.auto.conf.tmp",
          "/current_logfiles",
          "/current_logfiles.tmp",
          "/cotidal.conf",
          "/global/pg_control",
          "pgsql_tmp*",
          "pg_internal.init*",
          "*.cotidal-new");

  private static final String READY = "ready";

  private Rsync() {}

  /** Asks whether there is an rsync at all. */
  static List<String> asked() {
    return List.of(PROGRAM, "--version");
  }

  /** The far end, which reads that portion of {@code data}. */
  static List<String> sends(Path data, Portion portion) throws IOException {
    List<String> line = new ArrayList<>(List.of(PROGRAM));
    line.addAll(SENT);
    switch (portion) {
      case Portion.Data _ -> line.add(data + "/");
      case Portion.Control _ -> line.add(data.resolve("global/pg_control").toString());
      case Portion.Log log -> segments(data, log).forEach(file -> line.add(file.toString()));
    }
    return line;
  }

  private static List<Path> segments(Path data, Portion.Log log) throws IOException {
    List<Path> found = new ArrayList<>();
    Path folder = data.resolve("pg_wal");
    for (String end : List.of(log.first(), log.last())) {
      if (!Files.exists(folder.resolve(end))) {
        throw new IOException(
            "the log from " + log.first() + " to " + log.last() + " is not there: " + folder);
      }
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        boolean segment =
            name.matches("[0-9A-F]{24}")
                && name.compareTo(log.first()) >= 0
                && name.compareTo(log.last()) <= 0;
        if (segment || name.matches("[0-9A-F]+\\.history")) {
          found.add(file);
        }
      }
    }
    return found;
  }

  /**
   * The one that fills {@code places}.
   *
   * @param shell the program that it runs in place of a remote shell, with its words
   */
  static List<String> takes(Places places, Portion portion, String shell) {
    List<String> line = new ArrayList<>(List.of(PROGRAM));
    line.addAll(TAKEN);
    if (portion instanceof Portion.Data) {
      // First of all what must not be mistaken for the copy's: an old log, an old control file.
      line.addAll(List.of("--delete-before", "--delete-excluded"));
      LEFT_OUT.forEach(each -> line.add("--exclude=" + each));
    }
    line.add("--rsh=" + shell);
    line.add("source:data/");
    line.add(places.data() + folder(portion));
    return line;
  }

  private static String folder(Portion portion) {
    return switch (portion) {
      case Portion.Data _ -> "/";
      case Portion.Control _ -> "/global/";
      case Portion.Log _ -> "/pg_wal/";
    };
  }

  /**
   * Takes what the far end said when it was asked whether it could send.
   *
   * @param complaint what it said on its error stream
   * @throws IOException if it could not, with its reason
   */
  static void requireReady(String said, String complaint, String who) throws IOException {
    if (!said.equals(READY)) {
      throw new IOException(
          who
              + ": rsync cannot send from there"
              + (complaint.isEmpty() ? "" : ": " + complaint)
              + (complaint.contains("rsync") ? "" : "; run cot member prepare again"));
    }
  }
}
