package io.cotidal.copies.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a server's own certificate, without those of its authorities. */
final class Certificates {
  private static final String END = "-----END CERTIFICATE-----";

  private Certificates() {}

  /** The first certificate of a file, in PEM. */
  static String first(Path file) throws EngineException {
    try {
      String text = Files.readString(file);
      int begin = text.indexOf("-----BEGIN CERTIFICATE-----");
      int end = text.indexOf(END, Math.max(0, begin));
      if (begin < 0 || end < 0) {
        throw new EngineException(file + " holds no certificate");
      }
      return text.substring(begin, end + END.length()) + "\n";
    } catch (IOException e) {
      throw new EngineException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
