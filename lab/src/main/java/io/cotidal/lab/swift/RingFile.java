package io.cotidal.lab.swift;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/**
 * The ring of one device: every partition lies there, once. What {@code swift-ring-builder} would
 * make of it in half a second of a processor.
 *
 * @param port of the server that has the device
 */
record RingFile(int port) {
  private static final int POWER = 6;

  /** The file: version 1 of the form. */
  byte[] bytes() throws IOException {
    byte[] head =
        """
        {"byteorder": "little", "devs": [{"device": "%s", "id": 0, "ip": "127.0.0.1", "meta": "", \
        "port": %d, "region": 1, "replication_ip": "127.0.0.1", "replication_port": %d, \
        "weight": 100.0, "zone": 1}], "part_shift": %d, "replica_count": 1, "version": 2}\
        """
            .formatted(SwiftFiles.DEVICE, port, port, 32 - POWER)
            .getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(bytes))) {
      out.write("R1NG".getBytes(StandardCharsets.US_ASCII));
      out.writeShort(1);
      out.writeInt(head.length);
      out.write(head);
      // Two bytes a partition: the device's number, which is 0.
      out.write(new byte[2 << POWER]);
    }
    return bytes.toByteArray();
  }
}
