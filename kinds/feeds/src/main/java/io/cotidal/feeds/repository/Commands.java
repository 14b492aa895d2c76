package io.cotidal.feeds.repository;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Runs the tools of version control: by argument list, in a clean environment, with what they print
 * in files of a folder of its own.
 */
final class Commands {
  /** Room for answers of a few lines. */
  static final long LITTLE = 1L << 20;

  private final LocalProcesses processes;
  private final Path scratch;

  Commands(LocalProcesses processes, Path scratch) {
    this.processes = processes;
    this.scratch = scratch;
  }

  /**
   * What to run.
   *
   * @param line the program and its arguments
   * @param environment all that it has beside a search path
   * @param folder where
   * @param input what it reads; nothing if empty
   * @param most how many bytes it may print
   */
  record Call(
      List<String> line,
      SortedMap<String, String> environment,
      Path folder,
      Optional<byte[]> input,
      long most) {
    Call {
      line = List.copyOf(line);
      environment = new TreeMap<>(environment);
    }

    static Call of(List<String> line, Map<String, String> environment, Path folder) {
      return new Call(line, new TreeMap<>(environment), folder, Optional.empty(), LITTLE);
    }

    Call reading(byte[] bytes) {
      return new Call(line, environment, folder, Optional.of(bytes), most);
    }

    Call with(Map<String, String> variables) {
      SortedMap<String, String> all = new TreeMap<>(environment);
      all.putAll(variables);
      return new Call(line, all, folder, input, most);
    }

    Call most(long bytes) {
      return new Call(line, environment, folder, input, bytes);
    }
  }

  /** How it ended; what it printed is there until this is closed. */
  static final class Said implements AutoCloseable {
    private final Path folder;
    private final int exit;

    private Said(Path folder, int exit) {
      this.folder = folder;
      this.exit = exit;
    }

    int exit() {
      return exit;
    }

    /** Standard output from its beginning. */
    InputStream bytes() throws IOException {
      return Files.newInputStream(folder.resolve("out"));
    }

    /** All of standard output. */
    String text() throws IOException {
      return new String(Files.readAllBytes(folder.resolve("out")), StandardCharsets.UTF_8);
    }

    /** The end of standard error. */
    String errors() throws IOException {
      return LocalProcesses.tail(folder.resolve("err"), 0);
    }

    @Override
    public void close() throws IOException {
      Scratch.remove(folder);
    }
  }

  /** The folder for what lies there for a moment. */
  Path scratch() {
    return scratch;
  }

  /**
   * Runs it to its end.
   *
   * @throws IOException if it did not end in time, printed too much, or cannot be run at all
   */
  Said run(Call call, Deadline deadline) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(scratch, Scratch.PREFIX);
    boolean done = false;
    try {
      Program program =
          new Program(call.line, environment(call), input(call, folder), call.folder, "");
      LocalProcesses.Streams streams =
          new LocalProcesses.Streams(folder.resolve("out"), folder.resolve("err"), call.most);
      Said said = new Said(folder, processes.capture(program, streams, deadline));
      if (said.errors().startsWith("setsid: failed to execute")) {
        throw new IOException(
            "%s is not installed, or cannot be run: install it".formatted(program.name()));
      }
      done = true;
      return said;
    } finally {
      if (!done) {
        Scratch.remove(folder);
      }
    }
  }

  private SortedMap<String, String> environment(Call call) {
    SortedMap<String, String> all = new TreeMap<>(call.environment);
    // What a tool puts there for a moment must not lie where others could have put it.
    all.put("TMPDIR", scratch.toString());
    all.put("HOME", scratch.toString());
    return all;
  }

  private static Path input(Call call, Path folder) throws IOException {
    if (call.input.isEmpty()) {
      return Path.of("/dev/null");
    }
    return Files.write(folder.resolve("in"), call.input.get());
  }
}
