package io.cotidal.sources.roll;

import io.cotidal.model.MemberId;
import io.cotidal.model.Names;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The name of a member: the source's, else its host, with the port if one is said. In lower case;
 * the colons of an IPv6 address become hyphens; what is too long keeps its beginning, and the rest
 * becomes a checksum.
 */
public final class Naming {
  private static final int LONGEST = 63;
  private static final int CHECKSUM = 8;

  private Naming() {}

  /**
   * The name of a candidate.
   *
   * @throws NoAnswer if the source's name does not fit {@link Names}
   */
  public static MemberId of(Candidate candidate) throws NoAnswer {
    return candidate.name().isEmpty() ? of(candidate.address()) : of(candidate.name());
  }

  private static MemberId of(Address address) throws NoAnswer {
    String host = address.host().replace(':', '-');
    return of(address.port() == 0 ? host : host + "-" + address.port());
  }

  private static MemberId of(String text) throws NoAnswer {
    String name = shortened(text.toLowerCase(Locale.ROOT));
    if (!Names.valid(name)) {
      throw new NoAnswer(
          "a member is called "
              + Words.quote(text)
              + ": use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit");
    }
    return new MemberId(name);
  }

  private static String shortened(String name) {
    if (name.length() <= LONGEST) {
      return name;
    }
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return name.substring(0, LONGEST - CHECKSUM - 1)
          + "-"
          + HexFormat.of().formatHex(sum).substring(0, CHECKSUM);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
