package io.cotidal.remote.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the keys stand by which a machine is known. Read anew for each session. */
public sealed interface PinnedKeys {
  /**
   * The keys of that machine.
   *
   * @throws SshFailure if there are none; then nobody is talked to
   */
  HostKeys of(String host, int port) throws SshFailure;

  /** Those very keys. */
  record Given(HostKeys keys) implements PinnedKeys {
    @Override
    public HostKeys of(String host, int port) {
      return keys;
    }
  }

  /** Those in a file in the form of known_hosts. */
  record InFile(Path file) implements PinnedKeys {
    private static final long MOST = 1 << 20;

    @Override
    public HostKeys of(String host, int port) throws SshFailure {
      try {
        if (Files.size(file) > MOST) {
          throw SshFailure.cannotTell(file + " is too large for a file of host keys");
        }
        List<String> lines = Files.readAllLines(file);
        return HostKeys.of(lines, host, port);
      } catch (SshFailure e) {
        throw e;
      } catch (IOException e) {
        throw SshFailure.cannotTell(
            "the file of host keys " + file + " cannot be read; cot member prepare makes it");
      } catch (IllegalArgumentException e) {
        throw SshFailure.cannotTell(
            file + ": " + e.getMessage() + "; cot member prepare writes it down");
      }
    }
  }
}
