package io.cotidal.lab.rivals;

import io.cotidal.lab.Commands;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.ServerUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * As whom the programs of a rival run, and where: an account without rights, whose home is a folder
 * of the lab, and which knows the programs of one PostgreSQL.
 *
 * @param user empty for this process's own
 * @param home belongs to it
 * @param bin the programs of PostgreSQL
 */
record Account(String user, Path home, Path bin) {
  /** One with a new home. */
  static Account in(ServerRegistry registry, String name, Path bin) throws IOException {
    String user = ServerUser.choose();
    Path outer = registry.folder(name);
    Account account = new Account(user, outer.resolve("home"), bin);
    account.folder("");
    return account;
  }

  /** A folder in its home. */
  Path folder(String name) throws IOException {
    Path folder = Files.createDirectories(name.isEmpty() ? home : home.resolve(name));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    own(folder);
    return folder;
  }

  /** A file in its home that nobody else reads. */
  Path file(String name, String text) throws IOException {
    Path file = home.resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    own(file);
    return file;
  }

  private void own(Path path) throws IOException {
    if (!user.isEmpty()) {
      Commands.run(List.of("chown", user, path.toString()));
    }
  }

  /** {@code program} as the account, in an environment that has nothing of ours. */
  List<String> line(List<String> program) {
    List<String> line = new ArrayList<>();
    if (!user.isEmpty()) {
      String group = user.equals("nobody") ? "nogroup" : user;
      line.addAll(
          List.of("setpriv", "--reuid=" + user, "--regid=" + group, "--clear-groups", "--"));
    }
    line.addAll(
        List.of(
            "env",
            "-i",
            "-C",
            home.toString(),
            "PATH=" + bin + ":/usr/bin:/bin:/usr/sbin",
            "HOME=" + home,
            "XDG_CONFIG_HOME=" + home.resolve("config"),
            "XDG_DATA_HOME=" + home.resolve("share"),
            "XDG_RUNTIME_DIR=" + home.resolve("run"),
            "PGPASSFILE=" + home.resolve("pgpass"),
            "LC_ALL=C.UTF-8",
            "PYTHONDONTWRITEBYTECODE=1"));
    line.addAll(program);
    return line;
  }

  /** Runs a command to its end and gives back what it printed. */
  String run(List<String> program) throws IOException {
    return Commands.run(line(program));
  }
}
