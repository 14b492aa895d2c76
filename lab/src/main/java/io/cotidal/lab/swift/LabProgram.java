package io.cotidal.lab.swift;

import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.ServerUser;
import io.cotidal.remote.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program of the lab's own in Python that holds modules which are slow to read, and does with
 * them what it is told. Commands are answered in their order.
 */
final class LabProgram {
  /** Debian's own, which has OpenStack's modules; others in the path may not. */
  static final Path PYTHON = Path.of("/usr/bin/python3");

  private final String name;
  private final Process process;
  private final Path log;
  private final Queue<CompletableFuture<String>> asked = new ConcurrentLinkedQueue<>();

  private LabProgram(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts one; it takes commands at once, and answers when it has read the modules.
   *
   * @param name as errors call it
   * @param words the program's file and its arguments, perhaps with another program before
   * @param log takes what it says beside its answers
   */
  static LabProgram start(ServerRegistry registry, String name, List<String> words, Path log)
      throws IOException {
    List<String> line = unprivileged();
    line.addAll(words);
    Process process =
        registry.start(
            new ProcessBuilder(line)
                .directory(Path.of("/").toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())));
    LabProgram program = new LabProgram(name, process, log);
    // Reading from a program holds its carrier, and a machine of two cores has two.
    Thread.ofPlatform().daemon().name(name).start(program::listen);
    return program;
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

  /** Sends a command; {@link #hear} waits for the answer. */
  synchronized CompletableFuture<String> tell(String... words) throws IOException {
    CompletableFuture<String> answer = new CompletableFuture<>();
    asked.add(answer);
    if (!process.isAlive()) {
      throw new IOException(name + " has ended; see " + log);
    }
    OutputStream out = process.getOutputStream();
    out.write((String.join("\t", words) + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    return answer;
  }

  /** Waits for the answer to a command. */
  String hear(CompletableFuture<String> told, Deadline deadline) throws IOException {
    try {
      String answer = told.get(deadline.left().toMillis(), TimeUnit.MILLISECONDS);
      if (!answer.startsWith("ok ")) {
        throw new IOException(name + ": " + answer + "; see " + log);
      }
      return answer.substring(3);
    } catch (TimeoutException | ExecutionException e) {
      throw new IOException(name + " does not answer; see " + log, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + name, e);
    }
  }

  /** Sends a command and waits for its answer. */
  String ask(Deadline deadline, String... words) throws IOException {
    return hear(tell(words), deadline);
  }

  private void listen() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answer(line);
      }
    } catch (IOException e) {
      // It has ended: what is still asked is answered below.
    }
    while (!asked.isEmpty()) {
      answer("failed: it has ended");
    }
  }

  private void answer(String line) {
    CompletableFuture<String> oldest = asked.poll();
    if (oldest != null) {
      oldest.complete(line);
    }
  }
}
