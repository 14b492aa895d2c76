package io.cotidal.app.postgres;

import io.cotidal.postgres.compat.Adopted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the passwords of an adopted cluster go: files beside the configuration, or nowhere. */
final class Passwords {
  private static final List<String> ACCOUNTS = List.of("superuser", "replication");

  private final Adopted adopted;
  private final @Nullable Path output;

  /**
   * The passwords of a cluster.
   *
   * @param output the file of the configuration; null if it goes to the standard output
   */
  Passwords(Adopted adopted, @Nullable Path output) {
    this.adopted = adopted;
    this.output = output;
  }

  /** What the configuration writes in the place of an account's password. */
  String reference(String account) {
    return output == null
        ? "env:" + AdoptCommand.variable(adopted.name(), account)
        : "file:" + file(account);
  }

  private String file(String account) {
    return adopted.name() + "." + account + ".password";
  }

  /** What people must do about them. */
  List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    for (String account : ACCOUNTS) {
      if (output == null) {
        remarks.add(
            "Set "
                + AdoptCommand.variable(adopted.name(), account)
                + " to the password of "
                + account
                + (adopted.password(account).isPresent() ? " that the file holds." : "."));
      } else if (adopted.password(account).isEmpty()) {
        remarks.add(
            "Write the password of " + account + " into " + file(account) + ", with mode 600.");
      }
    }
    return remarks;
  }

  /**
   * Writes configuration and passwords, each into a file that is new.
   *
   * @throws IOException if one of them cannot be; none of them is there then
   */
  void write(Path target, String yaml) throws IOException {
    List<Path> made = new ArrayList<>();
    boolean done = false;
    try {
      Path folder = target.toAbsolutePath().getParent();
      for (String account : ACCOUNTS) {
        var password = adopted.password(account);
        if (password.isPresent() && folder != null) {
          Path file = folder.resolve(file(account));
          create(file, "rw-------", password.get().reveal() + "\n", made);
        }
      }
      create(target, "rw-r--r--", yaml, made);
      done = true;
    } catch (FileAlreadyExistsException e) {
      throw new IOException(e.getFile() + " exists already", e);
    } finally {
      if (!done) {
        for (Path file : made) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static void create(Path file, String mode, String text, List<Path> made)
      throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
    made.add(file);
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
