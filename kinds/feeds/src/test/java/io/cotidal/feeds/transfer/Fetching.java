package io.cotidal.feeds.transfer;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A process of its own that fetches slowly, so that it can be killed meanwhile. */
final class Fetching {
  private Fetching() {}

  /** Its arguments are the cache, the program in the place of ssh, and host, path and MD5. */
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    Cache cache = new Cache(root, 0);
    Path ssh = Path.of(arguments[1]);
    FeedsSpec.Transfer settings =
        new FeedsSpec.Transfer(root, 0, ssh, ssh, 1, Duration.ZERO, Optional.empty(), false, "");
    Rsync rsync = new Rsync(ssh, new LocalProcesses(), cache.folders(), List.of("--bwlimit=1500"));
    new Transfer(settings, cache, rsync)
        .fetch(
            new Blob(arguments[2], arguments[3], arguments[4]),
            Wants.ANY,
            Deadline.in(Duration.ofSeconds(30)),
            Progress.NONE);
  }
}
