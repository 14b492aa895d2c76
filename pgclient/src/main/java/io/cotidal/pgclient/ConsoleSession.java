package io.cotidal.pgclient;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One session with a console that speaks PostgreSQL's protocol and is no server, such as
 * pgbouncer's: simple queries, rows of texts. The driver cannot be used, for it sets parameters
 * that a console does not have. After an error that is none of the console's own answers the
 * session is broken. For one thread at a time.
 */
public final class ConsoleSession implements AutoCloseable {
  private static final int PROTOCOL = 196_608;
  private static final int LONGEST = 1 << 20;
  private static final int MOST_ROWS = 10_000;

  private final Socket socket = new Socket();
  private final long began = System.nanoTime();
  private DataInputStream in = new DataInputStream(InputStream.nullInputStream());
  private long end;
  private boolean broken;

  /** What came, by the letter of its kind. */
  private record Frame(char kind, ByteBuffer body) {}

  private ConsoleSession(Duration deadline) {
    this.end = began + deadline.toNanos();
  }

  /**
   * Logs in. The password goes by SCRAM or as a hash; a console that wants it in the clear is
   * refused.
   *
   * @throws PgException if that came to nothing within {@code deadline}
   */
  public static ConsoleSession open(Login login, Duration deadline) throws PgException {
    ConsoleSession session = new ConsoleSession(deadline);
    try {
      session.connect(login);
      session.authenticate(login);
      return session;
    } catch (IOException e) {
      session.close();
      throw session.trouble(e);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      session.close();
      throw strange();
    } catch (PgException e) {
      session.close();
      // It has let nobody in: whatever it said, nothing was done.
      throw e.trouble() instanceof Trouble.Rejected rejected
          ? new PgException(new Trouble.CannotTell("cannot log in: " + rejected.reason()))
          : e;
    }
  }

  /**
   * Runs one command.
   *
   * @return its rows, each by the columns' names; null values are left out
   * @throws PgException if the console refuses it, or does not answer in time
   */
  public List<Map<String, String>> run(String command, Duration deadline) throws PgException {
    end = System.nanoTime() + deadline.toNanos();
    try {
      send('Q', text(command));
      return rows();
    } catch (IOException e) {
      close();
      throw trouble(e);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      close();
      throw strange();
    }
  }

  private static PgException strange() {
    return new PgException(
        new Trouble.CannotTell("what answers does not speak PostgreSQL's protocol"));
  }

  /** Whether the session is of no more use. */
  public boolean broken() {
    return broken;
  }

  @Override
  public void close() {
    broken = true;
    try {
      socket.close();
    } catch (IOException e) {
      // There is nobody to say it to.
    }
  }

  private void connect(Login login) throws IOException {
    socket.connect(new InetSocketAddress(login.host(), login.port()), left());
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(ByteBuffer.allocate(4).putInt(PROTOCOL).array());
    for (String part : List.of("user", login.user(), "database", login.database())) {
      body.write(text(part));
    }
    body.write(0);
    socket.getOutputStream().write(framed(body.toByteArray()));
  }

  private void authenticate(Login login) throws IOException, PgException {
    PasswordProof proof = new PasswordProof(login);
    while (true) {
      Frame frame = next();
      if (frame.kind() == 'Z') {
        return;
      }
      if (frame.kind() == 'E') {
        throw rejected(frame.body());
      }
      if (frame.kind() == 'R') {
        byte[] answer = proof.answer(frame.body());
        if (answer.length > 0) {
          send('p', answer);
        }
      }
    }
  }

  private List<Map<String, String>> rows() throws IOException, PgException {
    List<String> columns = new ArrayList<>();
    List<Map<String, String>> rows = new ArrayList<>();
    PgException refusal = null;
    while (true) {
      Frame frame = next();
      switch (frame.kind()) {
        case 'T' -> columns = columns(frame.body());
        case 'D' -> rows.add(row(frame.body(), columns));
        case 'E' -> refusal = rejected(frame.body());
        case 'Z' -> {
          if (refusal != null) {
            throw refusal;
          }
          return rows;
        }
        default -> {
          // Notices and tags say nothing that anybody waits for.
        }
      }
      if (rows.size() > MOST_ROWS) {
        throw new IOException("the console answers without end");
      }
    }
  }

  private static List<String> columns(ByteBuffer body) {
    List<String> names = new ArrayList<>();
    int count = body.getShort();
    for (int i = 0; i < count; i++) {
      names.add(string(body));
      // Table, column, type, its size, its modifier, format.
      body.position(body.position() + 18);
    }
    return names;
  }

  private static Map<String, String> row(ByteBuffer body, List<String> columns) {
    Map<String, String> row = new LinkedHashMap<>();
    int count = body.getShort();
    for (int i = 0; i < count; i++) {
      int length = body.getInt();
      if (length > body.remaining()) {
        throw new BufferUnderflowException();
      }
      if (length >= 0) {
        byte[] value = new byte[length];
        body.get(value);
        if (i < columns.size()) {
          row.put(columns.get(i), new String(value, StandardCharsets.UTF_8));
        }
      }
    }
    return row;
  }

  private static PgException rejected(ByteBuffer body) {
    String state = "XX000";
    String message = "";
    while (body.hasRemaining()) {
      char field = (char) body.get();
      if (field == 0) {
        break;
      }
      String value = string(body);
      state = field == 'C' ? value : state;
      message = field == 'M' ? value : message;
    }
    return new PgException(new Trouble.Rejected(state, message.replaceAll("\\s+", " ")));
  }

  private static String string(ByteBuffer body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte next = body.get();
    while (next != 0) {
      bytes.write(next);
      next = body.get();
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private Frame next() throws IOException {
    socket.setSoTimeout(left());
    char kind = (char) in.readUnsignedByte();
    int length = in.readInt() - 4;
    if (length < 0 || length > LONGEST) {
      throw new IOException("what answers does not speak PostgreSQL's protocol");
    }
    byte[] body = new byte[length];
    int read = 0;
    while (read < length) {
      socket.setSoTimeout(left());
      int some = in.read(body, read, length - read);
      if (some < 0) {
        throw new EOFException();
      }
      read += some;
    }
    return new Frame(kind, ByteBuffer.wrap(body));
  }

  private void send(char kind, byte[] body) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(kind);
    frame.write(framed(body));
    socket.getOutputStream().write(frame.toByteArray());
  }

  private static byte[] framed(byte[] body) {
    return ByteBuffer.allocate(body.length + 4).putInt(body.length + 4).put(body).array();
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return java.util.Arrays.copyOf(bytes, bytes.length + 1);
  }

  private int left() throws SocketTimeoutException {
    long millis = (end - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException("no answer in time");
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }

  private PgException trouble(IOException e) {
    Trouble trouble =
        switch (e) {
          case SocketTimeoutException _ -> new Trouble.Silent(System.nanoTime() - began);
          case ConnectException refused ->
              new Trouble.Refused(String.valueOf(refused.getMessage()));
          case EOFException _ -> new Trouble.Refused("the console closed the session");
          default -> new Trouble.CannotTell(String.valueOf(e.getMessage()));
        };
    return new PgException(trouble);
  }
}
