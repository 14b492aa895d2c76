package io.cotidal.lab.geoserver;

import java.nio.charset.StandardCharsets;

/** What is sent back. */
record Answer(int status, String type, Bytes body) {
  /** The body. */
  static final class Bytes {
    private final byte[] all;

    Bytes(byte[] all) {
      this.all = all;
    }

    byte[] all() {
      return all;
    }
  }

  static Answer of(int status, String type, byte[] body) {
    return new Answer(status, type, new Bytes(body));
  }

  static Answer text(int status, String text) {
    return of(status, "text/plain", text.getBytes(StandardCharsets.UTF_8));
  }

  static Answer xml(int status, String text) {
    return of(status, "application/xml", text.getBytes(StandardCharsets.UTF_8));
  }

  static Answer json(Object tree) {
    return of(200, "application/json", tree.toString().getBytes(StandardCharsets.UTF_8));
  }

  static Answer done() {
    return text(200, "");
  }

  static Answer created(String name) {
    return text(201, name);
  }
}
