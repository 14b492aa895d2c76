package io.cotidal.copies.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.copies.database.Place;
import io.cotidal.copies.servers.Certificates;
import io.cotidal.copies.servers.PortLedger;
import io.cotidal.copies.servers.ProcessRuntime;
import io.cotidal.lab.LoopVolume;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.model.Details;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.Program;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
@DisplayName("how long copies take")
final class CopyTimesIT {
  private static final int ROUNDS = 9;

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(100));
  }

  @ParameterizedTest
  @EnumSource(names = {"BTRFS", "XFS"})
  @DisplayName("a copy of 1 GiB takes no longer than its files are many, and hardly any room")
  void times(LoopVolume.Type type) throws Exception {
    String impossible = LoopVolume.impossible();
    Assumptions.assumeTrue(impossible.isEmpty(), "SKIPPED, nothing measured: " + impossible);
    ServerRegistry lab = ServerRegistry.open(StateFolder.ofUser());
    try {
      Volume volume = LocalVolume.open(LoopVolume.make(lab, type, 3L << 30).folder(), soon());
      measure(type + " 1400 files, 14 MiB", volume, fill(volume, "many", 1400, 10 << 10));
      long large = measure(type + " 40 files, 1 GiB", volume, fill(volume, "large", 40, 26 << 20));
      // A copy byte by byte would take room for each.
      assertThat(large).isLessThan(64L << 20);
    } finally {
      lab.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BTRFS", "XFS"})
  @DisplayName("what a create costs beside the server's own start")
  void rest(LoopVolume.Type type) throws Exception {
    String impossible = LoopVolume.impossible();
    Assumptions.assumeTrue(impossible.isEmpty(), "SKIPPED, nothing measured: " + impossible);
    ServerRegistry lab = ServerRegistry.open(StateFolder.ofUser());
    try {
      Volume volume = LocalVolume.open(LoopVolume.make(lab, type, 1L << 30).folder(), soon());
      Path data = fill(volume, "frozen", 1000, 30 << 10);
      Path places = Files.createDirectories(volume.root().resolve(".cotidal"));
      PortLedger ports =
          new PortLedger(
              lab.folder("ports"),
              PortLedger.Range.STANDARD,
              InetAddress.getLoopbackAddress(),
              new Random(3));
      Certificates certificates = new Certificates(InstantSource.system(), Duration.ofDays(30));
      ProcessRuntime runtime =
          new ProcessRuntime(new LocalProcesses(), places, Signal.TERMINATE, Signal.KILL);
      double[][] times = new double[4][ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        Path home = Files.createDirectories(places.resolve("shop/c" + i));
        Path run = Files.createDirectory(home.resolve("run"));
        int uid = 200_500 + i;
        new OsUser("", uid, uid).own(run);
        Place place = new Place("shop.c" + i, home.resolve("data"), run, uid, "127.0.0.1", 0, 16);
        long start = System.nanoTime();
        volume.copy(data, place.data(), uid, VolumeConformance::nothing, soon());
        long copied = System.nanoTime();
        ports.take(run, Set.of());
        long ported = System.nanoTime();
        certificates.make(place, List.of("127.0.0.1"));
        long certified = System.nanoTime();
        runtime.start(place, Program.of("", List.of("/usr/bin/sleep", "60")), Details.NONE, soon());
        long started = System.nanoTime();
        times[0][i] = (copied - start) / 1e6;
        times[1][i] = (ported - copied) / 1e6;
        times[2][i] = (certified - ported) / 1e6;
        times[3][i] = (started - certified) / 1e6;
        runtime.stop(place, false, soon());
      }
      for (double[] each : times) {
        Arrays.sort(each);
      }
      System.out.printf(
          "MEASURED create on %s, p50 ms: copy %.1f, port %.1f, certificate %.1f, fork and record %.1f; load %s%n",
          type, times[0][4], times[1][4], times[2][4], times[3][4], load());
      assertThat(places.resolve("shop/c0/data")).isDirectory();
    } finally {
      lab.close();
    }
  }

  private static Path fill(Volume volume, String name, int files, int bytes) throws Exception {
    Path data = volume.root().resolve(name);
    volume.make(data, soon());
    byte[] noise = new byte[bytes];
    for (int i = 0; i < files; i++) {
      Path folder = Files.createDirectories(data.resolve("d" + i % 7));
      new Random(i).nextBytes(noise);
      Files.write(folder.resolve("f" + i), noise);
    }
    volume.settle();
    return data;
  }

  private static long measure(String what, Volume volume, Path data) throws Exception {
    List<Double> copies = new ArrayList<>();
    List<Double> removals = new ArrayList<>();
    long before = volume.space().free();
    for (int i = 0; i < ROUNDS; i++) {
      Path target = volume.root().resolve("copy" + i);
      long start = System.nanoTime();
      volume.copy(data, target, 200_000 + i, VolumeConformance::nothing, soon());
      copies.add((System.nanoTime() - start) / 1e6);
    }
    volume.settle();
    long taken = before - volume.space().free();
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      volume.remove(volume.root().resolve("copy" + i), soon());
      removals.add((System.nanoTime() - start) / 1e6);
    }
    System.out.printf(
        "MEASURED %s: copy ms %s, remove ms %s, %d copies took %.1f MiB, load %s%n",
        what, shown(copies), shown(removals), ROUNDS, taken / 1048576.0, load());
    return taken;
  }

  private static String shown(List<Double> times) {
    List<Double> sorted = times.stream().sorted().toList();
    return String.format(
        "first %.1f p50 %.1f max %.1f",
        times.getFirst(), sorted.get(sorted.size() / 2), sorted.getLast());
  }

  private static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
  }
}
