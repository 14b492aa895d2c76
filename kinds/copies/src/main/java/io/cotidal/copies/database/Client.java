package io.cotidal.copies.database;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs a client program: feeds it, reads what it says, and watches its deadline, all at once, which
 * takes threads of its own. Whatever happens, afterwards the program is gone.
 */
final class Client {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration FORCE = Duration.ofSeconds(4);
  private static final int ERRORS = 64 * 1024;

  /** More than the row counts of a hundred thousand tables. */
  private static final int OUTPUT = 16 * 1024 * 1024;

  private final LocalProcesses processes;
  private final Place place;

  Client(LocalProcesses processes, Place place) {
    this.processes = processes;
    this.place = place;
  }

  /**
   * How a client ended.
   *
   * @param exit its exit status
   * @param output the beginning of its standard output
   * @param errors the end of its error stream; may hold data of a dump
   */
  record Ended(int exit, String output, String errors) {}

  /** Writes what the client is to read. */
  @FunctionalInterface
  interface Input {
    /** Writes it all; an exception fails the run. */
    void writeTo(OutputStream client) throws IOException;
  }

  /** Feeds text to a program and waits for its end. */
  Ended ask(Program program, String text, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return run(program, client -> client.write(bytes), () -> {}, deadline);
  }

  /**
   * Feeds a program and waits for its end.
   *
   * @param watch called a few times a second; may throw to end the program
   * @throws IOException what feeding threw, if the program did not end before
   */
  Ended run(Program program, Input input, Runnable watch, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    Process process = processes.feed(program);
    Thread feeder = null;
    Thread reader = null;
    Thread listener = null;
    try {
      new Leftovers(processes, place).note(process.pid());
      Feeding feeding = new Feeding(process, input);
      Kept output = new Kept(process.getInputStream(), OUTPUT, false);
      Kept errors = new Kept(process.getErrorStream(), ERRORS, true);
      feeder = started("feeder", feeding);
      reader = started("reader", output);
      listener = started("listener", errors);
      while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        watch.run();
        feeding.check();
        if (deadline.over()) {
          throw new EngineException(program.name() + " did not end in time and was killed");
        }
      }
      feeder.join(FORCE);
      reader.join(FORCE);
      listener.join(FORCE);
      feeding.check();
      watch.run();
      return new Ended(process.exitValue(), output.text(), errors.text());
    } finally {
      end(process);
      for (Thread thread : new @Nullable Thread[] {feeder, reader, listener}) {
        if (thread != null) {
          thread.interrupt();
        }
      }
    }
  }

  private Thread started(String what, Runnable work) {
    Thread thread = Thread.ofPlatform().daemon().name(what + "-" + place.id()).unstarted(work);
    thread.start();
    return thread;
  }

  private void end(Process process) throws IOException, InterruptedException {
    boolean interrupted = Thread.interrupted();
    try {
      if (process.isAlive()
          && !processes.killSession(new ProcessId(process.pid(), 0), Deadline.in(FORCE))) {
        throw new IOException("a client of " + place.id() + " outlives a kill");
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The thread that writes. */
  private static final class Feeding implements Runnable {
    private final Process process;
    private final Input input;
    private final AtomicReference<@Nullable Exception> problem = new AtomicReference<>();

    Feeding(Process process, Input input) {
      this.process = process;
      this.input = input;
    }

    @Override
    public void run() {
      Pipe pipe = new Pipe(process.getOutputStream());
      try {
        input.writeTo(pipe);
        pipe.close();
      } catch (IOException | RuntimeException e) {
        // A client that ends early closes its end: its own words say why.
        if (!pipe.broken) {
          problem.set(e);
        }
      }
    }

    void check() throws IOException {
      Exception found = problem.get();
      switch (found) {
        case null -> {}
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        default -> throw new IOException(found);
      }
    }
  }

  /** Knows whether the other end was closed, which is not the input's fault. */
  private static final class Pipe extends OutputStream {
    private final OutputStream to;
    private boolean broken;

    Pipe(OutputStream to) {
      this.to = to;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        to.write(bytes, offset, length);
      } catch (IOException e) {
        broken = true;
        throw e;
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        to.flush();
      } catch (IOException e) {
        broken = true;
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      try {
        to.close();
      } catch (IOException e) {
        broken = true;
        throw e;
      }
    }
  }

  /** The thread that reads a stream to its end and keeps a bounded part of it. */
  private static final class Kept implements Runnable {
    private final InputStream from;
    private final int limit;
    private final boolean end;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    Kept(InputStream from, int limit, boolean end) {
      this.from = from;
      this.limit = limit;
      this.end = end;
    }

    @Override
    public void run() {
      byte[] chunk = new byte[8192];
      try {
        for (int read = from.read(chunk); read >= 0; read = from.read(chunk)) {
          keep(chunk, read);
        }
      } catch (IOException e) {
        // The client was killed: what it said so far is what it said.
      }
    }

    private synchronized void keep(byte[] chunk, int length) {
      if (end && kept.size() > 2 * limit) {
        byte[] all = kept.toByteArray();
        kept.reset();
        kept.write(all, all.length - limit, limit);
      }
      if (end || kept.size() + length <= limit) {
        kept.write(chunk, 0, length);
      }
    }

    synchronized String text() {
      return kept.toString(StandardCharsets.UTF_8);
    }
  }
}
