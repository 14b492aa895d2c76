package io.cotidal.sources.roll;

/** How a container or pod is reached. */
public enum Reference {
  /** By its address. */
  ADDRESS,
  /** By its name. */
  NAME
}
