package io.cotidal.objects.spec;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * One Swift, on its own: with its own rings, users and tokens.
 *
 * @param url where its proxy answers, up to the version: {@code https://swift.b.example/v1}
 * @param realmName how it is called in the realm; the member's name if nothing is said
 * @param identity as whom it is written to
 * @param role whether clients are served there
 * @param policies what a storage policy of another site is called here, if differently
 * @param authority certificates that we trust there beside the system's
 * @param gateway that stands before it, if one does
 */
public record Site(
    MemberId member,
    String url,
    String realmName,
    Identity identity,
    Role role,
    Map<String, String> policies,
    Optional<Path> authority,
    Optional<GatewayPlace> gateway) {
  /** Copies the map. */
  public Site {
    policies = Map.copyOf(policies);
  }

  /** Without a gateway. */
  public Site(
      MemberId member,
      String url,
      String realmName,
      Identity identity,
      Role role,
      Map<String, String> policies,
      Optional<Path> authority) {
    this(member, url, realmName, identity, role, policies, authority, Optional.empty());
  }

  /** The same, reached elsewhere. */
  public Site at(String other) {
    return new Site(member, other, realmName, identity, role, policies, authority, gateway);
  }

  /** What a site is for. */
  public enum Role {
    /** Clients read and write. */
    ACTIVE,
    /** It holds copies; the gateway there refuses clients until it is promoted. */
    BACKUP
  }

  /** As whom we come: an identity that may write in every account there. */
  public sealed interface Identity {
    /**
     * Tempauth.
     *
     * @param auth for example {@code https://swift.b.example/auth/v1.0}
     * @param user {@code account:user}, of the group {@code .reseller_admin}
     */
    record TempAuth(String auth, String user, Secret key) implements Identity {}

    /**
     * Keystone, version 3.
     *
     * @param auth for example {@code https://keystone.b.example/v3}
     */
    record Keystone(
        String auth,
        String user,
        String userDomain,
        String project,
        String projectDomain,
        Secret password)
        implements Identity {}
  }
}
