package io.cotidal.postgres.reach;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.ssh.SshFailure;
import io.cotidal.remote.ssh.SshTrouble;
import io.cotidal.remote.ssh.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The gate's program as a process of this machine, without SSH in between. */
final class ProcessWire implements Wire {
  private final Process process;
  private final Writer in;
  private final BufferedReader out;

  ProcessWire(Path program, String asked) {
    try {
      ProcessBuilder builder = new ProcessBuilder(List.of("/bin/sh", program.toString()));
      builder.environment().clear();
      builder.environment().put("SSH_ORIGINAL_COMMAND", asked);
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      process = builder.start();
      in = process.outputWriter(StandardCharsets.UTF_8);
      out = process.inputReader(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** Its exit status, once it has ended by itself. */
  int exit() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void say(String line) throws SshFailure {
    try {
      in.write(line + "\n");
      in.flush();
    } catch (IOException e) {
      throw ended();
    }
  }

  @Override
  public void sayNoMore() throws SshFailure {
    try {
      in.close();
    } catch (IOException e) {
      throw ended();
    }
  }

  @Override
  public String hear(Deadline deadline) throws SshFailure {
    try {
      String line = out.readLine();
      if (line == null) {
        throw ended();
      }
      return line;
    } catch (SshFailure e) {
      throw e;
    } catch (IOException e) {
      throw ended();
    }
  }

  private static SshFailure ended() {
    return new SshFailure(new SshTrouble.CannotTell("the program has ended"));
  }

  @Override
  public boolean open() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
