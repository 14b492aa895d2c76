package io.cotidal.objects.agree;

/** What the entries of our files begin with. */
final class Kind {
  static final int HEADER = 1;
  static final int ROW = 2;
  static final int DROP = 3;
  static final int CURSOR = 4;
  static final int FINISH = 5;
  static final int DELETION = 6;
  static final int END = 7;

  private Kind() {}
}
