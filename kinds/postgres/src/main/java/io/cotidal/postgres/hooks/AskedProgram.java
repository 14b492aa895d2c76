package io.cotidal.postgres.hooks;

import io.cotidal.model.Details;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A program that is asked as plug-ins are, for no cluster in particular. Thread-safe. */
public final class AskedProgram {
  private final Path program;
  private final PluginProcess process;

  /** Runs nothing yet. */
  public AskedProgram(Path program, LocalProcesses processes) {
    this.program = program;
    this.process = new PluginProcess(processes);
  }

  /**
   * What it said.
   *
   * @param said everything beside {@code ok}
   */
  public record Answer(boolean ok, Details said) {}

  /**
   * Asks once.
   *
   * @throws IOException if it gave no whole answer in time; says why
   */
  public Answer ask(Map<String, Object> question, Deadline deadline)
      throws IOException, InterruptedException {
    try {
      PluginAnswer answer = process.ask(program, PluginAnswer.question(question), deadline);
      return new Answer(answer.ok(), answer.evidence());
    } catch (PluginProcess.Failed e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
