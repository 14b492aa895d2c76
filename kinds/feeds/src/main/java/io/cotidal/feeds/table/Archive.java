package io.cotidal.feeds.table;

import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An archive of {@code pg_dump}, in whichever of its formats that is one file, as {@code
 * pg_restore} reads it. It connects nowhere: it only prints.
 */
final class Archive {
  private static final Duration FAREWELL = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final long LONGEST_LIST = 4 << 20;
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  private final LocalProcesses processes;
  private final Path program;
  private final Path scratch;

  private Archive(LocalProcesses processes, Path program, Path scratch) {
    this.processes = processes;
    this.program = program;
    this.scratch = scratch;
  }

  /** Reads the script that an archive comes to. */
  @FunctionalInterface
  interface Reader<T> {
    /** Reads it to its end. */
    T read(Script script) throws IOException, BadDump, TableException, InterruptedException;
  }

  /**
   * Finds {@code pg_restore}: in the folder that is configured, else the newest that Debian's
   * packages or the search path have.
   *
   * @param scratch a private folder for files while it runs
   */
  static Archive with(FeedsSpec.Database database, LocalProcesses processes, Path scratch)
      throws TableException {
    Optional<Path> found =
        database.bin().isPresent()
            ? database.bin().map(bin -> bin.resolve("pg_restore")).filter(Files::isExecutable)
            : installed();
    return new Archive(
        processes,
        found.orElseThrow(() ->
            new TableException(
                TableException.Kind.FAILED,
                "pg_restore is not here; install PostgreSQL's client programs or name their folder in 'bin'")),
        scratch);
  }

  private static Optional<Path> installed() {
    List<Path> all = new ArrayList<>();
    if (Files.isDirectory(DEBIAN)) {
      try (Stream<Path> versions = Files.list(DEBIAN)) {
        versions.forEach(version -> all.add(version.resolve("bin/pg_restore")));
      } catch (IOException e) {
        // Then the search path has the word.
        all.clear();
      }
    }
    all.sort(Comparator.comparingInt(Archive::version).reversed());
    all.add(Path.of("/usr/local/bin/pg_restore"));
    all.add(Path.of("/usr/bin/pg_restore"));
    return all.stream().filter(Files::isExecutable).findFirst();
  }

  private static int version(Path program) {
    String name = String.valueOf(program.getName(program.getNameCount() - 3));
    return name.matches("[0-9]{1,4}") ? Integer.parseInt(name) : 0;
  }

  /** The lines of its table of contents, without remarks. */
  List<String> contents(Path dump, Deadline deadline)
      throws IOException, BadDump, InterruptedException {
    Path output = Files.createTempFile(scratch, "output", ".txt");
    Path list = Files.createTempFile(scratch, "contents", ".txt");
    try {
      LocalProcesses.Result result =
          processes.run(
              Program.of(
                  "", List.of(program.toString(), "--list", "--file=" + list, dump.toString())),
              output,
              started -> {},
              deadline);
      if (result.exit() != 0) {
        throw new BadDump("it is no archive of pg_dump: " + said(result.output()));
      }
      if (Files.size(list) > LONGEST_LIST) {
        throw new BadDump("its table of contents is longer than 4 MiB");
      }
      return new String(Files.readAllBytes(list), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith(";"))
          .toList();
    } finally {
      Files.deleteIfExists(list);
    }
  }

  /**
   * Reads the script of all that is in {@code list}.
   *
   * @param list entries of {@link #contents}
   * @throws BadDump also if the archive turns out broken while it is read
   */
  <T> T script(Path dump, List<String> list, Reader<T> reader, Deadline deadline)
      throws IOException, BadDump, TableException, InterruptedException {
    Path chosen = Files.createTempFile(scratch, "list", ".txt");
    try {
      Files.write(chosen, list);
      Process process =
          processes.feed(
              Program.of(
                  "",
                  List.of(
                      program.toString(),
                      "--file=-",
                      "--no-owner",
                      "--no-privileges",
                      "--no-tablespaces",
                      "--use-list=" + chosen,
                      dump.toString())));
      return read(process, reader, deadline);
    } finally {
      Files.deleteIfExists(chosen);
    }
  }

  private <T> T read(Process process, Reader<T> reader, Deadline deadline)
      throws IOException, BadDump, TableException, InterruptedException {
    Words words = new Words(process.getErrorStream());
    Thread listener = Thread.ofVirtual().name("pg-restore-says").start(words);
    Thread reading = Thread.currentThread();
    Thread watch =
        Thread.ofVirtual().name("pg-restore-watch").start(() -> watch(process, reading, deadline));
    try (InputStream output = process.getInputStream()) {
      process.getOutputStream().close();
      return reader.read(new Script(new Ending(output, process, words, listener)));
    } finally {
      processes.killSession(new ProcessId(process.pid(), 0), Deadline.in(FAREWELL));
      watch.interrupt();
      listener.join(FAREWELL);
    }
  }

  /**
   * Ends a program that prints nothing any more, with the deadline or when its reader is
   * interrupted: reading from it ends by nothing else.
   */
  private static void watch(Process process, Thread reading, Deadline deadline) {
    try {
      while (!process.waitFor(deadline.atMost(LOOK).left())) {
        if (deadline.over() || reading.isInterrupted()) {
          process.destroyForcibly();
          return;
        }
      }
    } catch (InterruptedException e) {
      // It was read to its end.
      Thread.currentThread().interrupt();
    }
  }

  private static String said(String output) {
    String line =
        output.lines().filter(each -> !each.isBlank()).findFirst().orElse("no reason given");
    String plain = line.replaceFirst("^pg_restore: (error: )?", "").replaceAll("\\p{Cntrl}", " ");
    return plain.length() > 200 ? plain.substring(0, 200) : plain;
  }

  /** What a program complains of; the beginning of it. */
  private static final class Words implements Runnable {
    private static final int MOST = 4096;
    private final InputStream from;
    private volatile String text = "";

    Words(InputStream from) {
      this.from = from;
    }

    @Override
    public void run() {
      byte[] bytes = new byte[MOST];
      String said = "";
      try (from) {
        int read = from.read(bytes);
        while (read >= 0) {
          if (text.length() < MOST) {
            said = said + new String(bytes, 0, read, StandardCharsets.UTF_8);
            text = said;
          }
          read = from.read(bytes);
        }
      } catch (IOException e) {
        text = said + " (its complaints could not be read)";
      }
    }
  }

  /** The script is at its end only when the program says that it read the archive well. */
  private static final class Ending extends InputStream {
    private final InputStream output;
    private final Process process;
    private final Words words;
    private final Thread listener;

    Ending(InputStream output, Process process, Words words, Thread listener) {
      this.output = output;
      this.process = process;
      this.words = words;
      this.listener = listener;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = output.read(bytes, offset, length);
      if (read < 0) {
        try {
          if (process.waitFor() != 0) {
            listener.join(FAREWELL);
            throw new Broken("it cannot be read: " + said(words.text));
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted while pg_restore ended", e);
        }
      }
      return read;
    }
  }

  /** The archive is broken. Travels through whoever reads rows. */
  static final class Broken extends IOException {
    private static final long serialVersionUID = 1;

    Broken(String reason) {
      super(reason);
    }
  }
}
