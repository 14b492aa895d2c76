package io.cotidal.directory.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Stamp;
import io.cotidal.remote.Deadline;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is particular to one vendor's servers of one directory. Thread-safe. */
public interface Dialect {
  /** The vendor's product, for people. */
  String name();

  /** On which end of an edge its agreement lies. */
  MemberId holder(Edge edge);

  /** One look, as {@link Servers#look}. */
  Observation<DirectoryFacts> look(Server server, List<Server> known, Deadline deadline);

  /** The newest stamp that a leader left on a server; {@link Stamp#NONE} if none did. */
  Stamp leader(Session session) throws LDAPException;

  /**
   * Leaves a leader's stamp on a server.
   *
   * @return null if it is there now; a newer one if the server has that
   */
  @Nullable Stamp lead(Session session, Stamp stamp) throws LDAPException;

  /** The same for one part of a server. */
  @Nullable Stamp enter(Session session, String part, Stamp stamp) throws LDAPException;

  /** How a step is done; empty if the vendor has no such act. */
  Optional<Deed> deed(Servers.Order order);

  /** What only this vendor's servers tell beforehand, as {@link Servers#preflight}. */
  Details preflight(Server server, DirectoryFacts facts);
}
