package io.cotidal.bench;

import io.cotidal.lab.DirectoryServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A mesh as the vendor's documents have it made: a script of {@code dsconf}, one process a command.
 * It fills all servers at once from the first, and asks without a pause whether they are filled.
 */
final class DsconfWay {
  private static final Path PROGRAM = Path.of("/usr/sbin/dsconf");
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration FILLING = Duration.ofMinutes(3);
  private static final String MANAGER = "cn=replication manager,cn=config";
  private static final String SECRET = "hush-hush-replication";
  private static final String FILLED = "successfully initialized";
  private static final String FAILED = "initialization failed";

  private final DirectorySet set;
  private final Path folder;
  private final Path password;

  /** For those servers. */
  DsconfWay(DirectorySet set) throws IOException {
    this.set = set;
    this.folder = set.lab().folder("dsconf");
    this.password =
        Files.writeString(
            folder.resolve("password"), set.first().server().settings().password() + "\n");
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
  }

  /** Why it cannot be measured here, with the remedy; empty if it can. */
  static Optional<String> missing() {
    return Files.isExecutable(PROGRAM)
        ? Optional.empty()
        : Optional.of("dsconf is not installed: apt-get install python3-lib389");
  }

  /** Makes a full mesh; when it returns every agreement exists. */
  void make() throws BenchProblem, IOException {
    List<DirectoryNode> nodes = set.nodes();
    int id = 0;
    for (DirectoryNode node : nodes) {
      enable(node, ++id);
    }
    List<DirectoryNode> others = nodes.subList(1, nodes.size());
    for (DirectoryNode to : others) {
      agree(set.first(), to, true);
    }
    for (DirectoryNode to : others) {
      awaitFilled(to);
    }
    for (DirectoryNode from : others) {
      for (DirectoryNode to : nodes) {
        if (to != from) {
          agree(from, to, false);
        }
      }
    }
  }

  private void enable(DirectoryNode node, int id) throws BenchProblem, IOException {
    String _ =
        run(
            node,
            List.of(
                "replication",
                "enable",
                "--suffix=" + DirectorySet.SUFFIX,
                "--role=supplier",
                "--replica-id=" + id,
                "--bind-dn=" + MANAGER,
                // The program takes it in no other way; it is the lab's.
                "--bind-passwd=" + SECRET));
  }

  private void agree(DirectoryNode from, DirectoryNode to, boolean fill)
      throws BenchProblem, IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "repl-agmt",
                "create",
                "--suffix=" + DirectorySet.SUFFIX,
                "--host=127.0.0.1",
                "--port=" + to.server().port(),
                "--conn-protocol=LDAP",
                "--bind-dn=" + MANAGER,
                "--bind-passwd=" + SECRET,
                "--bind-method=SIMPLE"));
    if (fill) {
      arguments.add("--init");
    }
    arguments.add("to-" + to.name());
    String _ = run(from, arguments);
  }

  private void awaitFilled(DirectoryNode to) throws BenchProblem, IOException {
    Until.holds(
        "dsconf says that " + to.name() + " is filled",
        FILLING,
        Duration.ZERO,
        () -> {
          String told =
              run(
                  set.first(),
                  List.of(
                      "repl-agmt",
                      "init-status",
                      "--suffix=" + DirectorySet.SUFFIX,
                      "to-" + to.name()));
          if (told.contains(FAILED)) {
            throw new BenchProblem("dsconf could not fill " + to.name() + ": " + told);
          }
          return told.contains(FILLED);
        });
  }

  /** What it printed. */
  private String run(DirectoryNode node, List<String> arguments) throws BenchProblem, IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                PROGRAM.toString(),
                "-D",
                DirectoryServer.ADMINISTRATOR,
                "-y",
                password.toString(),
                "ldap://127.0.0.1:" + node.server().port()));
    line.addAll(arguments);
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .start();
    try {
      boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      String text = Files.readString(output, StandardCharsets.UTF_8).strip();
      if (!ended || process.exitValue() != 0) {
        throw new BenchProblem(
            "dsconf %s %s on %s: %s"
                .formatted(
                    String.join(" ", arguments.subList(0, 2)),
                    ended ? "failed" : "took too long",
                    node.name(),
                    text));
      }
      return text;
    } catch (InterruptedException e) {
      throw new BenchProblem("ended before it was done, as asked", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
