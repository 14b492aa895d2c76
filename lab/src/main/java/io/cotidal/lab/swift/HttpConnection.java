package io.cotidal.lab.swift;

import io.cotidal.lab.swift.RawStream.Head;
import io.cotidal.remote.Deadline;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One client of {@link HttpFaults}, and its connection to the server: request after request. */
final class HttpConnection {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final HttpFaults faults;
  private final Socket client;
  private @Nullable Socket server;
  private @Nullable RawStream answers;

  HttpConnection(HttpFaults faults, Socket client) {
    this.faults = faults;
    this.client = client;
  }

  /** Serves until one of the two wants no more. */
  void serve() throws IOException, InterruptedException {
    RawStream in = new RawStream(client.getInputStream());
    boolean more = true;
    while (more) {
      Optional<Head> head = in.head();
      if (head.isEmpty()) {
        return;
      }
      String[] words = head.get().first().split(" ");
      more = become(faults.next(words[0], words[1]), head.get(), in);
    }
  }

  /** Resets both. */
  void reset() {
    for (Socket socket : new Socket[] {client, server}) {
      try {
        if (socket != null) {
          socket.setSoLinger(true, 0);
        }
      } catch (IOException e) {
        // It is closed already, which is what is wanted.
      }
    }
    close();
  }

  /** Closes both. */
  void close() {
    for (Socket socket : new Socket[] {client, server}) {
      try {
        if (socket != null) {
          socket.close();
        }
      } catch (IOException e) {
        // As closed as it can be.
      }
    }
  }

  private boolean become(HttpFault fault, Head head, RawStream in)
      throws IOException, InterruptedException {
    return switch (fault) {
      case HttpFault.None _ -> relay(head, in, Long.MAX_VALUE, client.getOutputStream());
      case HttpFault.Answered answered -> answer(answered.status(), head, in);
      case HttpFault.Reset _ -> throw new Cut();
      case HttpFault.Lost _ -> {
        relay(head, in, Long.MAX_VALUE, OutputStream.nullOutputStream());
        throw new Cut();
      }
      case HttpFault.RequestCut cut -> {
        relay(head, in, cut.bytes(), OutputStream.nullOutputStream());
        throw new Cut();
      }
      case HttpFault.AnswerCut cut -> {
        relay(head, in, Long.MAX_VALUE, new Counted(client.getOutputStream(), cut.bytes()));
        throw new Cut();
      }
      case HttpFault.Late late -> {
        Deadline.in(late.length()).pause(late.length());
        yield relay(head, in, Long.MAX_VALUE, client.getOutputStream());
      }
    };
  }

  private boolean answer(int status, Head head, RawStream in) throws IOException {
    boolean waits = head.header("Expect").isPresent();
    if (!waits) {
      body(head, in, OutputStream.nullOutputStream());
    }
    String text =
        "HTTP/1.1 "
            + status
            + " Fault\r\nContent-Length: 0\r\n"
            + (waits ? "Connection: close\r\n\r\n" : "\r\n");
    client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    return !waits;
  }

  /**
   * Sends a request on and its answer back.
   *
   * @param most bytes of the request's body
   * @param back where the answer goes; one that is counted gets the body counted only
   * @return whether another may follow
   */
  private boolean relay(Head head, RawStream in, long most, OutputStream back)
      throws IOException, InterruptedException {
    Socket to = server;
    RawStream from = answers;
    if (to == null || from == null) {
      to = faults.connect();
      from = new RawStream(to.getInputStream());
      server = to;
      answers = from;
    }
    OutputStream out = to.getOutputStream();
    out.write(head.bytes());
    Thread upload = Thread.ofVirtual().start(() -> upload(head, in, new Counted(out, most)));
    Head answer = next(from);
    while (answer.status() < 200) {
      heads(back).write(answer.bytes());
      answer = next(from);
    }
    heads(back).write(answer.bytes());
    boolean framed = true;
    if (RawHttp.bodied(head.first().split(" ")[0], answer.status())) {
      framed = body(answer, from, back);
    }
    back.flush();
    // The client's next request follows its body, so there is none before that has gone.
    return framed && upload.join(PATIENCE) && open(head) && open(answer);
  }

  private static OutputStream heads(OutputStream back) {
    return back instanceof Counted counted ? counted.all() : back;
  }

  private static boolean open(Head head) {
    return !head.first().contains("HTTP/1.0")
        && head.header("Connection").filter("close"::equalsIgnoreCase).isEmpty();
  }

  private static Head next(RawStream from) throws IOException {
    return from.head().orElseThrow(() -> new EOFException("the server ended without an answer"));
  }

  private void upload(Head head, RawStream in, OutputStream out) {
    try {
      if (head.chunked() || head.length() > 0) {
        body(head, in, out);
      }
    } catch (IOException e) {
      reset();
    }
  }

  /** Copies a body with its frame; false if only the end of the connection ends it. */
  private static boolean body(Head head, RawStream from, OutputStream to) throws IOException {
    if (head.chunked()) {
      from.copyChunks(to, true);
    } else if (head.length() >= 0) {
      from.copy(head.length(), to);
    } else if (head.first().startsWith("HTTP/")) {
      from.copyAll(to);
      return false;
    }
    return true;
  }

  /** The connections end here. */
  private static final class Cut extends IOException {
    private static final long serialVersionUID = 1L;

    Cut() {
      super("cut by the plan");
    }
  }

  /** Takes so many bytes and no more. */
  private static final class Counted extends FilterOutputStream {
    private long left;

    Counted(OutputStream out, long most) {
      super(out);
      this.left = most;
    }

    /** Past the count. */
    OutputStream all() {
      return out;
    }

    @Override
    public void write(int each) throws IOException {
      write(new byte[] {(byte) each}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      int taken = (int) Math.min(length, left);
      out.write(bytes, from, taken);
      left -= taken;
      if (taken < length) {
        throw new Cut();
      }
    }
  }
}
