package io.cotidal.objects.mover;

/** Hears how far a pass has come. */
public interface Progress {
  /** Nobody listens. */
  Progress NONE = (reached, so) -> {};

  /**
   * Called by the pass itself after each object: it waits meanwhile.
   *
   * @param reached every name up to this one is done with; empty at the beginning
   * @param so what was done so far
   */
  void at(String reached, PassReport so);
}
