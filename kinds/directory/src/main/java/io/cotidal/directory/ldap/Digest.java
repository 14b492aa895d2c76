package io.cotidal.directory.ldap;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchResultListener;
import com.unboundid.ldap.sdk.SearchResultReference;
import com.unboundid.ldap.sdk.SearchScope;
import io.cotidal.directory.plan.Acts;
import io.cotidal.model.Details;
import io.cotidal.model.Progress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a server holds, as one number. Each entry is hashed by itself, with its unique id, for two
 * members that gave one id to two entries look alike otherwise; the hashes are added up, so that
 * their order does not count and none need be kept.
 */
public final class Digest {
  private static final int TOLD = 10_000;

  private Digest() {}

  /**
   * Of what it is made.
   *
   * @param entries which entries below the suffix count
   * @param uniqueId the attribute that holds an entry's unique id
   */
  public record Part(String suffix, Filter entries, String uniqueId) {}

  /** Reads it all. Evidence as of {@link Acts#DIGEST_OF}. */
  public static Details of(Session session, Part part, Consumer<Progress> progress)
      throws LDAPException {
    Sum sum = new Sum(progress);
    session.search(
        new SearchRequest(
            sum,
            part.suffix(),
            SearchScope.SUB,
            DereferencePolicy.NEVER,
            0,
            0,
            false,
            part.entries(),
            SearchRequest.ALL_USER_ATTRIBUTES,
            part.uniqueId()));
    return sum.result();
  }

  /** Adds entries up. */
  private static final class Sum implements SearchResultListener {
    private static final long serialVersionUID = 1;
    private final transient MessageDigest hash = sha256();
    private final long[] parts = new long[4];
    private final transient Consumer<Progress> progress;
    private long entries;

    Sum(Consumer<Progress> progress) {
      this.progress = progress;
    }

    @Override
    public void searchEntryReturned(SearchResultEntry entry) {
      ByteBuffer one = ByteBuffer.wrap(hashed(entry));
      for (int i = 0; i < parts.length; i++) {
        parts[i] += one.getLong();
      }
      entries++;
      if (entries % TOLD == 0) {
        progress.accept(new Progress(entries, 0, "entries"));
      }
    }

    @Override
    public void searchReferenceReturned(SearchResultReference reference) {
      add("reference".getBytes(StandardCharsets.UTF_8));
      for (String each : reference.getReferralURLs()) {
        add(each.getBytes(StandardCharsets.UTF_8));
      }
      ByteBuffer one = ByteBuffer.wrap(hash.digest());
      for (int i = 0; i < parts.length; i++) {
        parts[i] += one.getLong();
      }
    }

    private byte[] hashed(SearchResultEntry entry) {
      add(name(entry).getBytes(StandardCharsets.UTF_8));
      TreeMap<String, byte[][]> attributes = new TreeMap<>();
      for (Attribute each : entry.getAttributes()) {
        byte[][] values = each.getValueByteArrays().clone();
        Arrays.sort(values, Arrays::compareUnsigned);
        attributes.put(each.getName().toLowerCase(Locale.ROOT), values);
      }
      attributes.forEach((name, values) -> {
        add(name.getBytes(StandardCharsets.UTF_8));
        hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, values.length));
        for (byte[] value : values) {
          add(value);
        }
      });
      return hash.digest();
    }

    /** With its length before it: or the border between two could be moved. */
    private void add(byte[] part) {
      hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
      hash.update(part);
    }

    private static String name(SearchResultEntry entry) {
      try {
        return entry.getParsedDN().toNormalizedString();
      } catch (LDAPException e) {
        // What cannot be read is compared as it is written.
        return entry.getDN();
      }
    }

    Details result() {
      ByteBuffer all = ByteBuffer.allocate(parts.length * Long.BYTES);
      for (long part : parts) {
        all.putLong(part);
      }
      return Details.of(Acts.ENTRIES, entries)
          .with(Acts.DIGEST, HexFormat.of().formatHex(sha256().digest(all.array())));
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java runtime has SHA-256", e);
      }
    }
  }
}
