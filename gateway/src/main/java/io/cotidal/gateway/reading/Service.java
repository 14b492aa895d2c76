package io.cotidal.gateway.reading;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.swift.AccountPage;
import io.cotidal.objects.swift.Swift;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import java.util.Map;
import java.util.Optional;

/** What we may do at sites as ourselves. Calls block. Thread-safe. */
public interface Service {
  /**
   * Our token there.
   *
   * @param stale one that the site takes no more; empty for whichever is known
   */
  Secret token(MemberId site, Optional<Secret> stale, Deadline deadline) throws SwiftTrouble;

  /** A page of an account's list there. */
  AccountPage page(MemberId site, String account, String query, Deadline deadline)
      throws SwiftTrouble;

  /** By those clients, one for each site. */
  static Service of(Map<MemberId, Swift> clients) {
    return new Service() {
      @Override
      public Secret token(MemberId site, Optional<Secret> stale, Deadline deadline)
          throws SwiftTrouble {
        return at(site).token(stale, deadline);
      }

      @Override
      public AccountPage page(MemberId site, String account, String query, Deadline deadline)
          throws SwiftTrouble {
        return at(site).accounts().page(account, query, deadline);
      }

      private Swift at(MemberId site) {
        Swift swift = clients.get(site);
        if (swift == null) {
          throw new IllegalArgumentException("the site " + site + " is not configured");
        }
        return swift;
      }
    };
  }
}
