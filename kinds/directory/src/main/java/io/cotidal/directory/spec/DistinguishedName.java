package io.cotidal.directory.spec;

import com.unboundid.ldap.sdk.DN;

/** Checks distinguished names where people write them. */
public final class DistinguishedName {
  private static final int LONGEST = 1_000;

  private DistinguishedName() {}

  /** Whether the text is a distinguished name of at least one part, on one line. */
  public static boolean valid(String text) {
    return !text.isBlank()
        && text.length() <= LONGEST
        && text.chars().noneMatch(Character::isISOControl)
        && DN.isValidDN(text);
  }
}
