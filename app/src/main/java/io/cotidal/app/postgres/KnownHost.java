package io.cotidal.app.postgres;

import io.cotidal.remote.Durable;
import io.cotidal.remote.ssh.HostKeys;
import io.cotidal.remote.ssh.PinnedKeys;
import io.cotidal.remote.ssh.SshAccess;
import io.cotidal.remote.ssh.SshFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The lines by which Cotidal knows a member's machine. */
record KnownHost(SshAccess member) {
  private static final int STANDARD_PORT = 22;

  /**
   * Writes the keys down by which the login has just known the same machine, unless there are some.
   *
   * @param make whether it is done, or only said
   * @return what was done, or would be
   */
  String from(SshAccess login, boolean make) throws IOException {
    if (!(member.keys() instanceof PinnedKeys.InFile pinned)) {
      return "keep host keys";
    }
    Path file = pinned.file();
    try {
      HostKeys known = pinned.of(member.host(), member.port());
      return "keep line "
          + file
          + ": "
          + known.types().size()
          + " kinds of keys of "
          + member.host();
    } catch (SshFailure e) {
      if (!login.host().equals(member.host()) || login.port() != member.port()) {
        throw new IOException(
            "the login was at another address than the member's, "
                + member.host()
                + ":"
                + member.port()
                + ", so that its host key is not known here: write its line into "
                + file,
            e);
      }
    }
    HostKeys keys = login.keys().of(login.host(), login.port());
    StringBuilder text = new StringBuilder(present(file));
    if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
      text.append('\n');
    }
    for (String key : keys.keys()) {
      text.append(host()).append(' ').append(key).append('\n');
    }
    if (make) {
      Durable.write(file, text.toString(), null, "rw-r--r--");
    }
    return "make line " + file + ": the keys of " + host();
  }

  private String host() {
    return member.port() == STANDARD_PORT
        ? member.host()
        : "[" + member.host() + "]:" + member.port();
  }

  private static String present(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    }
  }
}
