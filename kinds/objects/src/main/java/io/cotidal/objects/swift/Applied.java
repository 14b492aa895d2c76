package io.cotidal.objects.swift;

/** What became of a write that keeps its time. */
public enum Applied {
  /** The site has it now. */
  DONE,
  /** The site has the same write or a later one, and keeps that. */
  OLDER,
  /** There was nothing to delete; that it was deleted then is remembered all the same. */
  NOTHING_THERE
}
