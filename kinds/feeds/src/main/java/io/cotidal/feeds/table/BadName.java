package io.cotidal.feeds.table;

/** A statement names what it must not; its message may be shown. */
final class BadName extends BadDump {
  private static final long serialVersionUID = 1;

  BadName(String reason) {
    super(reason);
  }
}
