package io.cotidal.app.reload;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A resource's configuration without its values, for comparison between daemons.
 *
 * @param digests a few digits of each value's digest, by key
 */
record Fingerprint(SortedMap<String, String> digests) {
  /** So many digits that two values differ in them, as far as anybody will see. */
  private static final int DIGITS = 16;

  /** Of the values that all daemons must have in common. */
  static Fingerprint of(Map<String, String> shared) {
    SortedMap<String, String> digests = new TreeMap<>();
    shared.forEach((key, value) -> digests.put(key, digest(value).substring(0, DIGITS)));
    return new Fingerprint(digests);
  }

  /** As {@link #keys} wrote it. */
  static Fingerprint parse(String keys) {
    SortedMap<String, String> digests = new TreeMap<>();
    keys.lines()
        .forEach(line -> {
          int blank = line.lastIndexOf(' ');
          digests.put(line.substring(0, Math.max(0, blank)), line.substring(blank + 1));
        });
    return new Fingerprint(digests);
  }

  /** A line each: key, blank, digits. */
  String keys() {
    return digests.entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue())
        .collect(Collectors.joining("\n"));
  }

  /** Of all of it. */
  String digest() {
    return digest(keys());
  }

  /** The keys that only one of them has, or that they have with different values. */
  SortedSet<String> differences(Fingerprint other) {
    SortedSet<String> keys = new TreeSet<>(digests.keySet());
    keys.addAll(other.digests.keySet());
    keys.removeIf(
        key -> digests.containsKey(key) && digests.get(key).equals(other.digests.get(key)));
    return keys;
  }

  private static String digest(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
