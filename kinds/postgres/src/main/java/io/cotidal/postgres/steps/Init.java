package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.Quote;
import io.cotidal.pgclient.Verifier;
import io.cotidal.postgres.observe.ControlFile;
import io.cotidal.postgres.observe.HostLook;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.plan.Acts;
import io.cotidal.postgres.spec.Access;
import io.cotidal.remote.Durable;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Acts#INIT}. */
final class Init implements Act {
  private final Cluster cluster;

  Init(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, IOException, InterruptedException {
    Node node = turn.node();
    boolean ours = Files.exists(node.incomplete());
    if (!HostLook.empty(node.data()) && !ours) {
      throw new ActFailed(node.data() + " is not empty; nothing is made over what is there");
    }
    Processes.requireGone(turn);
    Receipts.begin(turn);
    makeFolder(node);
    Durable.empty(node.data());
    initialise(turn);
    ServerFiles files = new ServerFiles(cluster.spec(), node);
    files.writeStatic();
    roles(turn);
    files.writeDemoted("");
    turn.passage().sync(node.data(), turn.deadline());
    String id = Long.toUnsignedString(ControlFile.read(node.data()).systemId());
    Receipts.end(turn, id);
    return Details.of(Acts.SYSTEM_ID, id);
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException {
    return Receipts.inspect(turn, Acts.SYSTEM_ID);
  }

  /** The data directory, empty or not, the server's own. */
  static void makeFolder(Node node) throws IOException {
    Files.createDirectories(node.data());
    Files.setPosixFilePermissions(node.data(), PosixFilePermissions.fromString("rwx------"));
    OsUser owner = node.owner().orElse(null);
    if (owner != null) {
      owner.own(node.data());
    }
  }

  private void initialise(Turn turn) throws ActFailed, IOException, InterruptedException {
    Node node = turn.node();
    Access access = cluster.spec().access();
    Path password = turn.passage().folder().resolve("initdb-password");
    try {
      hide(node, password, access.password().reveal() + "\n");
      run(
          turn,
          Program.of(
              node.server().user(),
              List.of(
                  node.program("initdb").toString(),
                  "--pgdata=" + node.data(),
                  "--username=" + access.superuser(),
                  "--pwfile=" + password,
                  "--auth=scram-sha-256",
                  "--data-checksums",
                  "--encoding=UTF8",
                  "--no-locale",
                  // All of it goes to the disk at once, below; file by file takes seconds.
                  "--no-sync")));
    } finally {
      Files.deleteIfExists(password);
    }
  }

  /** Single-user mode: needs no network and leaves a server that was stopped in order. */
  private void roles(Turn turn) throws ActFailed, IOException, InterruptedException {
    Node node = turn.node();
    Access access = cluster.spec().access();
    StringBuilder sql = new StringBuilder("SET log_min_error_statement = 'panic';\n");
    if (!access.replicationUser().equals(access.superuser())) {
      sql.append("CREATE ROLE ")
          .append(Quote.identifier(access.replicationUser()))
          .append(" LOGIN REPLICATION PASSWORD ")
          .append(Quote.literal(Verifier.scram(access.replicationPassword()).reveal()))
          .append(";\n");
    }
    Heartbeat.TABLE.forEach(statement -> sql.append(statement).append(";\n"));
    Path input = turn.passage().folder().resolve("roles.sql");
    try {
      hide(node, input, sql.toString());
      String printed =
          run(
              turn,
              Program.of(
                      node.server().user(),
                      List.of(
                          node.program(Node.PROGRAM).toString(),
                          "--single",
                          "-D",
                          node.data().toString(),
                          Node.DATABASE))
                  .reading(input));
      if (printed.contains("ERROR:")) {
        throw new ActFailed("roles of " + node.id() + ": " + error(printed));
      }
    } finally {
      Files.deleteIfExists(input);
    }
  }

  private static String run(Turn turn, Program program)
      throws ActFailed, IOException, InterruptedException {
    LocalProcesses.Result result = turn.passage().run(program, turn.deadline().most());
    if (result.exit() != 0) {
      throw new ActFailed(
          program.name() + " ended with " + result.exit() + ": " + error(result.output()));
    }
    return result.output();
  }

  private static String error(String printed) {
    return printed
        .lines()
        .filter(
            line -> line.contains("rror:") || line.contains("ERROR:") || line.contains("FATAL:"))
        .findFirst()
        .orElse(printed.lines().reduce((a, b) -> b).orElse("no output"))
        .strip();
  }

  private static void hide(Node node, Path file, String text) throws IOException {
    @Nullable OsUser owner = node.owner().orElse(null);
    Durable.write(file, text, owner, "rw-------");
  }
}
