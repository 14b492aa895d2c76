package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import io.cotidal.directory.observe.Credentials;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.MemberId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What one directory is called on its servers: its suffix, our own entry, our mark.
 *
 * <p>The mark, {@code cotidal RESOURCE}, stands in an agreement's description, and behind it a
 * fingerprint of the password that the agreement was given with it. So a look tells whether that is
 * the configured one, though nobody can read it. The fingerprint is half of a slow hash of the
 * password, salted with resource and account; who can read it can read the password itself, which
 * the server keeps beside it in a form that it can undo.
 */
final class Realm {
  private static final String MADE = "cotidal-";
  private static final int ROUNDS = 100_000;
  private static final int BITS = 128;
  private static final int SHOWN = 8;
  private static final Pattern MARK =
      Pattern.compile("cotidal ([a-z0-9][a-z0-9._-]*)(?: ([0-9a-f]{16}))?(?: fill=([0-9]{1,18}))?");

  private final DirectorySpec spec;
  private final String mark;
  private volatile @Nullable String fingerprint;

  Realm(DirectorySpec spec) {
    this.spec = spec;
    this.mark = "cotidal " + spec.id().name();
  }

  DirectorySpec spec() {
    return spec;
  }

  String suffix() {
    return spec.suffix();
  }

  /** Our entry on each server; below it lie the stamps. */
  String own() {
    return new RDN(Words.NAME, mark) + "," + Words.CONFIG;
  }

  /** The value that names our entry. */
  String mark() {
    return mark;
  }

  /** What our description of an agreement says, with the password given just now. */
  String description() {
    return mark + " " + fingerprint();
  }

  /** The same, of an agreement over which that operation fills the consumer. */
  String filling(long operation) {
    return description() + " fill=" + operation;
  }

  /** Whether a description bears our mark. */
  boolean ours(@Nullable String description) {
    Matcher matcher = MARK.matcher(description == null ? "" : description);
    return matcher.matches() && matcher.group(1).equals(spec.id().name());
  }

  /** Whether an agreement with our description says that this operation began to fill over it. */
  boolean filledBy(@Nullable String description, long operation) {
    Matcher matcher = MARK.matcher(description == null ? "" : description);
    return matcher.matches() && Long.toString(operation).equals(matcher.group(3));
  }

  /** What a description with our mark says of the password. */
  Credentials credentials(@Nullable String description) {
    Matcher matcher = MARK.matcher(description == null ? "" : description);
    if (!matcher.matches() || matcher.group(2) == null) {
      return Credentials.UNKNOWN;
    }
    return matcher.group(2).equals(fingerprint()) ? Credentials.CURRENT : Credentials.OTHER;
  }

  /** Slow on purpose, so it is made once. */
  String fingerprint() {
    String known = fingerprint;
    if (known == null) {
      known = hashed();
      fingerprint = known;
    }
    return known;
  }

  private String hashed() {
    String salt = mark + "\n" + spec.replication().bindDn();
    char[] password = spec.replication().password().reveal().toCharArray();
    if (password.length == 0) {
      return "0".repeat(2 * SHOWN);
    }
    PBEKeySpec key = new PBEKeySpec(password, salt.getBytes(StandardCharsets.UTF_8), ROUNDS, BITS);
    try {
      byte[] hash =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(key).getEncoded();
      return HexFormat.of().formatHex(hash, 0, SHOWN);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has PBKDF2", e);
    } finally {
      key.clearPassword();
      Arrays.fill(password, ' ');
    }
  }

  /** Whether the suppliers' account lies in the configuration, not among the data. */
  boolean accountInConfig() {
    try {
      return new DN(spec.replication().bindDn()).isDescendantOf(new DN(Words.CONFIG), false);
    } catch (LDAPException e) {
      // Checked when the directory was configured.
      return false;
    }
  }

  /** What an agreement to a member is called. */
  static String agreement(MemberId to) {
    return MADE + to;
  }

  /** Whether an agreement has a name that we give. */
  static boolean named(String agreement) {
    return agreement.startsWith(MADE);
  }

  /** The port that suppliers use to reach a server. */
  int port(Server to) {
    int fixed = spec.replication().port();
    return fixed == 0 ? to.port(spec.replication().security()) : fixed;
  }

  /** The server's word for how its suppliers are protected. */
  static String transport(Security security) {
    return switch (security) {
      case PLAIN -> "LDAP";
      case STARTTLS -> "TLS";
      case LDAPS -> "SSL";
    };
  }

  /** What that word means; null if it is not known. */
  static @Nullable Security security(@Nullable String word) {
    return switch (word == null ? "LDAP" : word.toUpperCase(Locale.ROOT)) {
      case "LDAP" -> Security.PLAIN;
      case "TLS", "STARTTLS" -> Security.STARTTLS;
      case "SSL", "LDAPS" -> Security.LDAPS;
      default -> null;
    };
  }

  /** Whether two texts are one DN, however they are written. */
  static boolean same(String one, String other) {
    try {
      return DN.equals(one, other);
    } catch (LDAPException e) {
      // What is no DN is at most the same text.
      return one.equalsIgnoreCase(other);
    }
  }

  /** Whether that is our suffix, in quotes or not. */
  boolean isSuffix(@Nullable String text) {
    if (text == null) {
      return false;
    }
    boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return same(quoted ? text.substring(1, text.length() - 1) : text, suffix());
  }
}
