package io.cotidal.gateway.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A gateway before east in a process of its own, which is going to be killed. */
final class KilledGateway implements AutoCloseable {
  /** At none of them. */
  static final String NOWHERE = "-";

  private final Process process;
  private final BufferedReader out;
  private final Writer in;

  private KilledGateway(Process process) {
    this.process = process;
    this.out = process.inputReader();
    this.in = process.outputWriter();
  }

  /**
   * Starts one, and waits until it is ready.
   *
   * @param boundary where a request is to stand still, or {@link #NOWHERE}
   */
  static KilledGateway start(Pair pair, Path folder, String boundary) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            LodgeChild.class.getName(),
            folder.toString(),
            Integer.toString(pair.east.port()),
            Integer.toString(pair.toWest.port()),
            boundary);
    KilledGateway gateway =
        new KilledGateway(
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
    try {
      gateway.until("ready");
      return gateway;
    } catch (IOException e) {
      gateway.process.destroyForcibly();
      throw e;
    }
  }

  /** Sends a request, and waits for nothing. */
  void send(String request) throws IOException {
    in.write(request + "\n");
    in.flush();
  }

  /** What the next client was told; empty if it says no more. What it logs is passed over. */
  Optional<String> told() throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("told ")) {
        return Optional.of(line);
      }
    }
    return Optional.empty();
  }

  /** Reads what it says up to a line that begins like this. */
  void until(String word) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(word)) {
        return;
      }
    }
    throw new IOException("the gateway ended before it said " + word);
  }

  /** Lets it work for so long, and kills it. */
  void kill(Duration after) throws InterruptedException {
    boolean _ = process.waitFor(after.toNanos(), TimeUnit.NANOSECONDS);
    process.toHandle().destroyForcibly();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    out.close();
    try {
      in.close();
    } catch (IOException e) {
      // What was to be sent to it is sent to nobody.
    }
  }
}
