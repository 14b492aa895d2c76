package io.cotidal.lab.swift;

import io.cotidal.lab.OtherClock;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.ServerUser;
import io.cotidal.remote.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The process of a site that the others are forks of. It has Swift's modules, which are slow to
 * read; one of them each would be five times the time. Commands are answered in their order.
 */
final class SwiftLauncher {
  /** Debian's own, which has Swift's modules; others in the path may not. */
  static final Path PYTHON = Path.of("/usr/bin/python3");

  private static final String END = "failed the site's first process has ended";

  private final Process process;
  private final Path log;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private SwiftLauncher(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts one; it takes commands at once, and answers when it has read the modules. */
  static SwiftLauncher start(ServerRegistry registry, SwiftFiles files) throws IOException {
    List<String> line = unprivileged();
    Duration ahead = files.options().ahead();
    if (!ahead.isZero()) {
      line.addAll(OtherClock.command(ahead));
    }
    line.addAll(List.of(PYTHON.toString(), files.program().toString(), files.etc().toString()));
    Path log = files.log("site");
    Process process =
        registry.start(
            new ProcessBuilder(line)
                .directory(Path.of("/").toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())));
    SwiftLauncher launcher = new SwiftLauncher(process, log);
    Thread.ofVirtual().name("swift-" + files.options().name()).start(launcher::listen);
    return launcher;
  }

  /** The beginning of a command that gives up this process's rights. */
  static List<String> unprivileged() throws IOException {
    String user = ServerUser.choose();
    List<String> line = new ArrayList<>();
    if (!user.isEmpty()) {
      line.addAll(
          List.of(
              "setpriv",
              "--reuid=" + user,
              "--regid=" + (user.equals("nobody") ? "nogroup" : user),
              "--clear-groups",
              "--"));
    }
    return line;
  }

  /** Sends a command; {@link #hear} has its answer. */
  void tell(String... words) throws IOException {
    OutputStream out = process.getOutputStream();
    out.write((String.join("\t", words) + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** The answer to the oldest command that is not answered yet. */
  String hear(Deadline deadline) throws IOException {
    try {
      String answer = answers.poll(deadline.left().toMillis(), TimeUnit.MILLISECONDS);
      if (answer == null) {
        throw new IOException("the Swift site does not answer; see " + log);
      }
      if (!answer.startsWith("ok ")) {
        if (answer.equals(END)) {
          answers.add(END);
        }
        throw new IOException("the Swift site: " + answer + ": " + Files.readString(log).strip());
      }
      return answer.substring(3);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a Swift site", e);
    }
  }

  /** Sends a command and waits for its answer. */
  synchronized String ask(Deadline deadline, String... words) throws IOException {
    tell(words);
    return hear(deadline);
  }

  private void listen() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answers.add(line);
      }
      answers.add(END);
    } catch (IOException e) {
      answers.add(END);
    }
  }
}
