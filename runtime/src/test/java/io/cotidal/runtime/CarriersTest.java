package io.cotidal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CarriersTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final VirtualThreadSchedulerMXBean scheduler =
      ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);

  @Test
  @DisplayName("Calls that hang in the file system, more than there are carriers, stop no other")
  void hangingCalls() throws IOException, InterruptedException {
    int usual = scheduler.getParallelism();
    List<Path> pipes = new ArrayList<>();
    List<FileChannel> writers = new ArrayList<>();
    List<Thread> hanging = new ArrayList<>();
    try (SystemClock clock = new SystemClock();
        Carriers carriers = Carriers.watch(clock)) {
      assertThat(carriers).isNotNull();
      for (int i = 0; i < usual * 3; i++) {
        Path pipe = pipe(i);
        pipes.add(pipe);
        // Nobody writes: the system call that opens it waits, and holds what carries it.
        hanging.add(Thread.ofVirtual().start(() -> read(pipe)));
      }

      try {
        CountDownLatch ran = new CountDownLatch(1);
        Thread.ofVirtual().start(ran::countDown);
        assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(scheduler.getParallelism()).isGreaterThan(usual);
      } finally {
        for (Path pipe : pipes) {
          // Opened for both, it waits for no reader; open until the last of them has come.
          writers.add(FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE));
          writers.getLast().write(ByteBuffer.wrap(new byte[] {1}));
        }
      }
      for (Thread thread : hanging) {
        assertThat(thread.join(LONG)).isTrue();
      }
      for (FileChannel writer : writers) {
        writer.close();
      }
      await().atMost(LONG).until(() -> scheduler.getParallelism() == usual);
    }
    assertThat(scheduler.getParallelism()).isEqualTo(usual);
  }

  private Path pipe(int number) throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe" + number);
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }

  private static void read(Path pipe) {
    try (InputStream in = Files.newInputStream(pipe)) {
      assertThat(in.read()).isEqualTo(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
