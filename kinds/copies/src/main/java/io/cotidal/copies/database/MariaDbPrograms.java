package io.cotidal.copies.database;

import io.cotidal.remote.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The command lines of MariaDB's programs. */
final class MariaDbPrograms {
  /** An empty folder in each data folder: the only place where a server may touch files. */
  static final String FILES = "cotidal-files";

  /** Megabytes: as much as an import takes beside what its copies will. */
  private static final int LOADING = 256;

  private MariaDbPrograms() {}

  /** Which server program an installation has. */
  static Path daemon(Installation installation) throws EngineException {
    return Located.program(List.of(installation.server()), "mariadbd", "mysqld")
        .orElseThrow(() -> new EngineException("no mariadbd in " + installation.server()));
  }

  /** A client for SQL, with that account, at the socket of the place. */
  static Program client(Installation installation, Place place, String user, List<String> more)
      throws EngineException {
    Path client =
        Located.program(installation.client().map(List::of).orElse(List.of()), "mariadb", "mysql")
            .orElseThrow(() -> new EngineException("no client mariadb: install mariadb-client"));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                client.toString(),
                "--no-defaults",
                // Without this one, \e in a dump runs $EDITOR, whatever --sandbox says.
                "--binary-mode",
                "--sandbox",
                "--local-infile=0",
                "--batch",
                "--skip-column-names",
                "--max-allowed-packet=1G",
                "--protocol=socket",
                "--socket=" + socket(place),
                "--user=" + user));
    arguments.addAll(more);
    return new Program(arguments, new TreeMap<>(), null, place.run(), Leftovers.user(place));
  }

  static Path socket(Place place) {
    return place.run().resolve("socket");
  }

  /**
   * A server that starts deletes every file in this folder whose name begins with {@code #sql}: two
   * of one account that share it take each other's temporary tables away.
   */
  static String temporary(Place place) {
    return "--tmpdir=" + place.run();
  }

  /** A server that clones of the folder are used through: TLS with its own certificate, always. */
  static List<String> serving(Path daemon, Place place) {
    List<String> line = base(daemon, place);
    line.addAll(
        List.of(
            "--bind-address=" + place.host(),
            "--port=" + place.port(),
            "--ssl-cert=" + place.certificate(),
            "--ssl-key=" + place.key(),
            "--require-secure-transport=ON"));
    return line;
  }

  /** A server without network. */
  static List<String> isolated(Path daemon, Place place) {
    List<String> line = base(daemon, place);
    line.addAll(List.of("--skip-networking", "--skip-ssl", "--event-scheduler=OFF"));
    return line;
  }

  /**
   * What makes a load fast: room for a burst of changes, so that pages are written once. A later
   * start with less shrinks the log again.
   */
  static List<String> loading(Place place) {
    return List.of(
        "--innodb-buffer-pool-size=" + Math.max(LOADING, place.memoryMegabytes()) + "M",
        "--innodb-log-file-size=" + 2 * LOADING + "M",
        "--innodb-flush-log-at-trx-commit=0");
  }

  private static List<String> base(Path daemon, Place place) {
    return new ArrayList<>(
        List.of(
            daemon.toString(),
            "--no-defaults",
            "--basedir=" + prefix(daemon),
            "--datadir=" + place.data(),
            "--socket=" + socket(place),
            temporary(place),
            "--pid-file=" + place.run().resolve("server.pid"),
            "--secure-file-priv=" + place.data().resolve(FILES),
            "--ignore-db-dirs=" + FILES,
            "--local-infile=0",
            "--skip-name-resolve",
            "--skip-log-bin",
            "--skip-symbolic-links",
            "--character-set-server=utf8mb4",
            "--performance-schema=OFF",
            "--innodb-buffer-pool-size=" + Math.max(16, place.memoryMegabytes()) + "M",
            "--innodb-buffer-pool-load-at-startup=OFF",
            "--innodb-buffer-pool-dump-at-shutdown=OFF",
            "--innodb-log-file-size=16M",
            // A copy is made anew from its template if the machine goes down, so it need not
            // survive that; a template is synced as a whole when it is frozen. It must survive the
            // end of its process: 2 hands each commit to the kernel.
            "--innodb-doublewrite=0",
            "--innodb-flush-log-at-trx-commit=2",
            "--innodb-flush-method=nosync",
            "--key-buffer-size=1M",
            "--aria-pagecache-buffer-size=1M",
            "--max-connections=50",
            "--max-allowed-packet=1G",
            "--table-open-cache=400"));
  }

  /** The folder above {@code bin} or {@code sbin}. */
  static Path prefix(Path daemon) {
    Path folder = daemon.toAbsolutePath().getParent();
    Path parent = folder == null ? null : folder.getParent();
    return parent == null ? Path.of("/") : parent;
  }
}
