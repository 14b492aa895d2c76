package io.cotidal.objects.mover;

/** The deadline of a pass is over in the middle of a listing: it is to be left where it is. */
final class Stopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Stopped() {
    super("the deadline is over", null, false, false);
  }
}
