package io.cotidal.postgres.steps;

import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.reach.Inside;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets members in that came since a server was started: our own lines of its {@code pg_hba.conf}
 * follow the configuration. Done whenever a leader stamps the member; a server that never had such
 * lines, because somebody else started it, is left as it is.
 */
final class Entrance {
  private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);

  private Entrance() {}

  /** What cannot be done is in the log, and tried again with the next stamp. */
  static void follow(PostgresSpec spec, Node node, Inside inside, Deadline deadline)
      throws InterruptedException {
    if (!node.server().gated()) {
      return;
    }
    ServerFiles files = new ServerFiles(spec, node, inside);
    Path file = files.entrance();
    try {
      String text = inside.read(file).orElse("");
      Optional<String> right = files.staleEntrance(text);
      if (right.isEmpty()) {
        return;
      }
      inside.write(file, right.get());
      try {
        node.work()
            .use(
                deadline,
                (session, until) -> {
                  session.run("SELECT pg_reload_conf()", until.left());
                  return true;
                });
      } catch (PgException e) {
        // As it was, so that the next stamp finds it stale again.
        inside.write(file, text);
        throw e;
      }
    } catch (PgException | IOException e) {
      LOG.info("member={} who is let in was not brought up to date: {}", node.id(), e.getMessage());
    }
  }
}
