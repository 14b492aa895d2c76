package io.cotidal.app.postgres;

import io.cotidal.app.adopt.NewFile;
import io.cotidal.postgres.compat.Adopted;
import java.io.IOException;
import java.nio.file.Path;
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
        ? "env:" + HandyrepOriginal.variable(adopted.name(), account)
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
                + HandyrepOriginal.variable(adopted.name(), account)
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
    List<NewFile> files = new ArrayList<>();
    Path folder = target.toAbsolutePath().getParent();
    for (String account : ACCOUNTS) {
      var password = adopted.password(account);
      if (password.isPresent() && folder != null) {
        Path file = folder.resolve(file(account));
        files.add(new NewFile(file, "rw-------", password.get().reveal() + "\n"));
      }
    }
    files.add(new NewFile(target, "rw-r--r--", yaml));
    NewFile.make(files);
  }
}
