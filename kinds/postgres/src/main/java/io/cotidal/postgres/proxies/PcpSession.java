package io.cotidal.postgres.proxies;

import io.cotidal.postgres.spec.Proxy;
import io.cotidal.remote.Deadline;
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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * One session with Pgpool-II's control port. A message is a letter, the length of what follows with
 * itself, and texts that end with a zero; several answers may come before the last one. After any
 * error the session is broken. For one thread at a time.
 */
final class PcpSession implements AutoCloseable {
  private static final int LONGEST = 1 << 20;
  private static final int MOST = 10_000;
  private static final String LAST = "CommandComplete";

  private final Socket socket = new Socket();
  private DataInputStream in = new DataInputStream(InputStream.nullInputStream());
  private boolean broken;

  /**
   * A message.
   *
   * @param body its bytes, each as the character of that number
   */
  private record Frame(char kind, String body) {
    /** Its texts; what stands behind the last zero is left out. */
    List<String> texts() {
      List<String> texts = new ArrayList<>();
      int from = 0;
      for (int to = body.indexOf('\0'); to >= 0; to = body.indexOf('\0', from)) {
        byte[] bytes = body.substring(from, to).getBytes(StandardCharsets.ISO_8859_1);
        texts.add(new String(bytes, StandardCharsets.UTF_8));
        from = to + 1;
      }
      return texts;
    }
  }

  private PcpSession() {}

  /** Logs in. The password itself is not sent. */
  static PcpSession open(Proxy.Console console, Deadline deadline) throws ProxyTrouble {
    PcpSession session = new PcpSession();
    long began = System.nanoTime();
    try {
      session.connect(console, deadline);
      session.logIn(console, deadline);
      return session;
    } catch (IOException e) {
      session.close();
      throw trouble(e, began);
    } catch (ProxyTrouble e) {
      session.close();
      throw e;
    }
  }

  private void connect(Proxy.Console console, Deadline deadline) throws IOException {
    socket.connect(new InetSocketAddress(console.host(), console.port()), left(deadline));
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  private void logIn(Proxy.Console console, Deadline deadline) throws IOException, ProxyTrouble {
    send('M', new byte[0]);
    Frame salt = next(deadline);
    if (salt.kind() != 'm' || salt.body().length() < 4) {
      throw ProxyTrouble.unclear("what answers does not speak Pgpool-II's pcp");
    }
    // What pcp.conf holds is the first of the three.
    String stored = md5(console.password().reveal().getBytes(StandardCharsets.UTF_8));
    String named = md5((stored + console.user()).getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream salted = new ByteArrayOutputStream();
    salted.writeBytes(named.getBytes(StandardCharsets.US_ASCII));
    salted.writeBytes(salt.body().substring(0, 4).getBytes(StandardCharsets.ISO_8859_1));
    ByteArrayOutputStream proof = new ByteArrayOutputStream();
    proof.writeBytes(text(console.user()));
    proof.writeBytes(text(md5(salted.toByteArray())));
    send('R', proof.toByteArray());
    Frame answer = next(deadline);
    if (answer.kind() != 'r' || !answer.texts().contains("AuthenticationOK")) {
      throw ProxyTrouble.unclear("cannot log in to its pcp as " + console.user());
    }
  }

  /**
   * Asks, or orders.
   *
   * @param answers the letter of the answers to it
   * @return for each answer its texts, without the first, which says what it is
   */
  List<List<String>> ask(char kind, char answers, byte[] body, Deadline deadline)
      throws ProxyTrouble {
    long began = System.nanoTime();
    try {
      send(kind, body);
      List<List<String>> all = new ArrayList<>();
      while (true) {
        Frame frame = next(deadline);
        List<String> texts = frame.texts();
        if (frame.kind() == 'E') {
          throw ProxyTrouble.rejected("pcp: " + message(texts));
        }
        if (frame.kind() == 'N') {
          continue;
        }
        if (frame.kind() != answers || texts.isEmpty() || all.size() > MOST) {
          throw ProxyTrouble.unclear("what answers does not speak Pgpool-II's pcp");
        }
        if (!texts.getFirst().equals("ArraySize") && texts.size() > 1) {
          all.add(texts.subList(1, texts.size()));
        }
        if (texts.getFirst().equals(LAST)) {
          return all;
        }
      }
    } catch (IOException e) {
      close();
      throw trouble(e, began);
    } catch (ProxyTrouble e) {
      close();
      throw e;
    }
  }

  /** A number as a question's body. */
  static byte[] number(int number) {
    return text(Integer.toString(number));
  }

  /** Each text begins with a letter that says what it is. */
  private static String message(List<String> texts) {
    String message = "";
    String detail = "";
    for (String each : texts) {
      message = each.startsWith("M") ? each.substring(1) : message;
      detail = each.startsWith("D") ? each.substring(1) : detail;
    }
    String whole = detail.isEmpty() ? message : message + ": " + detail;
    return whole.replaceAll("\\s+", " ").strip();
  }

  boolean broken() {
    return broken;
  }

  private Frame next(Deadline deadline) throws IOException {
    socket.setSoTimeout(left(deadline));
    char kind = (char) in.readUnsignedByte();
    int length = in.readInt() - 4;
    if (length < 0 || length > LONGEST) {
      throw new IOException("what answers does not speak Pgpool-II's pcp");
    }
    byte[] body = new byte[length];
    int read = 0;
    while (read < length) {
      socket.setSoTimeout(left(deadline));
      int some = in.read(body, read, length - read);
      if (some < 0) {
        throw new EOFException();
      }
      read += some;
    }
    return new Frame(kind, new String(body, StandardCharsets.ISO_8859_1));
  }

  private void send(char kind, byte[] body) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(body.length + 5);
    frame.put((byte) kind).putInt(body.length + 4).put(body);
    socket.getOutputStream().write(frame.array());
  }

  static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  private static int left(Deadline deadline) throws SocketTimeoutException {
    long millis = deadline.left().toMillis();
    if (millis <= 0) {
      throw new SocketTimeoutException("no answer in time");
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }

  private static ProxyTrouble trouble(IOException e, long began) {
    long waited = System.nanoTime() - began;
    return switch (e) {
      case SocketTimeoutException _ ->
          new ProxyTrouble(
              new ProxyTrouble.How.Silent(waited),
              "its pcp gave no answer within " + waited / 1_000_000 + " ms");
      case ConnectException refused ->
          new ProxyTrouble(
              new ProxyTrouble.How.Refused(), "its pcp: " + String.valueOf(refused.getMessage()));
      case EOFException _ -> ProxyTrouble.unclear("its pcp closed the session");
      default -> ProxyTrouble.unclear("its pcp: " + String.valueOf(e.getMessage()));
    };
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
}
