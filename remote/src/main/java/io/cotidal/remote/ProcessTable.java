package io.cotidal.remote;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The processes of this machine, as {@code /proc} shows them. A zombie counts as gone: it can do
 * nothing any more.
 */
public final class ProcessTable {
  private static final Path PROC = Path.of("/proc");
  private static final int SIGNAL_HANGUP = 1;

  /** How many bytes of a program's name the kernel keeps: TASK_COMM_LEN, less the end. */
  private static final int NAME = 15;

  private final Shared<List<Worker>> workers = new Shared<>(ProcessTable::readWorkers);

  /** A process and the folder that it works in. */
  private record Worker(ProcessId id, Path folder) {}

  /**
   * One line of the table.
   *
   * @param state the kernel's letter: R runs, S sleeps, T is stopped, D waits for a disk
   * @param parent process id of the parent
   * @param session process id of the session's leader
   */
  public record Entry(ProcessId id, char state, long parent, long session) {}

  /** The process with that number, unless it is gone. */
  public Optional<Entry> find(long pid) throws IOException {
    String stat = read(PROC.resolve(Long.toString(pid)).resolve("stat"));
    if (stat.isEmpty()) {
      return Optional.empty();
    }
    return parse(pid, stat).filter(entry -> entry.state() != 'Z' && entry.state() != 'X');
  }

  /** Whether the process of that number has ended and nobody has asked how. */
  public boolean zombie(long pid) throws IOException {
    String stat = read(PROC.resolve(Long.toString(pid)).resolve("stat"));
    return parse(pid, stat).filter(entry -> entry.state() == 'Z').isPresent();
  }

  /** Whether exactly this process still exists; a later one with its number does not count. */
  public boolean alive(ProcessId id) throws IOException {
    return find(id.pid()).filter(entry -> entry.id().start() == id.start()).isPresent();
  }

  /** All processes. */
  public List<Entry> entries() throws IOException {
    List<Entry> found = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (Path folder : folders) {
        find(Long.parseLong(folder.getFileName().toString())).ifPresent(found::add);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  /** The folder in which a process works; empty if it is gone or this user may not look at it. */
  public Optional<Path> folder(ProcessId id) {
    try {
      return Optional.of(
          Files.readSymbolicLink(PROC.resolve(Long.toString(id.pid())).resolve("cwd")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The number of the account that a process runs as; empty if it is gone. */
  public Optional<Integer> owner(ProcessId id) throws IOException {
    for (String line : read(PROC.resolve(Long.toString(id.pid())).resolve("status")).split("\n")) {
      if (line.startsWith("Uid:")) {
        return Optional.of(Integer.valueOf(line.substring(4).strip().split("\\s+")[1]));
      }
    }
    return Optional.empty();
  }

  /** All processes of the session that {@code leader} leads or led. */
  public List<ProcessId> session(ProcessId leader) throws IOException {
    return all(entry -> entry.session() == leader.pid() && entry.id().start() >= leader.start());
  }

  /**
   * All processes that run a program of that file name with {@code folder} as their working
   * directory. One reading of the table serves all who ask this object meanwhile: machines with
   * many servers have thousands of processes.
   *
   * @throws IOException if the table cannot be read, or the caller is interrupted while it waits;
   *     processes that this user may not look at are passed over
   */
  public List<ProcessId> working(Path folder, String program) throws IOException {
    if (Files.notExists(folder)) {
      return List.of();
    }
    Path real = folder.toRealPath();
    List<ProcessId> found = new ArrayList<>();
    for (Worker worker : workers.get()) {
      if (worker.folder().equals(real) && works(worker.id().pid(), real::equals, program)) {
        found.add(worker.id());
      }
    }
    return found;
  }

  /**
   * All processes that run a program of that file name and work in {@code folder} or in a folder
   * below it.
   *
   * @throws IOException if the table cannot be read; processes that this user may not look at are
   *     passed over
   */
  public List<ProcessId> workingUnder(Path folder, String program) throws IOException {
    if (Files.notExists(folder)) {
      return List.of();
    }
    Path real = folder.toRealPath();
    return all(entry -> works(entry.id().pid(), working -> working.startsWith(real), program));
  }

  /**
   * Whether the process runs a program of that file name with {@code folder} as its working
   * directory.
   */
  public boolean works(ProcessId id, Path folder, String program) throws IOException {
    return !Files.notExists(folder)
        && works(id.pid(), folder.toRealPath()::equals, program)
        && alive(id);
  }

  /**
   * Whether the process runs a program of that file name, wherever it works.
   *
   * @throws IOException if it lives and this user may not look at it
   */
  public boolean runs(ProcessId id, String program) throws IOException {
    try {
      return runs(PROC.resolve(Long.toString(id.pid())), program) && alive(id);
    } catch (IOException e) {
      if (alive(id)) {
        throw e;
      }
      return false;
    }
  }

  /**
   * Whether the process has dealt with a hang-up signal that was sent to it before this call: none
   * is pending, and it sleeps. The handler runs before a woken process sleeps again.
   */
  public boolean settled(long pid) throws IOException {
    String status = read(PROC.resolve(Long.toString(pid)).resolve("status"));
    boolean sleeps = false;
    for (String line : status.split("\n")) {
      if (line.startsWith("State:")) {
        sleeps = line.substring(6).strip().startsWith("S");
      } else if (line.startsWith("SigPnd:") || line.startsWith("ShdPnd:")) {
        long pending = Long.parseUnsignedLong(line.substring(7).strip(), 16);
        if ((pending & 1L << (SIGNAL_HANGUP - 1)) != 0) {
          return false;
        }
      }
    }
    return sleeps;
  }

  private static List<Worker> readWorkers() throws IOException {
    ProcessTable table = new ProcessTable();
    List<Worker> found = new ArrayList<>();
    for (Entry entry : table.entries()) {
      table.folder(entry.id()).ifPresent(folder -> found.add(new Worker(entry.id(), folder)));
    }
    return List.copyOf(found);
  }

  private static List<ProcessId> all(Predicate<Entry> wanted) throws IOException {
    return new ProcessTable().entries().stream().filter(wanted).map(Entry::id).toList();
  }

  private static boolean works(long pid, Predicate<Path> where, String program) {
    Path process = PROC.resolve(Long.toString(pid));
    try {
      return where.test(Files.readSymbolicLink(process.resolve("cwd"))) && runs(process, program);
    } catch (IOException e) {
      // Gone meanwhile, or a kernel thread, or another user's: then it is none of ours.
      return false;
    }
  }

  /**
   * One that is ending has no program any more, long before its memory, sockets and files are free:
   * the name that it got with the program stays.
   */
  private static boolean runs(Path process, String program) throws IOException {
    try {
      String name = Files.readSymbolicLink(process.resolve("exe")).getFileName().toString();
      return name.equals(program) || name.equals(program + " (deleted)");
    } catch (NoSuchFileException e) {
      String name = program.substring(0, Math.min(program.length(), NAME));
      return read(process.resolve("comm")).equals(name + "\n");
    }
  }

  /** Fields 3 to 22 of a stat line; the name before them, in brackets, may hold anything. */
  static Optional<Entry> parse(long pid, String stat) {
    int bracket = stat.lastIndexOf(')');
    if (bracket < 0) {
      return Optional.empty();
    }
    String[] fields = stat.substring(bracket + 1).strip().split(" ");
    if (fields.length < 20) {
      return Optional.empty();
    }
    return Optional.of(
        new Entry(
            new ProcessId(pid, Long.parseLong(fields[19])),
            fields[0].charAt(0),
            Long.parseLong(fields[1]),
            Long.parseLong(fields[3])));
  }

  /** The text of a file of a process; empty if the process is gone. */
  private static String read(Path file) throws IOException {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException | AccessDeniedException e) {
      return "";
    } catch (IOException e) {
      if (e.getMessage() != null && e.getMessage().contains("No such process")) {
        return "";
      }
      throw e;
    }
  }
}
