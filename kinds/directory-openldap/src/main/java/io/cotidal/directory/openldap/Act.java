package io.cotidal.directory.openldap;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a step does on a server, and how its effect is found again. */
interface Act {
  /** The highest server id that slapd takes. */
  int HIGHEST = 4095;

  /** What changes the configuration: its numbers are given out, and its lists written, by one. */
  String CONFIGURATION = "configuration";

  /** Does it and reads its effect back. */
  Details act(Turn turn) throws LDAPException, InterruptedException, ActFailed;

  /** Says from the effect alone whether it is there. */
  Inspection inspect(Turn turn) throws LDAPException, InterruptedException, ActFailed;

  /**
   * Of which part of the server the stamp counts: acts on different parts run side by side. Empty
   * for what only reads.
   */
  String part(Servers.Order order);

  /** What another act of this process must not be at meanwhile; by default the same part. */
  default String room(Servers.Order order) {
    return part(order);
  }

  /** Ends an act with what its inspection found. */
  default Details proven(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    return switch (inspect(turn)) {
      case Inspection.Applied applied -> applied.evidence();
      case Inspection.NotApplied missing -> throw new ActFailed(missing.reason());
      case Inspection.Unknown unknown -> throw new ActFailed(unknown.reason());
    };
  }

  /**
   * What acts have in common.
   *
   * @param dial for trying the suppliers' account
   */
  record World(Realm realm, Lines lines, Dial dial, Rooms rooms) {}

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

    String argument(String name) {
      return order.step().arguments().need(name);
    }

    int id() throws ActFailed {
      String text = argument(Acts.ID);
      try {
        int id = Integer.parseInt(text);
        if (id >= 1 && id <= HIGHEST) {
          return id;
        }
      } catch (NumberFormatException e) {
        throw new ActFailed("'" + Printable.of(text) + "' is no server id");
      }
      throw new ActFailed("slapd takes no server id " + text + ": they go from 1 to " + HIGHEST);
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

    /** All members, and one that may not be named any more. */
    List<Server> known(Server one) {
      List<Server> all = new ArrayList<>(order.known());
      if (all.stream().noneMatch(each -> each.id().equals(one.id()))) {
        all.add(one);
      }
      return all;
    }

    Slapd slapd() throws LDAPException {
      return Slapd.read(session, realm());
    }

    Content content() throws LDAPException {
      return Content.read(session, realm());
    }

    /** Talks to another server. */
    <T> T elsewhere(Server other, Lines.Talk<T> talk) throws LDAPException, InterruptedException {
      return world.lines().with(other, deadline(), true, talk);
    }
  }
}
