package io.cotidal.feeds.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.feeds.transfer.TransferException.Kind;
import io.cotidal.lab.SshServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One that fetches from a {@link Master}. */
record Replica(FeedsSpec.Transfer settings, Cache cache, Transfer transfer) {

  /** With those settings. */
  static Replica of(Master master, FeedsSpec.Transfer settings, String... further)
      throws IOException {
    return new Replica(
        settings,
        new Cache(settings.cache(), settings.budgetBytes()),
        master.transfer(settings, further));
  }

  /** Fetches it, however large. */
  Path fetch(Blob blob) throws TransferException, InterruptedException {
    return fetch(blob, Progress.NONE);
  }

  /** Fetches it and tells how. */
  Path fetch(Blob blob, Progress progress) throws TransferException, InterruptedException {
    return transfer.fetch(blob, Wants.ANY, Master.soon(), progress);
  }

  /** Why it does not come. */
  TransferException problem(Blob blob) {
    return problem(blob, Wants.ANY);
  }

  /** The same within limits. */
  TransferException problem(Blob blob, Wants wants) {
    TransferException problem =
        catchThrowableOfType(
            TransferException.class,
            () -> transfer.fetch(blob, wants, Master.soon(), Progress.NONE));
    assertThat(problem).isNotNull();
    assertThat(problem.getMessage()).doesNotContain("\n").contains("; ");
    return problem;
  }

  /** What is to be made of that it does not come. */
  Kind kind(Blob blob) {
    return problem(blob).kind();
  }

  /** What has come in part. */
  List<Path> partials() throws IOException {
    return Folders.list(settings.cache().resolve("partial"));
  }

  /** What is left in the staging folder. */
  List<Path> staging() throws IOException {
    return Folders.list(settings.cache().resolve("staging"));
  }

  /** The only file that has come in part. */
  Path partial() throws IOException {
    return Folders.list(partials().getFirst()).getFirst();
  }

  /** Settings like those, but with other keys of hosts, another key or another port. */
  static FeedsSpec.Transfer changed(
      FeedsSpec.Transfer like, Path identity, Path knownHosts, int port) {
    return new FeedsSpec.Transfer(
        like.cache(),
        like.budgetBytes(),
        identity,
        knownHosts,
        port,
        like.connect(),
        like.relay(),
        like.serve(),
        like.prefix());
  }

  /** The line of a known_hosts file that gives that server another key than it has. */
  static String falseKey(SshServer server) throws IOException {
    return "[127.0.0.1]:%d %s\n".formatted(server.port(), SshServer.publicKey(server.stranger()));
  }
}
