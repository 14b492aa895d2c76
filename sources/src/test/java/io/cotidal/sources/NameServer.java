package io.cotidal.sources;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A name server of this test: what it is told, over UDP on loopback. */
final class NameServer implements AutoCloseable {
  private static final Map<Integer, String> TYPES = Map.of(1, "A", 28, "AAAA", 33, "SRV");

  private final DatagramSocket socket;

  /** Values by type and name: {@code A ldap.test}. */
  final Map<String, List<String>> records = new ConcurrentHashMap<>();

  /** The response code of each answer: 0 for as the records are. */
  volatile int code;

  /** Whether questions are read and not answered. */
  volatile boolean silent;

  NameServer() throws IOException {
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::serve);
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  private void serve() {
    byte[] buffer = new byte[1500];
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        if (!silent) {
          byte[] answer = answer(buffer);
          socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  private byte[] answer(byte[] question) throws IOException {
    StringBuilder name = new StringBuilder();
    int at = 12;
    while (question[at] != 0) {
      name.append(name.isEmpty() ? "" : ".")
          .append(new String(question, at + 1, question[at], StandardCharsets.US_ASCII));
      at += question[at] + 1;
    }
    String type =
        TYPES.getOrDefault(((question[at + 1] & 0xff) << 8) | (question[at + 2] & 0xff), "");
    List<String> values = records.getOrDefault(type + " " + name, List.of());
    boolean exists = records.keySet().stream().anyMatch(key -> key.endsWith(" " + name));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(question, 0, 2);
    out.writeShort(0x8580 | (code != 0 ? code : exists ? 0 : 3));
    out.writeShort(1);
    out.writeShort(values.size());
    out.writeInt(0);
    out.write(question, 12, at + 5 - 12);
    for (String value : values) {
      out.writeShort(0xc00c);
      out.write(question, at + 1, 4);
      out.writeInt(0);
      byte[] data = data(type, value);
      out.writeShort(data.length);
      out.write(data);
    }
    return bytes.toByteArray();
  }

  private static byte[] data(String type, String value) throws IOException {
    if (!type.equals("SRV")) {
      return InetAddress.ofLiteral(value).getAddress();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    String[] words = value.split(" ");
    for (int i = 0; i < 3; i++) {
      out.writeShort(Integer.parseInt(words[i]));
    }
    for (String label : words[3].split("\\.")) {
      if (!label.isEmpty()) {
        out.writeByte(label.length());
        out.writeBytes(label);
      }
    }
    out.writeByte(0);
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    socket.close();
  }
}
