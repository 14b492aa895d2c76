package io.cotidal.objects.compat;

/** A file of Swift's that cannot be read. The message is one line that quotes no value. */
public final class UnreadableConf extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableConf(String file, int line, String reason) {
    super(file + (line > 0 ? ": line " + line : "") + ": " + reason, null, false, false);
  }
}
