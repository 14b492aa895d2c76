package io.cotidal.lab.swift;

import java.nio.charset.StandardCharsets;

/** An archive of one file, as old as archives are. */
public final class Tar {
  private static final int BLOCK = 512;

  private Tar() {}

  /**
   * Of that file.
   *
   * @param name at most 100 letters of ASCII
   * @param text in ASCII, at most 512 letters
   * @return a character a byte
   */
  public static String of(String name, String text) {
    StringBuilder head = new StringBuilder();
    head.append(padded(name, 100));
    head.append("0000644\0" + "0000000\0" + "0000000\0");
    head.append("%011o\0".formatted(text.length()));
    head.append("00000000000\0");
    int sum = 8 * ' ' + '0';
    for (byte each : head.toString().getBytes(StandardCharsets.ISO_8859_1)) {
      sum += each & 0xff;
    }
    head.append("%06o\0 ".formatted(sum)).append('0');
    return padded(head.toString(), BLOCK) + padded(text, BLOCK) + padded("", 2 * BLOCK);
  }

  private static String padded(String text, int length) {
    return text + "\0".repeat(length - text.length());
  }
}
