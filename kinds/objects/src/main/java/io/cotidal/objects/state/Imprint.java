package io.cotidal.objects.state;

import io.cotidal.model.Secret;
import io.cotidal.objects.names.ContainerName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A container's state, fit to be kept and shown: in the place of a secret stands a mark that is
 * equal if the secrets are, and long enough for that alone.
 *
 * @param shown values by header in lower case
 */
public record Imprint(SortedMap<String, String> shown) {
  /** Of a container about which nothing is said. */
  public static final Imprint EMPTY = new Imprint(new TreeMap<>());

  /** Bytes of a mark: enough to tell two apart, too few to guess what it was made of. */
  private static final int MARK = 6;

  /** Copies the map. */
  public Imprint {
    shown = Collections.unmodifiableSortedMap(new TreeMap<>(shown));
  }

  /** The mark of a secret: it differs by container and header, so equal secrets are not told. */
  static String of(ContainerName container, String header, Secret secret) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : new String[] {container.toString(), header, secret.reveal()}) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return "secret:" + HexFormat.of().formatHex(digest.digest(), 0, MARK);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
