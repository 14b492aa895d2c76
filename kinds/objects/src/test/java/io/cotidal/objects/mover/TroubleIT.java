package io.cotidal.objects.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.FaultProxy;
import io.cotidal.lab.swift.HttpFault;
import io.cotidal.lab.swift.HttpFaults;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.spec.ObjectsSpec.Care;
import io.cotidal.objects.swift.Swift;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A pass in trouble")
@Timeout(180)
@ExtendWith(TwoSites.Given.class)
class TroubleIT {
  private static final Timestamp THEN = Box.THEN;

  @TempDir Path folder;

  private static void fill(Box box, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      box.put(0, "o%03d".formatted(i), THEN, "text of " + i);
    }
  }

  private static PassReport converge(PassOrder order) throws InterruptedException {
    return ContainerPass.of(order).converge(0, Progress.NONE, Box.soon());
  }

  @Test
  @DisplayName("objects/S21: converges over a slow way on which much fails, and does little twice")
  void faults(TwoSites two) throws Exception {
    int count = 60;
    AtomicInteger puts = new AtomicInteger();
    HttpFault.Plan plan =
        (number, method, target) -> {
          HttpFault fault =
              switch ((int) (number % 100)) {
                case 5, 25, 45, 65, 85 -> new HttpFault.Answered(503);
                case 15, 55 -> new HttpFault.Reset();
                case 35, 75 -> new HttpFault.Lost();
                case 95 -> new HttpFault.AnswerCut(100);
                default -> new HttpFault.None();
              };
          boolean heard =
              !(fault instanceof HttpFault.Answered || fault instanceof HttpFault.Reset);
          if (method.equals("PUT") && target.contains("/shaken/") && heard) {
            puts.incrementAndGet();
          }
          return fault;
        };
    try (HttpFaults shaken = new HttpFaults(two.sites.get(1).address());
        FaultProxy slow = new FaultProxy(shaken.address());
        Swift west = TwoSites.client("west", slow.port());
        Box box = new Box(List.of(two.clients.getFirst(), west), folder, "shaken", Box.KEYED);
        Box straight = new Box(two, folder.resolve("straight"), "shaken")) {
      slow.delay(FaultProxy.Way.TO_SERVER, Duration.ofMillis(25));
      slow.delay(FaultProxy.Way.TO_CLIENT, Duration.ofMillis(25));
      fill(box, count);
      shaken.plan(plan);
      PassReport report = box.converge();
      for (int i = 0; i < 4 && !report.equal(); i++) {
        System.out.println("once more, for " + report.why());
        report = box.converge();
      }
      assertThat(report.why()).isEmpty();
      assertThat(report.equal()).isTrue();
      straight.assertSame();
      assertThat(shaken.faults()).isGreaterThanOrEqualTo(5);
      assertThat(puts.get()).isBetween(count, count * 11 / 10);
      assertThat(box.site(1).governor().troubles()).isPositive();
      assertThat(box.site(1).governor().limit()).isBetween(1, 8);
      assertThat(box.site(1).governor().busy()).isZero();
    }
  }

  /** As if the process were gone. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static void snapshot(Path from, Path to) {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path one : all.toList()) {
        Files.copy(one, to.resolve(from.relativize(one).toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("goes on where it was killed, and does nothing twice")
  void killed(TwoSites two) throws Exception {
    int count = 50;
    try (Box box = new Box(two, folder, "killed")) {
      fill(box, count);
      Path after = folder.resolve("after-the-kill");
      AtomicInteger copied = new AtomicInteger();
      Progress kill =
          (reached, so) -> {
            if (so.copied() >= 20) {
              snapshot(folder.resolve("book"), after);
              copied.set((int) so.copied());
              throw new Killed();
            }
          };
      PassOrder order = box.order(Care.USUAL, 4);
      assertThatThrownBy(() -> ContainerPass.of(order).converge(0, kill, Box.soon()))
          .isInstanceOf(Killed.class);
      PassOrder next =
          new PassOrder(
              order.container(),
              order.sites(),
              after,
              order.ledger(),
              order.care(),
              order.objects(),
              order.throttle(),
              order.clock(),
              order.chance());
      PassReport report = converge(next);
      assertThat(report.ended()).isTrue();
      assertThat(report.left()).isZero();
      assertThat(report.copied())
          .isBetween(count - copied.get() - 16L, (long) count - copied.get());
      box.assertSame();
      long puts =
          two.ways.get(1).seen().stream()
              .filter(line -> line.startsWith("PUT /v1/AUTH_test/killed/"))
              .count();
      // But for those that were on their way.
      assertThat(puts).isBetween((long) count, count + 8L);
      // What was confirmed before the kill is agreed on: a deletion of it is one.
      box.delete(0, "o000", THEN.next());
      assertThat(converge(next).deleted()).isEqualTo(1);
      assertThat(box.names(1)).doesNotContain("o000");
    }
  }

  @Test
  @DisplayName("leaves what a site that goes away in the middle was to get, and says so")
  void outage(TwoSites two) throws Exception {
    int count = 40;
    try (HttpFaults way = new HttpFaults(two.sites.get(1).address());
        Swift west = TwoSites.client("west", way.port());
        Box box = new Box(List.of(two.clients.getFirst(), west), folder, "outage", Box.KEYED)) {
      fill(box, count);
      Progress away =
          (reached, so) -> {
            if (so.copied() >= 10) {
              way.plan((number, method, target) -> new HttpFault.Reset());
            }
          };
      PassReport report = ContainerPass.of(box.order(Care.USUAL, 2)).converge(0, away, Box.soon());
      assertThat(report.equal()).isFalse();
      assertThat(report.copied()).isBetween(10L, 30L);
      assertThat(report.left()).isGreaterThanOrEqualTo(count - 30L);
      assertThat(String.join("\n", report.why())).contains("site west");
      assertThat(report.why()).allSatisfy(line -> assertThat(line).doesNotContain("\n"));
      // Nobody takes what cannot be read for empty.
      PassLook look = box.look();
      assertThat(look.equal()).isFalse();
      assertThat(look.deletions()).isZero();
      assertThat(String.join("\n", look.why())).contains("site west");
      way.plan(HttpFault.Plan.NONE);
      assertThat(box.converge().equal()).isTrue();
      box.assertSame();
    }
  }

  @Test
  @DisplayName("makes the other sites equal while one cannot be reached")
  void third(TwoSites two) throws Exception {
    int closed;
    try (HttpFaults nobody = new HttpFaults(two.sites.get(1).address())) {
      closed = nobody.port();
    }
    try (Swift north = TwoSites.client("north", closed);
        Box box = new Box(two, folder, "third")) {
      fill(box, 5);
      box.put(1, "p", THEN, "p");
      PassOrder order = box.order(Care.USUAL, 4);
      List<PassSite> sites = new ArrayList<>(order.sites());
      sites.add(new PassSite(north, new Governor(4), true));
      PassOrder three =
          new PassOrder(
              order.container(),
              sites,
              order.book(),
              order.ledger(),
              order.care(),
              order.objects(),
              order.throttle(),
              order.clock(),
              order.chance());
      PassReport report = converge(three);
      assertThat(report.copied()).isEqualTo(6);
      assertThat(report.ended()).isTrue();
      assertThat(report.equal()).isFalse();
      assertThat(String.join("\n", report.why())).contains("site north");
      box.assertSame();
    }
  }

  @Test
  @DisplayName("stops at its deadline, or when it is interrupted, and goes on later")
  void stops(TwoSites two) throws Exception {
    try (HttpFaults way = new HttpFaults(two.sites.get(1).address());
        Swift west = TwoSites.client("west", way.port());
        Box box = new Box(List.of(two.clients.getFirst(), west), folder, "stops", Box.KEYED)) {
      fill(box, 12);
      HttpFault.Plan late =
          (number, method, target) ->
              method.equals("PUT")
                  ? new HttpFault.Late(Duration.ofMinutes(5))
                  : new HttpFault.None();
      way.plan(late);
      PassOrder order = box.order(Care.USUAL, 2);
      PassReport report =
          ContainerPass.of(order).converge(0, Progress.NONE, Deadline.in(Duration.ofSeconds(5)));
      assertThat(report.equal()).isFalse();
      assertThat(report.ended()).isFalse();
      AtomicReference<Object> end = new AtomicReference<>("none");
      long before = way.requests();
      Thread thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  end.set(converge(order));
                } catch (InterruptedException e) {
                  end.set(e);
                }
              });
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() ->
              way.requests() > before
                  && way.seen().stream().skip(before).anyMatch(line -> line.startsWith("PUT")));
      thread.interrupt();
      assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
      assertThat(end.get()).isInstanceOf(InterruptedException.class);
      way.plan(HttpFault.Plan.NONE);
      assertThat(box.converge().copied()).isEqualTo(12);
      assertThat(box.converge().equal()).isTrue();
      box.assertSame();
    }
  }
}
