package io.cotidal.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program of this machine that says little on its error stream. */
public final class LocalConduit implements Conduit {
  private static final Logger LOG = LoggerFactory.getLogger(LocalConduit.class);
  private static final Duration FORCE = Duration.ofSeconds(4);
  private static final int MOST = 4096;

  private final LocalProcesses processes;
  private final String name;
  private final Process process;

  /** Starts it. */
  public LocalConduit(LocalProcesses processes, Program program) throws IOException {
    this.processes = processes;
    this.name = program.name();
    this.process = processes.feed(program);
  }

  @Override
  public InputStream heard() {
    return process.getInputStream();
  }

  @Override
  public OutputStream told() {
    return process.getOutputStream();
  }

  @Override
  public String complaint() {
    try {
      InputStream errors = process.getErrorStream();
      byte[] said = errors.readNBytes(Math.min(MOST, errors.available()));
      return new String(said, StandardCharsets.UTF_8).strip().replaceAll("\\s*\\n\\s*", " ");
    } catch (IOException e) {
      // It has been closed.
      return "";
    }
  }

  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      if (process.isAlive()
          && !processes.killSession(new ProcessId(process.pid(), 0), Deadline.in(FORCE))) {
        LOG.warn("program={} pid={} outlives a kill", name, process.pid());
      }
    } catch (IOException e) {
      LOG.warn("program={} pid={} cannot be ended: {}", name, process.pid(), e.getMessage());
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
