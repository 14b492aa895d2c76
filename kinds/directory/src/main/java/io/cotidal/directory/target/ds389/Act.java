package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.ldap.Dial;
import io.cotidal.directory.ldap.Lines;
import io.cotidal.directory.ldap.Printable;
import io.cotidal.directory.ldap.Rooms;
import io.cotidal.directory.ldap.Session;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.remote.Deadline;
import java.util.Optional;

/** What a step does on a server, and how its effect is found again. */
interface Act {

  /** Does it and reads its effect back. */
  Details act(Turn turn) throws LDAPException, InterruptedException, ActFailed;

  /** Says from the effect alone whether it is there. */
  Inspection inspect(Turn turn) throws LDAPException, InterruptedException, ActFailed;

  /**
   * Of which part of the server the stamp counts: acts on different parts run side by side. Empty
   * for what only reads.
   */
  String part(Servers.Order order);

  /**
   * Whether the whole act is done while nobody else changes this server's agreements. 389 DS does
   * not bear that: of two at once that stop, start or change one agreement, one may leave it
   * enabled with nobody who sends, and the server may crash.
   */
  default boolean alone() {
    return true;
  }

  /**
   * One attempt.
   *
   * @param server on which it is done
   * @param session to it
   */
  record Turn(Server server, Servers.Order order, Session session, World world) {
    Realm realm() {
      return world.realm();
    }

    Deadline deadline() {
      return session.deadline();
    }

    /** From here on nobody else changes the server's agreements, until it is closed. */
    Rooms.Held agreements() throws LDAPException, InterruptedException {
      return world.rooms().enter(server, "agreements", deadline());
    }

    String argument(String name) {
      return order.step().arguments().need(name);
    }

    int id() throws ActFailed {
      String text = argument(Acts.ID);
      try {
        int id = Integer.parseInt(text);
        if (id >= 1 && id <= 65_534) {
          return id;
        }
      } catch (NumberFormatException e) {
        throw new ActFailed("'" + Printable.of(text) + "' is no replica id");
      }
      throw new ActFailed("replica id " + text + " is not between 1 and 65534");
    }

    /** The server of a member, if it is still known, else at the host of the step. */
    Server server(String member) throws ActFailed {
      MemberId id = new MemberId(member);
      Optional<Server> found =
          order.known().stream().filter(one -> one.id().equals(id)).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      Optional<String> host = order.step().arguments().find(Acts.HOST);
      if (host.isEmpty()) {
        throw new ActFailed("nobody knows where member " + id + " is");
      }
      int port = Integer.parseInt(order.step().arguments().get(Acts.PORT, "0"));
      return new Server(id, host.get(), port, Details.NONE);
    }

    /** Talks to another server. */
    <T> T elsewhere(Server other, Lines.Talk<T> talk) throws LDAPException, InterruptedException {
      return world.lines().with(other, deadline(), true, talk);
    }
  }

  /**
   * What acts have in common.
   *
   * @param dial for trying the suppliers' account
   * @param rooms where acts keep one another out
   */
  record World(Realm realm, Lines lines, Dial dial, Facts facts, Rooms rooms) {}
}
