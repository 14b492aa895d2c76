package io.cotidal.directory.spec;

import io.cotidal.directory.graph.Node;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;

/**
 * A directory server, as configuration or a source names it.
 *
 * @param host name or address under which Cotidal and the other servers reach it
 * @param port for LDAP; 0 for the protocol's usual one
 * @param labels what else the source says of it: {@link #SITE}, {@link #ROLE}
 */
public record Server(MemberId id, String host, int port, Details labels) {
  /** The label that says where it stands. */
  public static final String SITE = "site";

  /** The label that says what it is in a topology with roles. */
  public static final String ROLE = "role";

  /** As a topology sees it. */
  public Node node() {
    return new Node(id, labels.get(SITE, ""), labels.get(ROLE, ""));
  }

  /** The port in use. */
  public int port(Security security) {
    return port == 0 ? security.usualPort() : port;
  }
}
