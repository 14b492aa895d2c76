package io.cotidal.lab.swift;

import io.cotidal.model.Secret;
import java.util.List;

/**
 * Somebody whom a site's tempauth knows.
 *
 * @param account the account of the login; the storage account is {@code AUTH_} and this; neither
 *     this nor {@code user} has an underscore
 * @param user the name in it
 * @param key the password
 * @param groups what it may do: {@code .admin} owns the account, {@code .reseller_admin} every one;
 *     with none it may do what access lists let it
 */
public record SwiftLogin(String account, String user, Secret key, List<String> groups) {
  /** Owns {@code AUTH_test}. */
  public static final SwiftLogin TESTER = of("test", "tester", "testing", ".admin");

  /** Another owner of {@code AUTH_test}. */
  public static final SwiftLogin TESTER2 = of("test", "tester2", "testing2", ".admin");

  /** Has no rights in {@code AUTH_test} but those of access lists. */
  public static final SwiftLogin TESTER3 = of("test", "tester3", "testing3");

  /** Owns {@code AUTH_test2}. */
  public static final SwiftLogin OTHER = of("test2", "tester2", "testing2", ".admin");

  /** May do everything in every account. */
  public static final SwiftLogin RESELLER =
      of("admin", "admin", "admin-of-the-lab", ".admin", ".reseller_admin");

  /** Copies the list. */
  public SwiftLogin {
    groups = List.copyOf(groups);
  }

  /** With a password in the clear, as tests have them. */
  public static SwiftLogin of(String account, String user, String key, String... groups) {
    return new SwiftLogin(account, user, new Secret(key), List.of(groups));
  }

  /** Those above, whom every site knows. */
  static List<SwiftLogin> usual() {
    return List.of(TESTER, TESTER2, TESTER3, OTHER, RESELLER);
  }

  /** As whom it asks for a token; also its S3 access key. */
  public String name() {
    return account + ":" + user;
  }

  /** The account that its token is for. */
  public String storageAccount() {
    return "AUTH_" + account;
  }
}
