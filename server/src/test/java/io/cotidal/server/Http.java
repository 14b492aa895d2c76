package io.cotidal.server;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that sends exactly the bytes that a test writes down. */
final class Http {
  private final int port;
  private final Map<String, String> headers = new LinkedHashMap<>();

  Http(int port) {
    this.port = port;
    headers.put("Host", "127.0.0.1:" + port);
    headers.put("Connection", "close");
  }

  /** A response; header names are lower-case. */
  static final class Response {
    private final int status;
    private final Map<String, String> headers;
    private final byte[] bytes;

    Response(int status, Map<String, String> headers, byte[] bytes) {
      this.status = status;
      this.headers = headers;
      this.bytes = bytes;
    }

    int status() {
      return status;
    }

    byte[] bytes() {
      return bytes;
    }

    String body() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    JsonNode json() {
      return JsonMapper.shared().readTree(bytes);
    }

    @Nullable String header(String name) {
      return headers.get(name.toLowerCase(Locale.ROOT));
    }

    String code() {
      String type = json().get("type").stringValue();
      return type.substring(type.lastIndexOf('/') + 1);
    }
  }

  /** The same client with a header set. */
  Http with(String name, String value) {
    Http copy = new Http(port);
    copy.headers.putAll(headers);
    copy.headers.put(name, value);
    return copy;
  }

  /** The same client without a header. */
  Http without(String name) {
    Http copy = new Http(port);
    copy.headers.putAll(headers);
    copy.headers.remove(name);
    return copy;
  }

  Http bearer(String secret) {
    return with("Authorization", "Bearer " + secret);
  }

  Response get(String target) throws IOException {
    return send("GET", target, null);
  }

  Response post(String target, String json) throws IOException {
    return with("Content-Type", "application/json").send("POST", target, json);
  }

  Response delete(String target) throws IOException {
    return send("DELETE", target, null);
  }

  Response send(String method, String target, @Nullable String body) throws IOException {
    return raw(head(method, target, body) + (body == null ? "" : body));
  }

  String head(String method, String target, @Nullable String body) {
    StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    if (body != null) {
      int length = body.getBytes(StandardCharsets.UTF_8).length;
      text.append("Content-Length: ").append(length).append("\r\n");
    }
    return text.append("\r\n").toString();
  }

  /** Sends {@code text} as it is and reads one response. */
  Response raw(String text) throws IOException {
    try (Socket socket = open()) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      return read(socket.getInputStream(), !text.startsWith("HEAD"));
    }
  }

  Socket open() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    return socket;
  }

  static Response read(InputStream in, boolean withBody) throws IOException {
    String status = line(in);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (a, b) -> a + ", " + b);
    }
    byte[] body = new byte[0];
    if (withBody && headers.containsKey("content-length")) {
      body = in.readNBytes(Integer.parseInt(headers.get("content-length")));
    } else if (withBody && headers.containsKey("transfer-encoding")) {
      body = chunks(in);
    }
    return new Response(Integer.parseInt(status.split(" ")[1]), headers, body);
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = size(in); size > 0; size = size(in)) {
      body.write(in.readNBytes(size));
      line(in);
    }
    return body.toByteArray();
  }

  private static int size(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    for (; next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.write(next);
      }
    }
    if (line.size() == 0 && next < 0) {
      throw new EOFException("the connection ended");
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
