package io.cotidal.postgres.hooks;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.List;

/**
 * Runs a plug-in once: in a session of its own, with an empty environment, its question as standard
 * input, its answer from standard output. What takes too long or says too much is killed, with all
 * that it started.
 */
final class PluginProcess {
  /** What fits into a pipe at once, so that writing never waits for the reader. */
  private static final int LONGEST_QUESTION = 60 * 1024;

  private static final int LONGEST_ANSWER = 64 * 1024;
  private static final int LONGEST_COMPLAINT = 1_000;
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final Duration KILL = Duration.ofSeconds(2);

  /** So long may what an answered plug-in started stay in its session. */
  private static final Duration LEAVE = Duration.ofMillis(500);

  private final LocalProcesses processes;

  private static final Duration MEANWHILE = Duration.ofMillis(500);

  /** No clear yes came of it. Expected: no stack trace. */
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1;
    private final boolean run;

    /** It was run. */
    Failed(String reason) {
      this(reason, true);
    }

    /**
     * No clear yes.
     *
     * @param run whether it may have done something
     */
    Failed(String reason, boolean run) {
      super(reason, null, false, false);
      this.run = run;
    }

    boolean run() {
      return run;
    }
  }

  PluginProcess(LocalProcesses processes) {
    this.processes = processes;
  }

  /** Asks once. */
  PluginAnswer ask(Path program, byte[] question, Deadline deadline)
      throws Failed, IOException, InterruptedException {
    return ask(program, question, deadline, () -> {});
  }

  /**
   * Asks once.
   *
   * @param meanwhile done about twice a second; what it throws ends the plug-in
   */
  PluginAnswer ask(
      Path program, byte[] question, Deadline deadline, LocalProcesses.Meanwhile meanwhile)
      throws Failed, IOException, InterruptedException {
    Process process = begun(program, question);
    try {
      send(process, question);
      PluginAnswer answer = PluginAnswer.read(heard(process, deadline, meanwhile));
      leave(process, deadline);
      return answer;
    } finally {
      processes.killSession(new ProcessId(process.pid(), 0), Deadline.in(KILL));
      process.destroyForcibly();
    }
  }

  /**
   * A server that the plug-in has just started leaves the session by itself: {@code pg_ctl -W} ends
   * before its child has done so, and that child must not be killed for it.
   */
  private void leave(Process process, Deadline deadline) throws IOException, InterruptedException {
    ProcessId leader = new ProcessId(process.pid(), 0);
    Deadline grace = deadline.atMost(LEAVE);
    while (!grace.over() && !processes.table().session(leader).isEmpty()) {
      grace.pause(LOOK);
    }
  }

  private Process begun(Path program, byte[] question) throws Failed {
    try {
      check(program);
      if (question.length > LONGEST_QUESTION) {
        throw new Failed("the question is too long", false);
      }
      return processes.feed(Program.of("", List.of(program.toString())));
    } catch (IOException e) {
      throw new Failed("it cannot be run: " + e.getMessage(), false);
    }
  }

  private static void send(Process process, byte[] question) throws IOException {
    try (OutputStream in = process.getOutputStream()) {
      in.write(question);
    } catch (IOException e) {
      // One that answers without reading is judged by its answer; "closed" says that it has ended.
      String said = String.valueOf(e.getMessage());
      if (!said.contains("Broken pipe") && !said.contains("Stream closed")) {
        throw e;
      }
    }
  }

  private static String heard(
      Process process, Deadline deadline, LocalProcesses.Meanwhile meanwhile)
      throws Failed, IOException, InterruptedException {
    Deadline next = Deadline.in(MEANWHILE);
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    ByteArrayOutputStream complaint = new ByteArrayOutputStream();
    while (true) {
      boolean alive = process.isAlive();
      drain(process.getInputStream(), answer);
      drain(process.getErrorStream(), complaint);
      if (answer.size() > LONGEST_ANSWER) {
        throw new Failed("it says more than " + LONGEST_ANSWER + " bytes");
      }
      if (!alive) {
        break;
      }
      if (deadline.over()) {
        throw new Failed("it gave no answer in time and was killed");
      }
      if (next.over()) {
        meanwhile.look();
        next = Deadline.in(MEANWHILE);
      }
      deadline.pause(LOOK);
    }
    if (process.exitValue() != 0) {
      throw new Failed("it ended with " + process.exitValue() + said(complaint));
    }
    return answer.toString(StandardCharsets.UTF_8);
  }

  /** Takes what is there and waits for nothing; what nobody will read is thrown away. */
  private static void drain(InputStream from, ByteArrayOutputStream to) throws IOException {
    int available = from.available();
    while (available > 0) {
      byte[] bytes = from.readNBytes(Math.min(available, 8192));
      if (to.size() <= LONGEST_ANSWER) {
        to.write(bytes, 0, bytes.length);
      }
      available = from.available();
      if (to.size() > LONGEST_ANSWER) {
        return;
      }
    }
  }

  private static String said(ByteArrayOutputStream complaint) {
    String text = complaint.toString(StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
    String last = text.length() > LONGEST_COMPLAINT ? text.substring(0, LONGEST_COMPLAINT) : text;
    return last.isEmpty() ? "" : ": " + last;
  }

  /** Nobody but us and root may have written what we run. */
  private static void check(Path program) throws Failed, IOException {
    if (!program.isAbsolute()) {
      throw new Failed(program + " is not an absolute path", false);
    }
    if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
      throw new Failed(
          program + " is no program that can be run: put it there with mode 755", false);
    }
    for (Path each : List.of(program.toRealPath(), program.toRealPath().resolveSibling("."))) {
      PosixFileAttributes attributes =
          Files.readAttributes(
              each.normalize(), PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      UserPrincipal us =
          each.getFileSystem()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName(System.getProperty("user.name"));
      boolean ours = attributes.owner().equals(us) || attributes.owner().getName().equals("root");
      boolean open =
          attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
              || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
      if (!ours || open) {
        throw new Failed(
            each.normalize()
                + " can be written by somebody else: let it belong to root or to Cotidal's user,"
                + " with mode 755 or less",
            false);
      }
    }
  }
}
