package io.cotidal.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * Images made on this machine of the database servers that are installed on it, for no registry is
 * asked. They honour the environment of the usual images: for MariaDB {@code MYSQL_ROOT_PASSWORD},
 * {@code MYSQL_USER}, {@code MYSQL_PASSWORD}, {@code MYSQL_DATABASE}, for PostgreSQL {@code
 * POSTGRES_USER}, {@code POSTGRES_PASSWORD}, {@code POSTGRES_DB}, {@code PGDATA}.
 *
 * @param registry the lab in whose folders they are put together
 * @param daemon where they go
 */
public record DockerImages(ServerRegistry registry, DockerDaemon daemon) {
  private static final String ENTRYPOINT = "/entrypoint.sh";

  /** Why the images cannot be made here, with the remedy; empty if they can. */
  public static Optional<String> missing() throws IOException {
    Optional<String> docker = DockerDaemon.missing();
    if (docker.isPresent()) {
      return docker;
    }
    if (!Files.isExecutable(Path.of("/usr/sbin/mariadbd"))) {
      return Optional.of("MariaDB is not installed: apt-get install mariadb-server");
    }
    return PostgresBinaries.installed(15).isEmpty()
        ? Optional.of("PostgreSQL 15 is not installed: apt-get install postgresql-15")
        : Optional.empty();
  }

  /** Makes an image of the installed MariaDB and returns its name. */
  public String mariadb() throws IOException {
    Path root = base("image-mariadb");
    programs(root, List.of("/usr/sbin/mariadbd", "/usr/bin/cat"));
    Path share = Files.createDirectories(root.resolve("usr/share/mysql"));
    for (String part :
        List.of(
            "english",
            "charsets",
            "mysql_system_tables.sql",
            "mysql_system_tables_data.sql",
            "mysql_performance_tables.sql")) {
      tree(Path.of("/usr/share/mysql", part), share);
    }
    Files.createDirectories(root.resolve("usr/lib/mysql/plugin"));
    return finish(root, "mariadb-entrypoint.sh", "cotidal-lab/mariadb:installed");
  }

  /** Makes an image of the installed PostgreSQL 15 and returns its name. */
  public String postgres() throws IOException {
    Path root = base("image-postgres");
    Path bin = PostgresBinaries.installed(15).orElseThrow();
    List<String> names = List.of("postgres", "initdb");
    programs(root, names.stream().map(name -> bin.resolve(name).toString()).toList());
    for (String name : names) {
      Files.createSymbolicLink(root.resolve("usr/bin").resolve(name), bin.resolve(name));
    }
    Path lib = Files.createDirectories(root.resolve("usr/lib/postgresql/15/lib"));
    for (String part :
        List.of("plpgsql.so", "dict_snowball.so", "libpqwalreceiver.so", "pgcrypto.so")) {
      tree(bin.resolveSibling("lib").resolve(part), lib);
    }
    tree(
        Path.of("/usr/share/postgresql/15"),
        Files.createDirectories(root.resolve("usr/share/postgresql")));
    // What the host's initdb wrote into a data folder names this locale.
    Path locale = Path.of("/usr/lib/locale/C.utf8");
    if (Files.isDirectory(locale)) {
      tree(locale, Files.createDirectories(root.resolve("usr/lib/locale")));
    }
    Path zones = Files.createDirectories(root.resolve("usr/share/zoneinfo"));
    tree(Path.of("/usr/share/zoneinfo/Etc"), zones);
    tree(Path.of("/usr/share/zoneinfo/UTC"), zones);
    return finish(root, "postgres-entrypoint.sh", "cotidal-lab/postgres:15");
  }

  private Path base(String name) throws IOException {
    Path root = Files.createDirectory(registry.folder(name).resolve("root"));
    for (String folder :
        List.of(
            "usr/bin",
            "usr/sbin",
            "usr/lib",
            "usr/lib64",
            "etc",
            "tmp",
            "run",
            "proc",
            "sys",
            "dev")) {
      Files.createDirectories(root.resolve(folder));
    }
    // A container's server is not root, and finds there what it may write.
    for (String folder : List.of("tmp", "run")) {
      Files.setPosixFilePermissions(
          root.resolve(folder), PosixFilePermissions.fromString("rwxrwxrwx"));
    }
    for (String link : List.of("bin", "sbin", "lib", "lib64")) {
      Files.createSymbolicLink(root.resolve(link), Path.of("usr", link));
    }
    Files.writeString(root.resolve("etc/passwd"), "root:x:0:0::/:/bin/sh\n");
    Files.writeString(root.resolve("etc/group"), "root:x:0:\n");
    programs(root, List.of("/usr/bin/dash"));
    Files.createSymbolicLink(root.resolve("usr/bin/sh"), Path.of("dash"));
    return root;
  }

  private String finish(Path root, String entrypoint, String name) throws IOException {
    Path script = root.resolve(ENTRYPOINT.substring(1));
    try (InputStream text = DockerImages.class.getResourceAsStream(entrypoint)) {
      if (text == null) {
        throw new IOException("the jar of the lab has no " + entrypoint);
      }
      Files.copy(text, script);
    }
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    daemon.image(root, name, ENTRYPOINT);
    Folders.delete(root);
    return name;
  }

  /** Copies programs with every library that the loader needs for them. */
  private static void programs(Path root, List<String> programs) throws IOException {
    for (String program : programs) {
      file(root, Path.of(program));
      for (String line : Commands.run(List.of("ldd", program)).lines().toList()) {
        int path = line.indexOf('/');
        if (path >= 0) {
          file(root, Path.of(line.substring(path).replaceFirst(" \\(0x.*", "").strip()));
        }
      }
    }
  }

  private static void file(Path root, Path source) throws IOException {
    Path target = root.resolve(Path.of("/").relativize(source));
    if (Files.notExists(target)) {
      Files.createDirectories(target.resolve("..").normalize());
      Files.copy(source.toRealPath(), target);
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static void tree(Path source, Path into) throws IOException {
    Commands.run(List.of("cp", "-rL", "--", source.toString(), into.toString()));
  }
}
