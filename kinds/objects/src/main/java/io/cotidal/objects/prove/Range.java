package io.cotidal.objects.prove;

import io.cotidal.objects.names.Encoded;

/**
 * Names from one to another, as a listing takes them.
 *
 * @param after names up to this one are outside; empty for the beginning
 * @param last the last one, included; empty if there is no end
 */
public record Range(String after, String last) {
  /** Whether a name lies in it. */
  public boolean has(String name) {
    return Encoded.compare(name, after) > 0 && (last.isEmpty() || Encoded.compare(name, last) <= 0);
  }
}
