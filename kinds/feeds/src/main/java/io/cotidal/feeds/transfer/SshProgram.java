package io.cotidal.feeds.transfer;

import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/**
 * A program that rsync, Git and Mercurial run in the place of {@code ssh}. It knows hosts by their
 * pinned keys alone, logs in with one key alone, asks nobody anything, and reads no settings but
 * its own: neither those of the account nor those of the machine.
 *
 * <p>Used as {@code rsync -e PROGRAM}, as {@code GIT_SSH=PROGRAM} with {@code GIT_SSH_VARIANT=ssh},
 * and as {@code hg --config ui.ssh=PROGRAM}. Two of these cut the word at blanks or give it to a
 * shell, so a folder with such characters in its path is refused. The other paths may have blanks.
 */
public final class SshProgram {
  private static final String DIRECTORY = "rwx------";
  private static final String SAFE = "/._-+@=,:";

  private final Path program;

  /**
   * Writes the program and its settings, unless they lie there already.
   *
   * @param folder where they are put; made if it is not there
   * @param identity the private key
   * @param knownHosts the file with the pinned keys of hosts, in the format of OpenSSH
   * @param port of hosts whose address names none
   * @param connect how long connecting may take; in whole seconds, at least one
   * @throws IOException if a path cannot be said in the settings, or they cannot be written
   */
  public SshProgram(Path folder, Path identity, Path knownHosts, int port, Duration connect)
      throws IOException {
    Path place = folder.toAbsolutePath().normalize();
    plain(place);
    Path settings = place.resolve("ssh_config");
    this.program = place.resolve("ssh");
    String text = settings(identity, knownHosts, port, connect);
    Files.createDirectories(place);
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString(DIRECTORY));
    put(settings, text, "rw-------");
    put(program, "#!/bin/sh\nexec /usr/bin/ssh -F '" + settings + "' \"$@\"\n", DIRECTORY);
  }

  /** The path of the program: absolute, without a blank or a character that a shell would read. */
  public Path program() {
    return program;
  }

  private static void plain(Path folder) throws IOException {
    boolean plain =
        folder
            .toString()
            .chars()
            .allMatch(c -> Character.isLetterOrDigit(c) || SAFE.indexOf(c) >= 0);
    if (!plain) {
      throw new IOException(
          "'%s': the path has a blank or a sign, and rsync and hg would misread it; choose another folder"
              .formatted(printable(folder)));
    }
  }

  private static String settings(Path identity, Path knownHosts, int port, Duration connect)
      throws IOException {
    return """
    BatchMode yes
    IdentitiesOnly yes
    IdentityAgent none
    IdentityFile %s
    UserKnownHostsFile %s
    GlobalKnownHostsFile none
    KnownHostsCommand none
    StrictHostKeyChecking yes
    UpdateHostKeys no
    VerifyHostKeyDNS no
    CanonicalizeHostname no
    PreferredAuthentications publickey
    ProxyCommand none
    ProxyJump none
    ControlMaster no
    ControlPath none
    ForwardAgent no
    ForwardX11 no
    ClearAllForwardings yes
    PermitLocalCommand no
    EscapeChar none
    LogLevel ERROR
    ConnectTimeout %d
    ServerAliveInterval 15
    ServerAliveCountMax 3
    Port %d
    """
        .formatted(quoted(identity), quoted(knownHosts), Math.max(1, connect.toSeconds()), port);
  }

  /** A path as one word of the settings; ssh takes percent signs and variables out of it. */
  private static String quoted(Path path) throws IOException {
    String text = path.toAbsolutePath().normalize().toString();
    if (text.chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\' || c == '$')) {
      throw new IOException(
          "'%s': ssh cannot be told a path with a quote, a backslash or a dollar sign; rename it"
              .formatted(printable(path)));
    }
    return '"' + text.replace("%", "%%") + '"';
  }

  private static String printable(Path path) {
    return path.toString().replaceAll("\\p{Cntrl}", "?");
  }

  /** Leaves a file alone that is right: a program may just be reading it. */
  private static void put(Path file, String text, String mode) throws IOException {
    boolean right =
        Files.isRegularFile(file)
            && Files.readString(file, StandardCharsets.UTF_8).equals(text)
            && PosixFilePermissions.toString(Files.getPosixFilePermissions(file)).equals(mode);
    if (!right) {
      Durable.write(file, text, null, mode);
    }
  }
}
