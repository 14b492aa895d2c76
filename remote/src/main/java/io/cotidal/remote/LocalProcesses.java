package io.cotidal.remote;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs on this machine, as another user when this process is root. Every program gets a
 * session of its own, so that an interrupt typed at our terminal does not reach it and so that its
 * children can be found. Thread-safe.
 */
public final class LocalProcesses {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final Duration GLANCE = Duration.ofMillis(500);
  private static final Duration LOOK = Duration.ofMillis(2);
  private static final int LIMIT = 64 * 1024;

  private final ProcessTable table = new ProcessTable();
  private final ConcurrentHashMap<String, OsUser> users = new ConcurrentHashMap<>();
  private final boolean root = "root".equals(System.getProperty("user.name"));

  /**
   * How a program ended.
   *
   * @param exit its exit status
   * @param output the end of what it printed, both streams, at most 64 KiB
   */
  public record Result(int exit, String output) {
    /** The last line that says something; for a message. */
    public String lastLine() {
      return output.lines().filter(line -> !line.isBlank()).reduce((a, b) -> b).orElse("").strip();
    }
  }

  /**
   * The files that collect what a program prints; made, or emptied.
   *
   * @param output its standard output
   * @param errors its standard error
   * @param most how many bytes either may have
   */
  public record Streams(Path output, Path errors, long most) {}

  /** What is done about twice a second while a program runs. */
  @FunctionalInterface
  public interface Meanwhile {
    /**
     * Does it, quickly.
     *
     * @throws IOException to have the program killed
     */
    void look() throws IOException, InterruptedException;
  }

  /**
   * Told of a program as soon as it runs, so that somebody else can find it if this process dies.
   */
  @FunctionalInterface
  public interface Record {
    /** Remembers {@code started}. */
    void running(ProcessId started) throws IOException;

    /**
     * Looks at something else, about twice a second while the program runs.
     *
     * @throws IOException to have the program killed
     */
    default void meanwhile() throws IOException, InterruptedException {}
  }

  /** Whether programs can be run as other users. */
  public boolean root() {
    return root;
  }

  /** The process table of this machine. */
  public ProcessTable table() {
    return table;
  }

  /**
   * The user to run as, if it is another one than ours.
   *
   * @param name a name, or a number that needs no entry in any list of users; such a user's group
   *     has the same number
   * @throws IOException if this process may not run programs as that user, or there is none of that
   *     name
   */
  public Optional<OsUser> user(String name) throws IOException {
    if (name.isEmpty() || name.equals(System.getProperty("user.name"))) {
      return Optional.empty();
    }
    Optional<OsUser> numbered = OsUser.numbered(name);
    if (numbered.isPresent() && numbered.get().uid() == OsUser.own()) {
      return Optional.empty();
    }
    if (!root) {
      throw new IOException(
          "user "
              + name
              + ": only root can run programs as another user; run as root or leave 'user' out");
    }
    OsUser known = users.get(name);
    if (known == null) {
      known =
          numbered.isPresent()
              ? numbered.get()
              : new OsUser(name, number("-u", name), number("-g", name));
      users.put(name, known);
    }
    return Optional.of(known);
  }

  /**
   * Runs a program to its end.
   *
   * @param output the file that collects what it prints; deleted afterwards
   * @throws IOException if it cannot be started, or did not end in time and was killed with all its
   *     children
   */
  public Result run(Program program, Path output, Record record, Deadline deadline)
      throws IOException, InterruptedException {
    Process process = start(program, ProcessBuilder.Redirect.to(output.toFile()));
    try {
      Optional<ProcessTable.Entry> entry = table.find(process.pid());
      if (entry.isPresent()) {
        record.running(entry.get().id());
      }
      while (!process.waitFor(deadline.atMost(GLANCE).left().toMillis(), TimeUnit.MILLISECONDS)) {
        if (deadline.over()) {
          throw new IOException(program.name() + " did not end in time and was killed");
        }
        record.meanwhile();
      }
      return new Result(process.exitValue(), tail(output, 0));
    } finally {
      if (process.isAlive()) {
        killSession(new ProcessId(process.pid(), 0), Deadline.in(Duration.ofSeconds(5)));
      }
      Files.deleteIfExists(output);
    }
  }

  /**
   * Runs a program to its end, with its two streams apart. They are left for the caller to read.
   *
   * @return its exit status
   * @throws IOException if it cannot be started, or did not end in time or printed too much and was
   *     killed with all its children
   */
  public int capture(Program program, Streams streams, Deadline deadline)
      throws IOException, InterruptedException {
    Path input = program.input();
    Process process =
        builder(program)
            .redirectInput(input == null ? Path.of("/dev/null").toFile() : input.toFile())
            .redirectOutput(streams.output.toFile())
            .redirectError(streams.errors.toFile())
            .start();
    try {
      while (!process.waitFor(deadline.atMost(GLANCE).left().toMillis(), TimeUnit.MILLISECONDS)) {
        if (deadline.over()) {
          throw new IOException(program.name() + " did not end in time and was killed");
        }
        bounded(program, streams);
      }
      bounded(program, streams);
      return process.exitValue();
    } finally {
      if (process.isAlive()) {
        killSession(new ProcessId(process.pid(), 0), Deadline.in(Duration.ofSeconds(5)));
      }
    }
  }

  private static void bounded(Program program, Streams streams) throws IOException {
    if (Math.max(Files.size(streams.output), Files.size(streams.errors)) > streams.most) {
      throw new IOException(
          program.name() + " printed more than " + streams.most + " bytes and was stopped");
    }
  }

  /**
   * Starts a program that outlives this process.
   *
   * @param log the file to which what it prints is appended
   */
  public ProcessId launch(Program program, Path log) throws IOException {
    Process process = start(program, ProcessBuilder.Redirect.appendTo(log.toFile()));
    return table
        .find(process.pid())
        .map(ProcessTable.Entry::id)
        .orElse(new ProcessId(process.pid(), 0));
  }

  /**
   * Kills all processes of a session and waits until they are gone.
   *
   * @return whether they are gone
   */
  public boolean killSession(ProcessId leader, Deadline deadline)
      throws IOException, InterruptedException {
    while (true) {
      List<ProcessId> left = table.session(leader);
      if (left.isEmpty()) {
        return true;
      }
      for (ProcessId process : left) {
        Signal.KILL.send(process);
      }
      if (deadline.over()) {
        return false;
      }
      deadline.pause(LOOK);
    }
  }

  /**
   * Puts everything on the disk that was written to the file system of {@code folder}.
   *
   * @throws IOException if the disk did not take it, or not in time
   */
  public void sync(Path folder, Path output, Deadline deadline)
      throws IOException, InterruptedException {
    Program program = Program.of("", List.of("/usr/bin/sync", "-f", folder.toString()));
    Result result = run(program, output, started -> {}, deadline);
    if (result.exit() != 0) {
      throw new IOException("sync " + folder + ": " + result.lastLine());
    }
  }

  /**
   * The text of {@code file} from byte {@code from} on, at most its last 64 KiB; empty if there is
   * none.
   */
  public static String tail(Path file, long from) throws IOException {
    if (!Files.exists(file)) {
      return "";
    }
    try (var channel = Files.newByteChannel(file)) {
      long start = Math.max(from, channel.size() - LIMIT);
      channel.position(Math.min(start, channel.size()));
      var bytes = java.nio.ByteBuffer.allocate(LIMIT);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // Read on to the end.
      }
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
  }

  /**
   * Starts a program that reads what the caller writes to it; its output streams are the caller's
   * to read. The caller ends it, with {@link #killSession}, if it does not end by itself.
   */
  public Process feed(Program program) throws IOException {
    return builder(program).start();
  }

  private Process start(Program program, ProcessBuilder.Redirect output) throws IOException {
    ProcessBuilder builder = builder(program);
    builder.redirectErrorStream(true).redirectOutput(output);
    Path input = program.input();
    builder.redirectInput(input == null ? Path.of("/dev/null").toFile() : input.toFile());
    return builder.start();
  }

  private ProcessBuilder builder(Program program) throws IOException {
    List<String> line = new ArrayList<>();
    Optional<OsUser> other = user(program.user());
    if (other.isPresent()) {
      line.addAll(
          List.of(
              "/usr/bin/setpriv",
              "--reuid=" + other.get().uid(),
              "--regid=" + other.get().gid(),
              "--clear-groups",
              "--"));
    }
    line.add("/usr/bin/setsid");
    line.addAll(program.arguments());
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().clear();
    builder.environment().put("PATH", PATH);
    builder.environment().put("LC_ALL", "C");
    builder.environment().putAll(program.environment());
    builder.directory(program.folder().toFile());
    return builder;
  }

  private static int number(String option, String name) throws IOException {
    Process id =
        new ProcessBuilder("/usr/bin/id", option, "--", name)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var reader = id.inputReader(StandardCharsets.UTF_8)) {
      String line = reader.readLine();
      if (line == null) {
        throw new IOException(
            "user " + name + ": this machine has no such user; create it or name another");
      }
      return Integer.parseInt(line.strip());
    }
  }
}
