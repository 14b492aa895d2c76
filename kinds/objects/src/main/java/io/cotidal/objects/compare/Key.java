package io.cotidal.objects.compare;

import io.cotidal.objects.names.Encoded;

/**
 * What one verdict is about: an object, or one version of it.
 *
 * @param name of the object
 * @param version empty where listings are without versions
 */
public record Key(String name, String version) implements Comparable<Key> {
  /** The order of everything here: names as Swift lists them, then versions, the oldest first. */
  public static int compare(String name, String version, String otherName, String otherVersion) {
    int names = Encoded.compare(name, otherName);
    return names != 0 ? names : version.compareTo(otherVersion);
  }

  @Override
  public int compareTo(Key other) {
    return compare(name, version, other.name, other.version);
  }

  @Override
  public String toString() {
    return version.isEmpty() ? name : name + "@" + version;
  }
}
