package io.cotidal.postgres.steps;

import io.cotidal.remote.TreeCopy;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which files of a data directory belong in a copy: the list is PostgreSQL's own, from its chapter
 * on base backups.
 */
final class BackupFiles {
  /** Folders that a copy has, and of which it has no content. */
  static final Set<String> EMPTIED =
      Set.of(
          "pg_wal",
          "pg_replslot",
          "pg_dynshmem",
          "pg_notify",
          "pg_serial",
          "pg_snapshots",
          "pg_stat_tmp",
          "pg_subtrans");

  /** Files that a copy does not have. */
  static final Set<String> LEFT_OUT =
      Set.of(
          "postmaster.pid",
          "postmaster.opts",
          "backup_label",
          "backup_label.old",
          "tablespace_map",
          "tablespace_map.old",
          "backup_manifest",
          "standby.signal",
          "recovery.signal",
          "promote",
          "postgresql.auto.conf.tmp",
          "current_logfiles",
          "current_logfiles.tmp",
          "cotidal.conf");

  private BackupFiles() {}

  /** Whether a file or a directory, relative to the data, is not copied in the first place. */
  static boolean leftOut(Path relative) {
    String name = relative.getFileName().toString();
    if (relative.getNameCount() == 1 && (EMPTIED.contains(name) || LEFT_OUT.contains(name))) {
      return true;
    }
    return name.startsWith("pgsql_tmp")
        || name.startsWith("pg_internal.init")
        || name.endsWith(".cotidal-new")
        || relative.equals(Path.of("global/pg_control"));
  }

  /** Whether the data directory of this machine leads to tablespaces outside it. */
  static boolean hasTablespaces(Path data) throws IOException {
    Path folder = data.resolve("pg_tblspc");
    if (!Files.exists(folder)) {
      return false;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      return entries.iterator().hasNext();
    }
  }

  /** Makes the directories whose content is not copied. */
  static void emptyDirectories(TreeCopy tree) throws IOException {
    for (String name : EMPTIED) {
      tree.directory(Path.of(name));
    }
    tree.directory(Path.of("pg_wal/archive_status"));
  }

  /** The segments that a backup needs, and the histories of timelines; relative to the data. */
  static List<Path> log(Path data, Backup.End end) throws IOException {
    List<Path> needed = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(data.resolve("pg_wal"))) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        boolean segment =
            name.length() == end.firstSegment().length()
                && name.compareTo(end.firstSegment()) >= 0
                && name.compareTo(end.lastSegment()) <= 0;
        if (segment || name.endsWith(".history")) {
          needed.add(data.relativize(file));
        }
      }
    }
    return needed;
  }
}
