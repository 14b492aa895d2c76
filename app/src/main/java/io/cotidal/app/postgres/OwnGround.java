package io.cotidal.app.postgres;

import io.cotidal.app.config.StorePlace;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.server.Doctor;
import io.cotidal.store.PostgresAddress;
import java.util.List;

/** Whether Cotidal saws at the branch on which it sits: its store in a server that it manages. */
public final class OwnGround {
  private OwnGround() {}

  /** One finding for each member that is the store's server. */
  public static List<Doctor.Check> checks(StorePlace store, PostgresSpec cluster) {
    if (!(store instanceof StorePlace.Server server)) {
      return List.of();
    }
    PostgresAddress address = server.address();
    return cluster.servers().stream()
        .filter(member ->
            member.port() == address.port() && plain(member.host()).equals(plain(address.host())))
        .map(member ->
            Doctor.Check.ill(
                cluster.id() + "/" + member.id(),
                "it is the server of Cotidal's own store: when it is gone, nobody can replace it",
                "put the store on a server that Cotidal does not manage"))
        .toList();
  }

  private static String plain(String host) {
    return host.equals("localhost") || host.equals("::1") ? "127.0.0.1" : host;
  }
}
