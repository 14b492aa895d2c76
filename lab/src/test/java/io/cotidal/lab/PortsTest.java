package io.cotidal.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class PortsTest {
  @TempDir Path folder;

  /** Always wants the same ports, in the same order. */
  private static RandomGenerator fixed() {
    return new Random(11);
  }

  @Test
  void twoLabsNeverGetTheSamePortWhileBothLive() throws Exception {
    Set<Integer> seen = new HashSet<>();
    try (Ports one = Ports.in(folder, fixed());
        Ports other = Ports.in(folder, fixed())) {
      for (int i = 0; i < 20; i++) {
        assertThat(seen.add(one.next())).isTrue();
        assertThat(seen.add(other.next())).isTrue();
      }
    }
  }

  @Test
  void aPortIsFreeAgainWhenItsLabCloses() throws Exception {
    int first;
    try (Ports one = Ports.in(folder, fixed())) {
      first = one.next();
    }
    try (Ports other = Ports.in(folder, fixed())) {
      assertThat(other.next()).isEqualTo(first);
    }
  }

  @Test
  void aPortOnWhichSomebodyListensIsPassedOver() throws Exception {
    int wanted;
    try (Ports one = Ports.in(folder, fixed())) {
      wanted = one.next();
    }
    try (ServerSocket taken = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress());
        Ports other = Ports.in(folder, fixed())) {
      assertThat(other.next()).isNotEqualTo(taken.getLocalPort());
    }
  }

  @Test
  void givesUpWithASentenceWhenNoneIsFree() throws Exception {
    RandomGenerator stubborn = () -> 42L;
    try (Ports ports = Ports.in(folder, stubborn)) {
      ports.next();
      assertThatThrownBy(ports::next).hasMessageContaining("no free loopback port");
    }
  }
}
