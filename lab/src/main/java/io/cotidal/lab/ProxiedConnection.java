package io.cotidal.lab;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One connection through the proxy: two pumps, each a reader and a writer with a bounded queue
 * between them.
 */
final class ProxiedConnection {
  private static final int QUEUE = 64;
  private static final int CHUNK = 8_192;

  private final Socket client;
  private final Socket server;
  private final Consumer<ProxiedConnection> ended;
  private final AtomicInteger openWays = new AtomicInteger(2);
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

  ProxiedConnection(Socket client, Socket server, Consumer<ProxiedConnection> ended) {
    this.client = client;
    this.server = server;
    this.ended = ended;
  }

  private record Chunk(ByteBuffer bytes, long readNanos) {
    boolean isEnd() {
      return !bytes.hasRemaining();
    }
  }

  /** Starts to pump; returns at once. */
  void run(Lane toServer, Lane toClient) throws SocketException {
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    pump(client, server, toServer);
    pump(server, client, toClient);
  }

  /** Ends both sides with a reset. */
  void reset() {
    for (Socket socket : new Socket[] {client, server}) {
      try {
        socket.setSoLinger(true, 0);
        socket.close();
      } catch (IOException e) {
        // It is closed already, which is what is wanted.
      }
    }
    threads.forEach(Thread::interrupt);
    ended.accept(this);
  }

  private void pump(Socket from, Socket to, Lane lane) {
    BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(QUEUE);
    start(() -> read(from, queue));
    start(() -> write(to, queue, lane));
  }

  private void start(Runnable work) {
    Thread thread = Thread.ofVirtual().unstarted(work);
    threads.add(thread);
    thread.start();
  }

  private void read(Socket from, BlockingQueue<Chunk> queue) {
    byte[] buffer = new byte[CHUNK];
    try {
      while (true) {
        int length = from.getInputStream().read(buffer);
        byte[] bytes = Arrays.copyOf(buffer, Math.max(length, 0));
        queue.put(new Chunk(ByteBuffer.wrap(bytes), System.nanoTime()));
        if (length < 0) {
          return;
        }
      }
    } catch (IOException e) {
      // A reset at one end is a reset at the other.
      reset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Socket to, BlockingQueue<Chunk> queue, Lane lane) {
    try {
      while (true) {
        Chunk chunk = queue.take();
        lane.await(chunk.readNanos());
        if (chunk.isEnd()) {
          to.shutdownOutput();
          wayEnded();
          return;
        }
        to.getOutputStream().write(chunk.bytes().array());
        lane.carry(chunk.bytes().capacity());
      }
    } catch (IOException e) {
      reset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void wayEnded() throws IOException {
    if (openWays.decrementAndGet() == 0) {
      client.close();
      server.close();
      ended.accept(this);
    }
  }
}
