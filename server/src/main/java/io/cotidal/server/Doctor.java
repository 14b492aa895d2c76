package io.cotidal.server;

import java.util.List;

/**
 * Finds what is wrong around the control plane. Supplied by whoever wires it; called on a request's
 * own thread.
 */
public interface Doctor {
  /** A doctor who has nothing to look at. */
  Doctor NONE = List::of;

  /** Looks now; read-only. */
  List<Check> examine();

  /**
   * One thing looked at.
   *
   * @param name a stable word
   * @param ok whether all is well
   * @param sentence what was found
   * @param remedy what to do; empty if all is well
   */
  record Check(String name, boolean ok, String sentence, String remedy) {
    /** All is well. */
    public static Check well(String name, String sentence) {
      return new Check(name, true, sentence, "");
    }

    /** Something is wrong. */
    public static Check ill(String name, String sentence, String remedy) {
      return new Check(name, false, sentence, remedy);
    }
  }
}
