package io.cotidal.feeds.environment;

import static io.cotidal.feeds.environment.FeedsVariable.BORGCOLLECTOR_SSH;
import static io.cotidal.feeds.environment.FeedsVariable.BORG_SSH;
import static io.cotidal.feeds.environment.FeedsVariable.BORG_STATE_SSH;
import static io.cotidal.feeds.environment.FeedsVariable.CACHE_PATH;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_CACHE_BUDGET;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_KNOWN_HOSTS;
import static io.cotidal.feeds.environment.FeedsVariable.MASTER_PATH_PREFIX;
import static io.cotidal.feeds.environment.FeedsVariable.SHARE_LAYER_DATA;
import static io.cotidal.feeds.environment.FeedsVariable.SYNC_PATH;
import static io.cotidal.feeds.environment.FeedsVariable.SYNC_SERVER;

import io.cotidal.feeds.spec.FeedsSpec.Relay;
import io.cotidal.feeds.spec.FeedsSpec.Transfer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads how files come from the master. */
final class Transfers {
  private static final String DUMPS = "/opt/dpaw-borg-state/code/dumps";
  private static final String KNOWN_HOSTS = "/etc/ssh/ssh_known_hosts";
  private static final long BUDGET = 10L << 30;

  private final Given given;
  private final List<String> warnings;

  Transfers(Given given, List<String> warnings) {
    this.given = given;
    this.warnings = warnings;
  }

  Transfer read(Path folder) {
    SshLine ssh = ssh();
    Optional<Relay> relay =
        given
            .text(SYNC_SERVER)
            .map(text ->
                new Relay(
                    given.values().remote(SYNC_SERVER, text),
                    given.values().path(SYNC_PATH, given.text(SYNC_PATH, DUMPS)).toString()));
    return new Transfer(
        given.path(CACHE_PATH).orElse(folder.resolve("code/dumps")),
        given.size(COT_FEED_CACHE_BUDGET, BUDGET),
        ssh.identity(),
        given.path(COT_FEED_KNOWN_HOSTS).or(ssh::knownHosts).orElse(Path.of(KNOWN_HOSTS)),
        ssh.port(),
        ssh.connect(),
        relay,
        given.truth(SHARE_LAYER_DATA, false),
        given.path(MASTER_PATH_PREFIX).map(Path::toString).orElse(""));
  }

  /** There is one way to call SSH; variables that say it twice must say the same. */
  private SshLine ssh() {
    SshLine first = SshLine.DEFAULT;
    boolean said = false;
    for (FeedsVariable variable : List.of(BORG_SSH, BORGCOLLECTOR_SSH, BORG_STATE_SSH)) {
      Optional<String> text = given.text(variable);
      if (text.isPresent()) {
        SshLine line = given.values().ssh(variable, text.get());
        line.notes().forEach(note -> warnings.add(variable + ": " + note));
        if (said && !line.equals(first)) {
          given
              .values()
              .wrong(variable, text.get(), "says something else than the other one; say it once");
        }
        first = said ? first : line;
        said = true;
      }
    }
    return first;
  }
}
