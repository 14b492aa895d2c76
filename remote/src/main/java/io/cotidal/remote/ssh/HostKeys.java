package io.cotidal.remote.ssh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The public keys by which one machine is known, each as {@code type base64}. There is no way to
 * have none.
 *
 * @param keys at least one
 */
public record HostKeys(List<String> keys) {
  private static final Pattern TYPE = Pattern.compile("(?:ssh|ecdsa|sk)-[a-z0-9@.-]{1,60}");
  private static final int STANDARD_PORT = 22;
  private static final String HASHED = "|1|";

  /** Copies the list. */
  public HostKeys {
    keys = List.copyOf(keys);
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("there is no host key");
    }
  }

  /**
   * The keys of {@code host} in lines of a known_hosts file. A line without names, {@code type
   * base64}, counts for every host. Lines with patterns and of authorities are passed over; a key
   * that is marked as revoked is left out.
   *
   * @throws IllegalArgumentException if no line holds a key of it
   */
  public static HostKeys of(List<String> lines, String host, int port) {
    String name = port == STANDARD_PORT ? host : "[" + host + "]:" + port;
    Set<String> found = new LinkedHashSet<>();
    Set<String> revoked = new LinkedHashSet<>();
    for (String line : lines) {
      String[] words = line.strip().split("\\s+");
      boolean marked = words[0].startsWith("@");
      if (words[0].startsWith("#") || words.length < 2) {
        continue;
      }
      List<String> rest = List.of(words).subList(marked ? 1 : 0, words.length);
      Optional<String> key = key(rest, name);
      if (key.isPresent() && !marked) {
        found.add(key.get());
      } else if (key.isPresent() && words[0].equals("@revoked")) {
        revoked.add(key.get());
      }
    }
    found.removeAll(revoked);
    if (found.isEmpty()) {
      throw new IllegalArgumentException("no line holds a key of " + name);
    }
    return new HostKeys(new ArrayList<>(found));
  }

  /** The types, in the order of the keys. */
  public List<String> types() {
    return keys.stream().map(key -> key.substring(0, key.indexOf(' '))).distinct().toList();
  }

  /** Whether the machine is known by that key, {@code type base64}. */
  public boolean holds(String key) {
    byte[] shown = key.getBytes(StandardCharsets.US_ASCII);
    return keys.stream()
        .anyMatch(known -> MessageDigest.isEqual(known.getBytes(StandardCharsets.US_ASCII), shown));
  }

  private static Optional<String> key(List<String> words, String name) {
    if (words.size() >= 2 && wellFormed(words.get(0), words.get(1))) {
      return Optional.of(words.get(0) + " " + words.get(1));
    }
    if (words.size() >= 3 && names(words.get(0), name) && wellFormed(words.get(1), words.get(2))) {
      return Optional.of(words.get(1) + " " + words.get(2));
    }
    return Optional.empty();
  }

  /** Whether the text is a key of that type: the type stands once more inside it. */
  static boolean wellFormed(String type, String text) {
    if (!TYPE.matcher(type).matches()) {
      return false;
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
      byte[] inside = new byte[type.length()];
      if (bytes.remaining() <= Integer.BYTES + inside.length || bytes.getInt() != inside.length) {
        return false;
      }
      bytes.get(inside);
      return new String(inside, StandardCharsets.US_ASCII).equals(type);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean names(String field, String name) {
    if (field.startsWith(HASHED)) {
      return hashes(field.substring(HASHED.length()), name);
    }
    return List.of(field.toLowerCase(Locale.ROOT).split(","))
        .contains(name.toLowerCase(Locale.ROOT));
  }

  private static boolean hashes(String field, String name) {
    String[] parts = field.split("\\|", -1);
    if (parts.length != 2) {
      return false;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[0]), "HmacSHA1"));
      byte[] sum = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
      return MessageDigest.isEqual(sum, Base64.getDecoder().decode(parts[1]));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // A line that nobody could have written for this host.
      return false;
    }
  }
}
