package io.cotidal.feeds.repository;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.feeds.spec.FeedsSpec.Tool;
import io.cotidal.feeds.transfer.SshProgram;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.SshServer;
import io.cotidal.lab.StateFolder;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What tests of repositories stand on: a lab, and replicas in folders of it. */
final class Rig implements AutoCloseable {
  final ServerRegistry registry;
  final LocalProcesses processes = new LocalProcesses();
  final Path folder;
  private int count;

  /** Opens it, or skips the tests if something is not installed here. */
  Rig(Optional<String> missing) throws IOException {
    if (missing.isPresent() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing.get());
    }
    assumeTrue(missing.isEmpty(), () -> "SKIPPED: " + missing.orElse(""));
    registry =
        ServerRegistry.open(StateFolder.ofUser(), Path.of(System.getProperty("java.io.tmpdir")));
    folder = registry.folder("repository");
  }

  static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(30));
  }

  /** A path where nothing lies yet. */
  Path fresh(String name) {
    count++;
    return folder.resolve(name + count);
  }

  /** A replica's place, with no way over SSH. */
  Place place(Tool tool, String url) {
    return place(tool, fresh("clone"), url, Path.of("/bin/false"));
  }

  Place place(Tool tool, Path clone, String url, Path ssh) {
    return new Place(
        new FeedsSpec.Repository(tool, clone, url, "", Optional.empty()),
        ssh,
        folder.resolve("scratch"));
  }

  /** The same, with signers. */
  static Place signed(Place place, Path signers) {
    FeedsSpec.Repository what = place.what();
    return new Place(
        new FeedsSpec.Repository(
            what.tool(), what.folder(), what.url(), what.branch(), Optional.of(signers)),
        place.ssh(),
        place.scratch());
  }

  Repository open(Place place) throws RepositoryException {
    return Repositories.open(place, processes);
  }

  /** A program for SSH that knows hosts by those lines alone. */
  Path ssh(SshServer server, String knownHosts) throws IOException {
    Path file = Files.writeString(fresh("known hosts"), knownHosts);
    return new SshProgram(
            fresh("ssh"), server.identity(), file, server.port(), Duration.ofSeconds(5))
        .program();
  }

  @Override
  public void close() throws IOException {
    registry.close();
  }
}
