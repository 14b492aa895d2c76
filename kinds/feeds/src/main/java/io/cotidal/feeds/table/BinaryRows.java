package io.cotidal.feeds.table;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/**
 * Rows as {@code COPY} writes them in text, turned into those that it reads in binary: the server
 * takes them with half the work. Whatever is not as {@code pg_dump} writes it is a {@link Doubt}:
 * then the server itself has to read the text.
 */
final class BinaryRows extends InputStream {
  private static final byte[] HEAD = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final int LONGEST = 8 << 20;

  private final InputStream text;
  private final List<Form> forms;
  private final Growing binary = new Growing();
  private byte[] buffer = new byte[1 << 17];
  private int at;
  private int end;
  private boolean over;

  BinaryRows(InputStream text, List<Form> forms) {
    this.text = text;
    this.forms = List.copyOf(forms);
    binary.put(HEAD, 0, HEAD.length);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (binary.length() < length && !over) {
      more();
    }
    return binary.length() == 0 ? -1 : binary.take(target, offset, length);
  }

  /** Reads on, and turns what rows are whole. */
  private void more() throws IOException {
    System.arraycopy(buffer, at, buffer, 0, end - at);
    end -= at;
    at = 0;
    if (end == buffer.length) {
      if (end >= LONGEST) {
        throw new Doubt("a row is longer than 8 MiB");
      }
      buffer = Arrays.copyOf(buffer, end * 2);
    }
    int read = text.read(buffer, end, buffer.length - end);
    if (read < 0) {
      if (end > 0) {
        throw new Doubt("the last row does not end");
      }
      binary.two(-1);
      over = true;
      return;
    }
    int from = end;
    end += read;
    int line = newline(from);
    while (line >= 0) {
      row(line);
      at = line + 1;
      line = newline(at);
    }
  }

  private int newline(int from) {
    for (int i = from; i < end; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void row(int line) throws Doubt {
    binary.two(forms.size());
    int from = at;
    for (int i = 0; i < forms.size(); i++) {
      int to = from;
      boolean escaped = false;
      while (to < line && buffer[to] != '\t') {
        escaped |= buffer[to] == '\\';
        to++;
      }
      if ((to == line) != (i == forms.size() - 1)) {
        throw new Doubt("a row has not as many fields as the table has columns");
      }
      field(forms.get(i), from, to, escaped);
      from = to + 1;
    }
  }

  private void field(Form form, int from, int to, boolean escaped) throws Doubt {
    if (escaped && to - from == 2 && buffer[from + 1] == 'N') {
      binary.four(-1);
      return;
    }
    if (escaped && !form.text()) {
      throw new Doubt("a value that is no text has a backslash");
    }
    int begun = binary.begin();
    if (!form.write(buffer, from, to, binary)) {
      throw new Doubt("a value is not written as pg_dump writes " + form);
    }
    binary.end(begun);
  }

  /** Rows that the server itself must read. */
  static final class Doubt extends IOException {
    private static final long serialVersionUID = 1;

    Doubt(String reason) {
      super(reason);
    }
  }
}
