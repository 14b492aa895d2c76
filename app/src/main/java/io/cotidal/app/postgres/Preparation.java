package io.cotidal.app.postgres;

import io.cotidal.postgres.reach.GateProgram;
import io.cotidal.postgres.reach.Places;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.ssh.SshChannel;
import io.cotidal.remote.ssh.SshFailure;
import io.cotidal.remote.ssh.SshLink;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is done on a member's machine before Cotidal can reach it: by a script of the shell, sent to
 * an ordinary login. Values stand in it between quotes, and none holds a character that could end
 * them.
 *
 * @param account the operating-system account that runs the server
 * @param name under which the member is known to the gate
 * @param places where its files lie
 * @param key the public key that is let in, {@code type base64}
 * @param where the gate is to be, and its key's line
 */
record Preparation(String account, String name, Places places, String key, Where where) {
  private static final Pattern ACCOUNT = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,129}");
  private static final Pattern KEY = Pattern.compile("[a-z0-9@.-]{1,60} [A-Za-z0-9+/=]{20,2000}");
  private static final String HERE = "COTIDAL_GATE_ENDS_HERE";

  /**
   * Where things are put.
   *
   * @param folder of the gate; empty for {@code .cotidal-gate} in the account's home
   * @param keys the list of the keys that sshd lets in; empty for the account's own
   */
  record Where(Optional<Path> folder, Optional<Path> keys) {
    /** Refuses what must not stand in a script. */
    Where {
      if (!folder.map(GateProgram::takes).orElse(true)
          || !keys.map(GateProgram::takes).orElse(true)) {
        throw new IllegalArgumentException(
            "a path on the member holds letters, digits, . _ + - and no blank");
      }
    }
  }

  /** Refuses what must not stand in a script. */
  Preparation {
    if (!ACCOUNT.matcher(account).matches()
        || !NAME.matcher(name).matches()
        || !KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("the account, the name or the key has another form");
    }
    String _ = GateProgram.member(places);
  }

  /** What was found, or done: one line each. */
  record Answer(List<String> lines, Optional<String> failure) {}

  /**
   * Looks, or does it.
   *
   * @throws SshFailure if the login does not answer
   */
  Answer run(SshLink login, boolean make, Deadline deadline)
      throws SshFailure, InterruptedException {
    try (SshChannel channel = login.open("sh -s", deadline)) {
      script(make).lines().forEach(line -> say(channel, line));
      channel.sayNoMore();
      List<String> lines = new ArrayList<>();
      Optional<String> line = channel.hearOrEnd(deadline);
      while (line.isPresent() && !line.get().equals("end")) {
        String text = line.get();
        if (text.startsWith("fail ")) {
          return new Answer(lines, Optional.of(text.substring("fail ".length())));
        }
        lines.add(text);
        line = channel.hearOrEnd(deadline);
      }
      return line.isPresent()
          ? new Answer(lines, Optional.empty())
          : new Answer(lines, Optional.of("the login ended early: " + channel.complaint()));
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof SshFailure failure) {
        throw failure;
      }
      throw e;
    }
  }

  private static void say(SshChannel channel, String line) {
    try {
      channel.say(line);
    } catch (SshFailure e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The script. */
  String script(boolean make) {
    return value("mode", make ? "make" : "look")
        + value("account", account)
        + value("name", name)
        + value("data", places.data().toString())
        + value("bin", places.bin().toString())
        + value("key", key)
        + value("directory", where.folder().map(Path::toString).orElse(""))
        + value("list", where.keys().map(Path::toString).orElse(""))
        + "gate() {\n  cat <<'"
        + HERE
        + "'\n"
        + GateProgram.text()
        + HERE
        + "\n}\n"
        + body();
  }

  private static String value(String name, String value) {
    return name + "='" + value + "'\n";
  }

  private static String body() {
    try (InputStream file = Preparation.class.getResourceAsStream("prepare.sh")) {
      if (file == null) {
        throw new IllegalStateException("prepare.sh is missing from this build");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
