package io.cotidal.objects.placement;

/** So many objects with so many bytes. */
public record Amount(long objects, long bytes) {
  /** Nothing. */
  public static final Amount NONE = new Amount(0, 0);

  /** Both together. */
  public Amount plus(Amount other) {
    return new Amount(Math.addExact(objects, other.objects), Math.addExact(bytes, other.bytes));
  }

  /** The larger one of each. */
  Amount most(Amount other) {
    return new Amount(Math.max(objects, other.objects), Math.max(bytes, other.bytes));
  }

  /** What is left of this if {@code other} is there already. */
  Amount beyond(Amount other) {
    return new Amount(Math.max(0, objects - other.objects), Math.max(0, bytes - other.bytes));
  }
}
