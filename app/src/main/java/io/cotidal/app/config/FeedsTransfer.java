package io.cotidal.app.config;

import static io.cotidal.app.config.FeedsForms.duration;
import static io.cotidal.app.config.FeedsForms.flag;

import io.cotidal.feeds.spec.FeedsSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Reads how files come from the master. */
final class FeedsTransfer {
  private static final long BUDGET = 20L << 30;
  private static final Path IDENTITY = Path.of("/etc/cotidal/feeds/id_ed25519");
  private static final Path KNOWN_HOSTS = Path.of("/etc/cotidal/feeds/known_hosts");

  private final Section section;

  FeedsTransfer(Section section) {
    this.section = section;
  }

  /**
   * What is written, or the defaults.
   *
   * @param clone beside which the cache lies unless it is written
   */
  Optional<FeedsSpec.Transfer> read(Optional<Path> clone) {
    Section transfer = section.section("transfer").orElseGet(() -> section.absent("transfer"));
    Optional<Path> cache =
        transfer
            .get("cache", FeedsForms.path(), Value.standard(Optional.empty(), "(beside the clone)"))
            .or(() -> clone.map(at -> at.resolveSibling(at.getFileName() + ".cache")));
    long budget = transfer.get("budget", Forms.bytes(), Value.standard(BUDGET, "20GiB"));
    Path identity = path(transfer, "identity", IDENTITY);
    Path knownHosts = path(transfer, "known-hosts", KNOWN_HOSTS);
    int port = transfer.get("port", Forms.whole(1, 65_535), Value.standard(22, "22"));
    Duration connect =
        duration(
            transfer,
            "connect",
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofMinutes(10));
    Optional<FeedsSpec.Relay> relay = transfer.section("relay").flatMap(FeedsTransfer::relay);
    boolean serve = flag(transfer, "serve", false);
    String prefix =
        transfer
            .get("prefix", FeedsForms.path(), Value.standard(Optional.empty(), "(none)"))
            .map(Path::toString)
            .orElse("");
    if (clone.isPresent() && cache.isPresent() && cache.get().startsWith(clone.get())) {
      transfer.problem("cache", "lies within the clone", "name a folder elsewhere");
    }
    transfer.close();
    return cache.map(at ->
        new FeedsSpec.Transfer(
            at, budget, identity, knownHosts, port, connect, relay, serve, prefix));
  }

  private static Path path(Section transfer, String key, Path standard) {
    return transfer.get(key, Forms.absolutePath(), Value.standard(standard, standard.toString()));
  }

  private static Optional<FeedsSpec.Relay> relay(Section relay) {
    Optional<String> host =
        relay.need("host", FeedsForms.relay(), Optional.empty(), "write USER@HOST or HOST");
    Optional<Path> folder =
        relay.need(
            "folder",
            Forms.absolutePath(),
            Optional.empty(),
            "write the cache of that replica, as it is called there");
    relay.close();
    return host.flatMap(at -> folder.map(each -> new FeedsSpec.Relay(at, each.toString())));
  }
}
