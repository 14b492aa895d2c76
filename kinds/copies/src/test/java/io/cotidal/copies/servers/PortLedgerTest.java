package io.cotidal.copies.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class PortLedgerTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  @TempDir Path folder;

  private PortLedger ledger(int first, int last) {
    return new PortLedger(
        folder.resolve("ports"), new PortLedger.Range(first, last), HERE, new Random(5));
  }

  private Path run(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name).resolve("run"));
  }

  /** The first of so many neighbouring ports on which nobody listens. */
  private static int quiet(int many) {
    for (int first = 14_000; first < 16_000; first += many) {
      if (IntStream.range(first, first + many).allMatch(PortLedgerTest::free)) {
        return first;
      }
    }
    throw new IllegalStateException("no quiet ports");
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(HERE, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  @DisplayName("copies/B11: a claim whose place cannot be told of it does not stay")
  void unrecorded() throws Exception {
    int port = quiet(1);
    Path gone = folder.resolve("gone").resolve("run");
    assertThatThrownBy(() -> ledger(port, port).take(gone, Set.of()))
        .isInstanceOf(IOException.class);
    assertThat(folder.resolve("ports").resolve(String.valueOf(port))).doesNotExist();
  }

  @Test
  @DisplayName("copies/B4: ports are distinct, also between daemons, and a place keeps its own")
  void distinct() throws Exception {
    int first = quiet(20);
    PortLedger one = ledger(first, first + 19);
    PortLedger other = ledger(first, first + 19);
    Set<Integer> ports = Collections.synchronizedSet(new HashSet<>());
    List<Thread> threads =
        IntStream.range(0, 20)
            .mapToObj(i ->
                Thread.ofVirtual()
                    .start(() -> {
                      try {
                        ports.add((i % 2 == 0 ? one : other).take(run("c" + i), Set.of()));
                      } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                    }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(ports).hasSize(20);
    assertThat(other.take(run("c3"), Set.of())).isEqualTo(one.held(run("c3")).orElseThrow());
  }

  @Test
  @DisplayName("copies/B7: a port that a stranger has, or took in between, is not handed out")
  void stranger() throws Exception {
    int first = quiet(2);
    PortLedger ledger = ledger(first, first + 1);
    try (ServerSocket stranger = new ServerSocket()) {
      stranger.bind(new InetSocketAddress(HERE, first));
      assertThat(ledger.take(run("c1"), Set.of())).isEqualTo(first + 1);
    }
    // The caller found it taken when its server started.
    assertThat(ledger.take(run("c1"), Set.of(first + 1))).isEqualTo(first);
    assertThat(ledger.held(run("c1"))).hasValue(first);
    assertThat(ledger.take(run("c2"), Set.of())).isEqualTo(first + 1);
  }

  @Test
  @DisplayName("copies/B7: when no port is left the answer says how many there are")
  void exhausted() throws Exception {
    int first = quiet(2);
    PortLedger ledger = ledger(first, first + 1);
    ledger.take(run("c1"), Set.of());
    ledger.take(run("c2"), Set.of());
    assertThatThrownBy(() -> ledger.take(run("c3"), Set.of()))
        .isInstanceOf(PortLedger.Exhausted.class)
        .hasMessageContaining("all 2 from " + first + " to " + (first + 1) + " are taken");
    assertThat(ledger.held(run("c3"))).isEmpty();
    ledger.release(run("c1"));
    ledger.release(run("c1"));
    assertThat(ledger.take(run("c3"), Set.of())).isBetween(first, first + 1);
  }

  @Test
  @DisplayName(
      "copies/B5: a claim of a place that has gone, or that a kill cut short, counts for nothing")
  void staleClaims() throws Exception {
    int first = quiet(2);
    PortLedger ledger = ledger(first, first + 1);
    Path gone = run("gone");
    ledger.take(gone, Set.of());
    Files.delete(gone.resolve("port"));
    Files.delete(gone);
    Files.writeString(folder.resolve("ports").resolve("" + first), run("killed") + "\n");
    Files.writeString(folder.resolve("ports").resolve("" + (first + 1)), run("killed") + "\n");
    Set<Integer> ports = Set.of(ledger.take(run("c1"), Set.of()), ledger.take(run("c2"), Set.of()));
    assertThat(ports).containsExactlyInAnyOrder(first, first + 1);
  }

  @Test
  @DisplayName("a record that cannot be read is never taken for none")
  void unreadable() throws Exception {
    int first = quiet(1);
    PortLedger ledger = ledger(first, first);
    Path other = run("other");
    ledger.take(other, Set.of());
    Files.delete(other.resolve("port"));
    Files.createSymbolicLink(other.resolve("port"), Path.of("/etc/hostname"));
    assertThatThrownBy(() -> ledger.held(other)).hasMessageContaining("no plain file");
    assertThatThrownBy(() -> ledger.take(run("c1"), Set.of()))
        .isInstanceOf(PortLedger.Exhausted.class);
    assertThatThrownBy(() -> new PortLedger.Range(80, 90)).hasMessageContaining("1024");
    assertThat(PortLedger.Range.STANDARD.size()).isEqualTo(10_000);
  }
}
