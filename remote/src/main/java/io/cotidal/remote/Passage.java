package io.cotidal.remote;

import io.cotidal.model.Stamp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One act's stay inside the gate. For one thread. */
public final class Passage {
  private final Gate gate;
  private final LocalProcesses processes;
  private final Stamp stamp;
  private final Stamp before;

  Passage(Gate gate, LocalProcesses processes, Stamp stamp, Stamp before) {
    this.gate = gate;
    this.processes = processes;
    this.stamp = stamp;
    this.before = before;
  }

  /** What the gate remembered when it was entered. */
  public Stamp before() {
    return before;
  }

  /** Where the gate's files are. */
  public Path folder() {
    return gate.folder();
  }

  /**
   * Whether somebody with a newer stamp waits: then a long act ends as soon as it safely can.
   *
   * @throws IOException if the gate's files cannot be read
   */
  public boolean superseded() throws IOException {
    return !stamp.equals(Stamp.NONE) && gate.wanted(stamp);
  }

  /**
   * Runs a program to its end. Should this process die before, whoever enters next waits for it or
   * kills it.
   *
   * @throws IOException if it cannot be started, or did not end in time and was killed
   */
  public LocalProcesses.Result run(
      Program program, Deadline deadline, LocalProcesses.Meanwhile meanwhile)
      throws IOException, InterruptedException {
    Path output = gate.folder().resolve("output");
    try {
      return processes.run(
          program,
          output,
          new LocalProcesses.Record() {
            @Override
            public void running(ProcessId process) throws IOException {
              gate.running(process);
            }

            @Override
            public void meanwhile() throws IOException, InterruptedException {
              meanwhile.look();
            }
          },
          deadline);
    } finally {
      gate.ended();
    }
  }

  /** The same, with nothing done meanwhile. */
  public LocalProcesses.Result run(Program program, Deadline deadline)
      throws IOException, InterruptedException {
    return run(program, deadline, () -> {});
  }

  /** Puts everything on the disk that was written to the file system of {@code folder}. */
  public void sync(Path folder, Deadline deadline) throws IOException, InterruptedException {
    Path output = gate.folder().resolve("output");
    processes.sync(folder, output, deadline);
  }

  /** The processes that a program of that name left in {@code folder}. */
  public List<ProcessId> working(Path folder, String program) throws IOException {
    return processes.table().working(folder, program);
  }
}
